import { describe, expect, test } from 'vitest';
import { Graph } from '../../graph/graph.ts';
import { loraPlaces } from '../../loaders/lora-places.ts';
import { elementCount } from '../../numerics/tensor.ts';
import { readTextualInversion } from '../textual-inversion.ts';
import type { Tensors } from '../weights.ts';
import type { LoraChange } from './change.ts';
import { readLora } from './read-lora.ts';
import {
  FC1,
  KOHYA,
  MODEL,
  module,
  PEFT,
  type Shape,
  safetensors,
  TO_Q,
  tensors,
  UP,
} from './samples/lora-files.ts';

/** alpha / rank, as a product of matrices is scaled by in the graph. */
function scaleOf(change: LoraChange, shape: Shape): unknown {
  const g = new Graph('test', { provider: 'wasm', dtype: 'float32' });
  const [rows = 1, ...rest] = shape;
  const weight = g.input('weight', 'float32', [rows, elementCount(rest)]);
  const changed = change.apply(g, weight, 1, (factor) => g.input('factor', 'float32', factor.shape));
  expect(changed.shape).toEqual(weight.shape);
  return g.nodes.at(-1)?.attributes.alpha;
}

type Model = Readonly<Record<string, Tensors>>;
const read = (file: Blob, model: Model = MODEL, config?: unknown) =>
  readLora({ name: 'mystyle', file, config }, loraPlaces(model));

/** What a file changes: component, weight and scale of each module. */
async function changesOf(file: Blob, model?: Model, config?: unknown) {
  const { changes } = await read(file, model, config);
  return [...changes].flatMap(([component, own]) =>
    [...own].map(([weight, { change, shape }]) => [component, weight, scaleOf(change, shape)]),
  );
}

test.each([
  [
    'kohya’s',
    {
      ...module(`lora_unet_${TO_Q.replaceAll('.', '_')}`),
      [`lora_unet_${TO_Q.replaceAll('.', '_')}.alpha`]: 1,
      ...module('lora_te_text_model_encoder_layers_0_mlp_fc1'),
    },
    [
      ['unet', `${TO_Q}.weight`, 0.5],
      ['text_encoder', `${FC1}.weight`, 1],
    ],
  ],
  [
    'kohya’s for SDXL',
    {
      ...module('lora_unet_input_blocks_0_0'),
      ...module('lora_te1_text_model_encoder_layers_0_mlp_fc1'),
      ...module('lora_te2_text_projection'),
      'lora_te2_text_projection.alpha': 4,
    },
    [
      ['unet', 'conv_in.weight', 1],
      ['text_encoder', `${FC1}.weight`, 1],
      ['text_encoder_2', 'text_projection.weight', 2],
    ],
  ],
  [
    'PEFT’s',
    {
      ...module(`unet.${TO_Q}`, PEFT),
      [`unet.${TO_Q}.alpha`]: 6,
      ...module('unet.conv_in', PEFT),
      ...module(`text_encoder_2.text_model.${FC1}`, PEFT),
    },
    [
      ['unet', `${TO_Q}.weight`, 3],
      ['unet', 'conv_in.weight', 1],
      ['text_encoder_2', `text_model.${FC1}.weight`, 1],
    ],
  ],
  [
    'diffusers’ old',
    {
      ...module(TO_Q.replace('.to_q', '.processor.to_q'), ['_lora.down.weight', '_lora.up.weight']),
      ...module('unet.conv_in', ['.lora.down.weight', '.lora.up.weight']),
      ...module(`text_encoder.${FC1}.lora_linear_layer`, ['.down.weight', '.up.weight']),
    },
    [
      ['unet', `${TO_Q}.weight`, 1],
      ['unet', 'conv_in.weight', 1],
      ['text_encoder', `${FC1}.weight`, 1],
    ],
  ],
])('a file in %s layout is read as the changes it makes', async (_, contents, expected) => {
  expect(await changesOf(safetensors(contents))).toEqual(expected);
});

describe('the scale of a change', () => {
  const scaled = async (metadata: unknown, more = {}) => {
    const contents = { ...module(`unet.${TO_Q}`, PEFT), ...more };
    return (await changesOf(safetensors(contents, metadata)))[0]?.[2];
  };
  const adapter = (config: unknown) =>
    scaled({ format: 'pt', lora_adapter_metadata: JSON.stringify(config) });

  test('is alpha / rank, and 1 without alpha', async () => {
    expect(await scaled(undefined)).toBe(1);
    expect(await scaled({ format: 'pt' }, { [`unet.${TO_Q}.alpha`]: 3 })).toBe(1.5);
    expect(await scaled(undefined, { [`unet.${TO_Q}.alpha`]: 0.5 })).toBe(0.25);
  });

  test('is what PEFT’s configuration in the header says', async () => {
    expect(await adapter({ 'unet.lora_alpha': 6, 'unet.r': 2, 'text_encoder.lora_alpha': 1 })).toBe(3);
    expect(await adapter({ 'text_encoder.lora_alpha': 6 })).toBe(1);
    expect(await adapter({ 'unet.lora_alpha': 6, 'unet.use_rslora': true })).toBe(6 / Math.sqrt(2));
    const patterns = { 'mid_block.*.to_q': 1, 'attn1.to_q': 5, to_q: 7 };
    expect(await adapter({ 'unet.lora_alpha': 6, 'unet.alpha_pattern': patterns })).toBe(2.5);
    expect(await adapter({ 'unet.lora_alpha': 6, 'unet.alpha_pattern': { q: 1 } })).toBe(3);
  });

  // As peft 0.21.2's utils/other.py, get_pattern_key, finds them for this module.
  test.each([
    ['.*attn[12]\\.to_(q|k)', 4],
    ['(?:down|up)_blocks.0.*.attn\\d.to_q', 4],
    ['to_v|to_q', 4],
    ['.+to_q', 4],
    ['attn[23].to_q', 3],
    ['to_(v|k)', 3],
  ])('is that of the pattern %s', async (pattern, scale) => {
    expect(await adapter({ 'unet.lora_alpha': 6, 'unet.alpha_pattern': { [pattern]: 8 } })).toBe(scale);
  });

  test.each([
    '(a+)+b',
    '(.*)*to_q',
    '.*.*.*to_q',
    '(t|t)(o|o)(_|_)q',
    't(?=o)o_q',
    'to_q{1}',
    '(',
    `(${'t|'.repeat(20)}t)o_q`,
  ])('is not known of a module whose pattern may be %s, and that is said', async (pattern) => {
    const metadata = { 'unet.lora_alpha': 6, 'unet.alpha_pattern': { to_v: 1, [pattern]: 8 } };
    const contents = { ...module(`unet.${TO_Q}`, PEFT), ...module('unet.conv_in', PEFT) };
    const file = safetensors(contents, { lora_adapter_metadata: JSON.stringify(metadata) });
    expect((await changesOf(file)).map(([, , scale]) => scale)).toEqual([3, 3]);
    expect((await read(file)).notes).toEqual([{ kind: 'unread-strength', lora: 'mystyle', pattern }]);
    const own = { [`unet.${TO_Q}.alpha`]: 2, 'unet.conv_in.alpha': 2 };
    const withAlpha = safetensors(
      { ...contents, ...own },
      { lora_adapter_metadata: JSON.stringify(metadata) },
    );
    expect((await read(withAlpha)).notes).toEqual([]);
  });

  test('takes null for what PEFT takes it for: no rank stabilisation, the rank of the tensors', async () => {
    const nothing = { 'unet.use_rslora': null, 'unet.r': null, 'unet.alpha_pattern': null };
    expect(await adapter({ 'unet.lora_alpha': 6, ...nothing })).toBe(3);
  });

  test('is what the configuration beside the file says', async () => {
    const bare = safetensors(module('base_model.model.conv_in', PEFT));
    const beside = async (config: unknown) => (await changesOf(bare, MODEL, config))[0]?.[2];
    expect(await beside({ peft_type: 'LORA', r: 16, lora_alpha: 8 })).toBe(4);
    expect(await beside({ lora_alpha: 8, use_rslora: true })).toBe(8 / Math.sqrt(2));
    expect(await beside({ lora_alpha: 8, alpha_pattern: { '^conv_in$': 1 } })).toBe(0.5);
    const details = { lora: 'mystyle', key: 'adapter_config.json' };
    for (const config of [null, 5, { lora_alpha: 'eight' }])
      await expect(beside(config)).rejects.toMatchObject({ code: 'unsupported-lora', details });
  });

  test('is of no use where the training took what it began with out of the model, and that is said', async () => {
    const bare = safetensors(module('base_model.model.conv_in', PEFT));
    const begun = (init_lora_weights: unknown) =>
      changesOf(bare, MODEL, { lora_alpha: 8, init_lora_weights });
    for (const method of ['pissa', 'pissa_niter_16', 'olora', 'corda']) {
      const details = { kind: 'lora-of-other-method', method, key: 'adapter_config.json' };
      await expect(begun(method)).rejects.toMatchObject({ code: 'unsupported-lora', details });
    }
    for (const method of [true, 'gaussian', 'eva', null]) expect(await begun(method)).toHaveLength(1);
  });

  test('is not known of an adapter by PEFT without it, and that is said', async () => {
    const bare = module('base_model.model.conv_in', PEFT);
    const note = { kind: 'unknown-strength', lora: 'mystyle' };
    expect((await read(safetensors(bare))).notes).toEqual([note]);
    expect((await read(safetensors(bare), MODEL, { lora_alpha: 4 })).notes).toEqual([]);
    const withAlpha = { ...bare, 'base_model.model.conv_in.alpha': 2 };
    expect((await read(safetensors(withAlpha))).notes).toEqual([]);
    expect((await read(safetensors(module('unet.conv_in', PEFT)))).notes).toEqual([]);
  });

  test('is not changed by an alpha of 0, which stands for the rank', async () => {
    expect(await scaled(undefined, { [`unet.${TO_Q}.alpha`]: 0 })).toBe(1);
  });

  test('is read from a file whose metadata are null', async () => {
    expect(await scaled(null, { [`unet.${TO_Q}.alpha`]: 3 })).toBe(1.5);
  });

  test.each([
    ['not an object', 5],
    ['not text', { lora_adapter_metadata: 5 }],
    ['not JSON', { lora_adapter_metadata: '{' }],
    ['a number', { lora_adapter_metadata: '1' }],
    ['an alpha that is not a number', { lora_adapter_metadata: '{"unet.lora_alpha":"six"}' }],
    ['a pattern without a number', { lora_adapter_metadata: '{"unet.alpha_pattern":{"to_q":"1"}}' }],
  ])('is not read from metadata that are %s', async (_, metadata) => {
    const details = { lora: 'mystyle', key: 'lora_adapter_metadata' };
    await expect(scaled(metadata)).rejects.toMatchObject({ code: 'unsupported-lora', details });
  });
});

describe('the shapes of a change', () => {
  const fits = (weight: Shape, down: Shape, up: Shape) => {
    const contents = { [`lora_unet_conv_in${KOHYA[0]}`]: down, [`lora_unet_conv_in${KOHYA[1]}`]: up };
    return changesOf(safetensors(contents), { unet: tensors({ 'conv_in.weight': weight }) });
  };

  test.each([
    ['a linear layer', [6, 4], [2, 4], [6, 2]],
    ['a linear layer changed as a convolution', [6, 4], [2, 4, 1, 1], [6, 2, 1, 1]],
    ['a 1×1 convolution', [6, 4, 1, 1], [2, 4, 1, 1], [6, 2, 1, 1]],
    ['a 1×1 convolution changed as a linear layer', [6, 4, 1, 1], [2, 4], [6, 2]],
    ['a 3×3 convolution', [6, 4, 3, 3], [2, 4, 3, 3], [6, 2, 1, 1]],
    ['rank one', [6, 4, 3, 3], [1, 4, 3, 3], [6, 1, 1, 1]],
    ['one output', [1, 4], [3, 4], [1, 3]],
  ])('fit %s', async (_, weight, down, up) => {
    expect(await fits(weight, down, up)).toHaveLength(1);
  });

  test.each([
    ['another width in', [6, 8], [2, 4], [6, 2], /another kind of model/],
    ['another width out', [8, 4], [2, 4], [6, 2], /another kind of model/],
    ['another kernel', [6, 4, 3, 3], [2, 4, 1, 1], [6, 2, 1, 1], /another kind of model/],
    ['two ranks', [6, 4], [3, 4], [6, 2], /damaged/],
    ['no rank', [6, 4], [0, 4], [6, 0], /damaged/],
    ['a number', [6, 4], [], [6, 2], /damaged/],
  ])('are refused where they do not fit: %s', async (_, weight, down, up, message) => {
    const key = 'lora_unet_conv_in.lora_down.weight';
    const error = { code: 'unsupported-lora', message: expect.stringMatching(message), details: { key } };
    await expect(fits(weight, down, up)).rejects.toMatchObject(error);
  });
});

test('text encoders that PEFT saved by themselves are told apart by their widths', async () => {
  const wide = tensors({ [`${FC1}.weight`]: [6, 8] });
  const model = { unet: tensors({}), text_encoder: MODEL.text_encoder, text_encoder_2: wide };
  const adapter = (width: number) => {
    const name = `base_model.model.text_model.${FC1}`;
    return safetensors({ [name + PEFT[0]]: [2, width], [name + PEFT[1]]: UP });
  };
  expect(await changesOf(adapter(4), model)).toEqual([['text_encoder', `${FC1}.weight`, 1]]);
  expect(await changesOf(adapter(8), model)).toEqual([['text_encoder_2', `${FC1}.weight`, 1]]);
  await expect(changesOf(adapter(16), model)).rejects.toMatchObject({
    details: { kind: 'lora-of-other-model' },
  });
});

test('textual inversions inside the file are taken out as files of their own', async () => {
  const file = safetensors({
    ...module('lora_unet_conv_in'),
    'bundle_emb.my.style.emb_params': [2, 4],
    'bundle_emb.other.clip_l': [1, 4],
    'bundle_emb.other.clip_g': [1, 6],
    'bundle_emb.old.string_to_param.*': [3, 4],
  });
  const { embeddings, notes } = await read(file);
  expect(notes).toEqual([]);
  const found = await Promise.all(embeddings.map(({ token, file }) => readTextualInversion(token, file)));
  expect(
    found.map(({ token, length, vectors }) => [token, length, vectors.map(({ width }) => width)]),
  ).toEqual([
    ['my.style', 2, [4]],
    ['other', 1, [4, 6]],
    ['old', 3, [4]],
  ]);
});
