import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, expect, test, vi } from 'vitest';
import type { Library } from '../hub/library.ts';
import { REQUEST_DEFAULTS } from '../protocol/generation.ts';
import type { EntryType } from '../protocol/models.ts';
import { choiceKey, findModel, type ModelPlaces } from './find-model.ts';

const places: ModelPlaces = {
  root: new URL('http://localhost/app/'),
  openLibrary: () => Promise.reject(new Error('A bundled model is not in the library.')),
};

afterEach(() => {
  vi.unstubAllGlobals();
});

test('a bundled model is read from its folder beside the page, and its files when they are needed', async () => {
  const requested: string[] = [];
  vi.stubGlobal('fetch', async (input: Request | URL | string) => {
    requested.push(new Request(input).url);
    return new Response('{"files": []}', { headers: { 'content-type': 'application/json' } });
  });
  const { source, previewVae } = await findModel({ ...REQUEST_DEFAULTS, model: 'trinket' }, places);
  expect(requested).toEqual(['http://localhost/app/models/trinket/manifest.json']);
  expect(source.files.has('unet/config.json')).toBe(false);
  expect(previewVae).toBeNull();
});

test('a bundled model never changes, so its key is its name', async () => {
  const key = await choiceKey({ ...REQUEST_DEFAULTS, model: 'trinket' }, places);
  expect(JSON.parse(key)).toEqual(['trinket', null, null, null, null]);
});

const GOLDEN = join(import.meta.dirname, '../pipeline/golden');
const unpacked = (path: string) => new Blob([gunzipSync(readFileSync(join(GOLDEN, path)))]);

/** Rows of one file each, which alone make a library. */
function libraryOf(...rows: readonly (readonly [type: EntryType, path: string])[]): ModelPlaces {
  const installed = async (id: string) => {
    const [type, path] = rows.find((row) => row[1] === id) ?? [];
    return { id, type, className: '', facts: null, files: [{ path: path?.split('/').at(-1), oid: id }] };
  };
  const files = ({ id }: { id: string }) => ({ has: () => true, file: async () => unpacked(`${id}.gz`) });
  const library = { installed, files, touch: async () => {} } as unknown as Library;
  return { ...places, openLibrary: async () => library };
}

test('a UNet and a text encoder alone in a file take the place of the model’s own', async () => {
  vi.stubGlobal('fetch', async () => new Response('{"files": []}'));
  const [model, unet, first, second] = [
    'single-file/sdxl.safetensors',
    ...['gguf-parts/sdxl-unet.gguf', 'gguf-parts/sd1-clip_l.gguf', 'gguf-parts/sdxl-clip_g.gguf'],
  ] as const;
  const sdxl = libraryOf(['model', model], ['unet', unet as string], ['text_encoder', second as string]);
  const choice = { ...REQUEST_DEFAULTS, model };
  const own = (await findModel(choice, sdxl)).source;
  const { source } = await findModel(
    { ...choice, unet: unet as string, textEncoder: second as string },
    sdxl,
  );
  const paths = async (from: typeof source, component: string) =>
    new Set([...(await from.tensors(component)).values()].map(({ path }) => path.split('/')[0]));
  expect(await paths(source, 'unet')).toEqual(new Set(['sdxl-unet.gguf']));
  expect(await paths(source, 'text_encoder')).toEqual(new Set(['sdxl.safetensors']));
  expect(await paths(source, 'text_encoder_2')).toEqual(new Set(['sdxl-clip_g.gguf']));
  // What no tensor of a UNet tells is the model's.
  expect(await source.files.json('unet/config.json')).toEqual(await own.files.json('unet/config.json'));

  const sd1 = 'single-file/sd1.safetensors';
  const others = libraryOf(
    ['model', sd1],
    ['text_encoder', first as string],
    ['text_encoder', second as string],
  );
  const swapped = await findModel({ ...REQUEST_DEFAULTS, model: sd1, textEncoder: first as string }, others);
  expect(await paths(swapped.source, 'text_encoder')).toEqual(new Set(['sd1-clip_l.gguf']));
  // Stable Diffusion 1 has no second one.
  const wrong = findModel({ ...REQUEST_DEFAULTS, model: sd1, textEncoder: second as string }, others);
  await expect(wrong).rejects.toMatchObject({
    code: 'unsupported-model',
    details: { kind: 'no-second-encoder' },
  });
});
