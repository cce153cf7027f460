import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
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

test.each([
  ['sd1-unet.gguf', 'unet'],
  ['sd1-clip_l.gguf', 'text_encoder'],
])('%s is offered as a part of a model', async (path, type) => {
  const file = gunzipSync(
    readFileSync(join(import.meta.dirname, `../../pipeline/golden/gguf-parts/${path}.gz`)),
  );
  hub.repos.set('test/part', { files: new Map([[path, file]]) });
  const access = { endpoint: hub.url, token: null };
  const offer = await lookUpModel(empty, 'test/part', access, false, new AbortController().signal);
  expect(offer).toMatchObject({ id: `test/part/${path}`, type });
});
