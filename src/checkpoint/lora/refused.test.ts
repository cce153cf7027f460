import { describe, expect, test } from 'vitest';
import { loraPlaces } from '../../loaders/lora-places.ts';
import type { Tensors } from '../weights.ts';
import { readLora } from './read-lora.ts';
import { DOWN, MODEL, module, PEFT, safetensors, TO_Q, UP } from './samples/lora-files.ts';

const read = (file: Blob, model: Readonly<Record<string, Tensors>> = MODEL) =>
  readLora({ name: 'mystyle', file }, loraPlaces(model));

describe('what the model has no place for is named, and the rest applied', () => {
  const both = ['conv_in.weight', 'conv_out.weight'];
  const rest = { ...module('lora_unet_conv_in'), ...module('lora_unet_conv_out') };
  test.each([
    [
      'a module it has not',
      module('lora_unet_down_blocks_7_conv'),
      'lora_unet_down_blocks_7_conv.lora_down.weight',
      1,
    ],
    [
      'a third text encoder',
      module('lora_te3_encoder_block_0'),
      'lora_te3_encoder_block_0.lora_down.weight',
      1,
    ],
    ['a key that means nothing', { 'some.thing': DOWN, other: DOWN }, 'some.thing', 2],
    ['another method', { 'unet.conv_in.oft_R.weight': DOWN }, 'unet.conv_in.oft_R.weight', 1],
    [
      'an alpha of nothing',
      { 'lora_unet_mid.alpha': 1, [`unet.${TO_Q}.alpha`]: 1 },
      'lora_unet_mid.alpha',
      2,
    ],
    [
      'another method with an alpha',
      { [`unet.${TO_Q}.oft_R.weight`]: DOWN, [`unet.${TO_Q}.alpha`]: 1 },
      `unet.${TO_Q}.oft_R.weight`,
      2,
    ],
    ['a bias where the model has none', { 'lora_unet_conv_in.diff_b': [6] }, 'lora_unet_conv_in.diff_b', 1],
  ])('%s', async (_, more, key, count) => {
    const file = safetensors({ ...rest, ...more });
    const { changes, notes } = await read(file);
    expect([...(changes.get('unet') ?? [])].map(([weight]) => weight)).toEqual(both);
    expect(notes).toEqual([{ kind: 'unused-keys', lora: 'mystyle', key, count }]);
  });

  test('but not where that is most of the file', async () => {
    const strange = ['a', 'b', 'c'].map((name) => module(`lora_unet_${name}`));
    const file = safetensors(Object.assign({}, rest, ...strange));
    await expect(read(file)).rejects.toMatchObject({ details: { kind: 'lora-of-other-model' } });
  });
});

describe('a file that is not a LoRA for this model is refused', () => {
  const MODULE = 'lora_unet_conv_in';
  test.each([
    ['an embedding', { emb_params: DOWN }, 'emb_params', /not a LoRA key/],
    ['another method', { 'unet.conv_in.boft_R': DOWN }, 'unet.conv_in.boft_R', /BOFT \(PEFT\)/],
    ['down without up', { [`${MODULE}.lora_down.weight`]: DOWN }, `${MODULE}.lora_down.weight`, /no partner/],
    ['up without down', { [`${MODULE}.lora_up.weight`]: UP }, `${MODULE}.lora_up.weight`, /no partner/],
    ['alpha alone', { [`${MODULE}.alpha`]: 1 }, `${MODULE}.alpha`, /not a LoRA key/],
    [
      'another method with an alpha',
      { [`${MODULE}.alpha`]: 1, [`${MODULE}.oft_R.weight`]: DOWN },
      `${MODULE}.oft_R.weight`,
      /OFT \(PEFT\)/,
    ],
    [
      'T-LoRA with its alpha',
      { [`${MODULE}.alpha`]: 1, [`${MODULE}.lambda_layer`]: DOWN },
      `${MODULE}.lambda_layer`,
      /T-LoRA/,
    ],
    ['DoRA alone', { [`${MODULE}.dora_scale`]: [6, 1] }, `${MODULE}.dora_scale`, /no partner/],
    [
      'an alpha that is not a number',
      { ...module(MODULE), [`${MODULE}.alpha`]: DOWN },
      `${MODULE}.alpha`,
      /a number/,
    ],
    [
      'another family’s block',
      module('lora_unet_double_blocks_0_img_attn_proj'),
      'lora_unet_double_blocks_0_img_attn_proj.lora_down.weight',
      /another kind of model/,
    ],
    [
      'a part under two names',
      { ...module(MODULE), [`${MODULE}.lora_A.weight`]: DOWN },
      `${MODULE}.lora_A.weight`,
      /contains both lora_unet_conv_in.lora_down.weight and/,
    ],
    [
      'two methods in one module',
      { ...module(MODULE), [`${MODULE}.diff`]: [6, 4] },
      `${MODULE}.lora_down.weight`,
      /changes conv_in.weight twice/,
    ],
  ])('because of %s', async (_, contents, key, message) => {
    const error = { code: 'unsupported-lora', message: expect.stringMatching(message) };
    await expect(read(safetensors(contents))).rejects.toMatchObject({
      ...error,
      details: { lora: 'mystyle', key },
    });
  });

  test('because it changes a second text encoder that the model lacks', async () => {
    const { unet, text_encoder } = MODEL;
    await expect(
      read(safetensors(module('lora_te2_text_projection')), { unet, text_encoder }),
    ).rejects.toMatchObject({ details: { kind: 'lora-of-other-model' } });
  });

  test('because it changes one module twice', async () => {
    const twice = { ...module(MODULE), ...module('unet.conv_in', PEFT) };
    await expect(read(safetensors(twice))).rejects.toThrow('mystyle changes conv_in.weight twice.');
  });

  test('because it is empty', async () => {
    await expect(read(safetensors({}))).rejects.toMatchObject({ code: 'unsupported-lora' });
  });
});
