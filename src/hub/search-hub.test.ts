import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Hub } from '../../e2e/hub.mjs';
import { searchHub } from './search-hub.ts';

let hub: Hub;
beforeEach(async () => {
  hub = await Hub.start();
});
afterEach(() => hub.close());

const search = (words: string, token: string | null = null) =>
  searchHub({ endpoint: hub.url, token }, words, new AbortController().signal);

/** As the Hub lists it: the fields of huggingface_hub's ModelInfo (hf_api.py), and of ApiModelInfo in @huggingface/hub. */
const DREAMSHAPER = {
  _id: '6484d84aab9d84a4c84d9dd1',
  id: 'Lykon/dreamshaper-8',
  likes: 299,
  private: false,
  downloads: 64_021,
  gated: false,
  pipeline_tag: 'text-to-image',
  library_name: 'diffusers',
  tags: [
    ...[
      'diffusers',
      'safetensors',
      'stable-diffusion',
      'text-to-image',
      'en',
      'license:creativeml-openrail-m',
    ],
    ...['autotrain_compatible', 'endpoints_compatible', 'diffusers:StableDiffusionPipeline', 'region:us'],
  ],
  config: { diffusers: { _class_name: 'StableDiffusionPipeline' } },
  siblings: [{ rfilename: '.gitattributes' }, { rfilename: 'unet/diffusion_pytorch_model.safetensors' }],
  usedStorage: 8_000_000_000,
};

test('a search asks for models that paint by the words in their names, and reads what the list says', async () => {
  hub.listed = [
    DREAMSHAPER,
    { ...DREAMSHAPER, id: 'Lykon/dreamshaper-inpainting', pipeline_tag: 'image-to-image' },
    { id: 'someone/dreamshaper-lora', pipeline_tag: 'text-to-image', gated: 'auto', tags: ['lora'] },
  ];
  expect(await search('DreamShaper')).toEqual([
    {
      id: 'Lykon/dreamshaper-8',
      downloads: 64_021,
      isGated: false,
      licence: 'creativeml-openrail-m',
      tags: DREAMSHAPER.tags,
      pipelineClass: 'StableDiffusionPipeline',
      paths: ['.gitattributes', 'unet/diffusion_pytorch_model.safetensors'],
      storedBytes: 8_000_000_000,
    },
    {
      ...{ id: 'someone/dreamshaper-lora', downloads: 0, isGated: true, licence: null, tags: ['lora'] },
      ...{ pipelineClass: null, paths: null, storedBytes: null },
    },
  ]);
  const [asked] = hub.searches;
  expect([...(asked ?? [])]).toEqual([
    ['search', 'DreamShaper'],
    ['pipeline_tag', 'text-to-image'],
    ['sort', 'downloads'],
    ['limit', '40'],
    ...['downloads', 'gated', 'tags', 'config', 'siblings', 'usedStorage'].map((name) => ['expand', name]),
  ]);
});

test('the class of the pipeline is read from the tags where the list has no config, and no entry spoils the others', async () => {
  hub.listed = [
    { ...DREAMSHAPER, config: undefined },
    { ...DREAMSHAPER, id: 'dreamshaper without an owner' },
    { ...DREAMSHAPER, downloads: 'many' },
    { ...DREAMSHAPER, config: { diffusers: [] }, usedStorage: -1 },
  ];
  const found = await search('dreamshaper');
  expect(found.map(({ pipelineClass, storedBytes }) => [pipelineClass, storedBytes])).toEqual([
    ['StableDiffusionPipeline', 8_000_000_000],
    ['StableDiffusionPipeline', null],
  ]);
  expect(await search('no such words')).toEqual([]);
});

test('words are sent as they are, whatever they hold', async () => {
  await search('a&limit=1#b c/ü');
  expect(hub.searches[0]?.get('search')).toBe('a&limit=1#b c/ü');
});

test.each([
  [429, '{"error":"Too many requests"}', '429'],
  [500, '', '500'],
  [200, '<!doctype html><p>Sign in', 'not-json'],
  [200, '{"error":"no list"}', 'unexpected-response'],
  [200, '[1, "two", {"id": 3}]', 'unexpected-response'],
])('an answer of %i with %j is named', async (status, body, expected) => {
  hub.searchFault = { status, body };
  await expect(search('cat')).rejects.toMatchObject({
    code: 'download-failed',
    details: { file: new URL(hub.url).host, status: expected },
  });
});

test('a token that is refused, and a server that is not there, are named', async () => {
  await expect(search('cat', 'hf_expired')).rejects.toMatchObject({ code: 'token-refused' });
  vi.spyOn(globalThis, 'fetch').mockRejectedValueOnce(new TypeError('Failed to fetch'));
  await expect(search('cat')).rejects.toMatchObject({
    code: 'download-failed',
    details: { status: 'no-response' },
  });
});
