import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Hub } from '../../../e2e/hub.mjs';
import type { Library } from '../../hub/library.ts';
import { lookUpModel } from './look-up-model.ts';

let hub: Hub;
beforeEach(async () => {
  hub = await Hub.start();
  const lora = readFileSync(join(import.meta.dirname, '../../pipeline/golden/lora/kohya.safetensors'));
  const files = (...paths: readonly string[]) =>
    new Map(paths.map((path) => [path, path.endsWith('.safetensors') ? lora : Buffer.from(path)]));
  hub.repos.set('test/adapter', {
    files: files('README.md', 'adapter_config.json', 'adapter_model.safetensors'),
  });
  hub.repos.set('test/two', {
    files: files(
      ...['unet/adapter_config.json', 'unet/adapter_model.safetensors'],
      ...['text_encoder/adapter_config.json', 'text_encoder/adapter_model.safetensors', 'other.safetensors'],
    ),
  });
});
afterEach(() => hub.close());

/** golden/ip_adapter.py's files lie as those of h94/IP-Adapter do. */
const IP_ADAPTER = join(import.meta.dirname, '../../pipeline/golden/ip-adapter');
const ipAdapters = (...paths: readonly string[]) =>
  new Map(paths.map((path) => [path, readFileSync(join(IP_ADAPTER, path))]));

/** Nothing is on this device yet. */
const empty = { store: { sizeOf: async () => 0 } } as unknown as Library;

test.each([
  ['test/adapter', 'adapter_model.safetensors', 'adapter_config.json'],
  ['test/two/unet/adapter_model.safetensors', 'unet/adapter_model.safetensors', 'unet/adapter_config.json'],
  ['test/two/other.safetensors', 'other.safetensors'],
])('with a LoRA by PEFT, %s, the settings beside it are downloaded', async (name, ...paths) => {
  const access = { endpoint: hub.url, token: null };
  const offer = await lookUpModel(empty, name, access, false, new AbortController().signal);
  expect(offer.files.map(({ path }) => path)).toEqual(paths);
  expect(offer.id.endsWith(paths[0] as string)).toBe(true);
});

describe('an IP-Adapter', () => {
  const [first, second] = ['models', 'sdxl_models'].map((folder) =>
    ['config.json', 'model.safetensors'].map((name) => `${folder}/image_encoder/${name}`),
  ) as [string[], string[]];
  const adapters = ['models/plain.safetensors', 'models/plain_vit-G.safetensors', 'sdxl_models/plus-xl_vit-h.safetensors'];
  beforeEach(() => {
    hub.repos.set('test/ip', { files: ipAdapters(...adapters, ...first, ...second) });
  });
  /** The small files of what is looked up, as they come. */
  const reading = () => {
    const files = new Map<string, Blob>();
    const store = {
      sizeOf: async () => 0,
      find: async (oid: string) => files.get(oid),
    };
    return { files, library: { store } as unknown as Library };
  };

  test.each([
    ['models/plain.safetensors', first],
    ['models/plain_vit-G.safetensors', second],
    ['sdxl_models/plus-xl_vit-h.safetensors', first],
  ])('%s comes with its image encoder', async (path, encoder) => {
    const access = { endpoint: hub.url, token: null };
    const { library, files } = reading();
    for (const config of [first[0], second[0]] as string[]) {
      const json = readFileSync(join(IP_ADAPTER, config));
      files.set(gitHash(json), new Blob([json]));
    }
    const offer = await lookUpModel(library, `test/ip/${path}`, access, false, new AbortController().signal);
    expect(offer).toMatchObject({ type: 'ip_adapter', id: `test/ip/${path}` });
    expect(offer.files.map((file) => file.path)).toEqual([path, ...encoder]);
  });

  test('of several in a repository one is to be named', async () => {
    const access = { endpoint: hub.url, token: null };
    const looking = lookUpModel(reading().library, 'test/ip', access, false, new AbortController().signal);
    const found = adapters.map((path) => `test/ip/${path}`).join(', ');
    await expect(looking).rejects.toMatchObject({ details: { kind: 'several-checkpoints', found } });
  });
});
