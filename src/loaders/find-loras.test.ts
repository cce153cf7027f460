import { expect, test } from 'vitest';
import { module, safetensors } from '../checkpoint/lora/samples/lora-files.ts';
import { readTextualInversion } from '../checkpoint/textual-inversion.ts';
import type { Library } from '../hub/library.ts';
import type { LoraTag } from '../prompt/lora-tags.ts';
import { findBundledEmbeddings } from './find-loras.ts';

const file = safetensors({ ...module('lora_unet_conv_in'), 'bundle_emb.sparkle.emb_params': [3, 8] });
const row = (label: string, complete = true) => ({ type: 'lora', complete, label, files: [{ path: label }] });
const library = {
  list: async () => [row('style'), row('half', false), { ...row('other'), type: 'model' }],
  files: () => ({ file: async () => file }),
} as unknown as Library;
const find = (...names: readonly string[]) =>
  findBundledEmbeddings(
    async () => library,
    names.map((name): LoraTag => ({ name, textEncoderWeight: 1, unetWeight: 1 })),
  );

test('the words inside a LoRA on this device are found without a model', async () => {
  const [embedding, ...more] = await find('missing', 'style');
  expect(more).toEqual([]);
  const read = await readTextualInversion(embedding?.token as string, embedding?.file as Blob);
  expect(read).toMatchObject({ token: 'sparkle', length: 3 });
});

test('what is absent, unfinished or no LoRA has none', async () => {
  expect(await find('missing', 'half', 'other')).toEqual([]);
  expect(await find()).toEqual([]);
});
