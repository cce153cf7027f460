import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { elementCount } from '../../numerics/tensor.ts';
import { type LoraModule, readLora } from './read-lora.ts';
import type { StoredTensor, Tensors } from '../weights.ts';

type Shape = readonly number[];

/** A .safetensors file of float32: tensors of zeros by their shapes, and alphas by their values. */
function safetensors(contents: Readonly<Record<string, Shape | number>>, metadata?: unknown): Blob {
  let end = 0;
  const header: Record<string, unknown> = metadata === undefined ? {} : { __metadata__: metadata };
  const data = Object.entries(contents).map(([key, value]) => {
    const shape = typeof value === 'number' ? [] : value;
    const size = elementCount(shape);
    header[key] = { dtype: 'F32', shape, data_offsets: [end, end + 4 * size] };
    end += 4 * size;
    return typeof value === 'number' ? Float32Array.of(value) : new Float32Array(size);
  });
  const json = new TextEncoder().encode(JSON.stringify(header));
  return new Blob([new BigUint64Array([BigInt(json.length)]), json, ...data]);
}

function tensors(shapes: Readonly<Record<string, Shape>>): Tensors {
  const stored = (shape: Shape): StoredTensor => {
    return { dtype: 'F16', shape, offset: 0, length: 0, path: 'model', blob: new Blob() };
  };
  return new Map(Object.entries(shapes).map(([name, shape]) => [name, stored(shape)]));
}

const TO_Q = 'down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q';
const FC1 = 'encoder.layers.0.mlp.fc1';
const MODEL = {
  unet: tensors({
    [`${TO_Q}.weight`]: [6, 4],
    'conv_in.weight': [6, 4, 1, 1],
    'conv_out.weight': [6, 4, 1, 1],
  }),
  text_encoder: tensors({ [`${FC1}.weight`]: [6, 4] }),
  text_encoder_2: tensors({ [`text_model.${FC1}.weight`]: [6, 4], 'text_projection.weight': [6, 4] }),
};

const DOWN: Shape = [2, 4];
const UP: Shape = [6, 2];
const KOHYA = ['.lora_down.weight', '.lora_up.weight'] as const;
const PEFT = ['.lora_A.weight', '.lora_B.weight'] as const;
/** A module's two halves under a layout's keys. */
const module = (name: string, [down, up]: readonly [string, string] = KOHYA) => ({
  [name + down]: DOWN,
  [name + up]: UP,
});

/** What a file changes: component, weight and scale of each module. */
async function changes(blob: Blob, model: Readonly<Record<string, Tensors>> = MODEL) {
  const { modules } = await readLora('mystyle', blob, model);
  const rows = (component: string, own: ReadonlyMap<string, LoraModule>) =>
    [...own].map(([weight, { scale }]) => [component, weight, scale]);
  return [...modules].flatMap(([component, own]) => rows(component, own));
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
      ...module('base_model.model.conv_in', PEFT),
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
  expect(await changes(safetensors(contents))).toEqual(expected);
});

describe('the scale of a change', () => {
  const scaled = async (metadata: unknown, more = {}) => {
    const contents = { ...module(`unet.${TO_Q}`, PEFT), ...more };
    return (await changes(safetensors(contents, metadata)))[0]?.[2];
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

  test.each([
    ['not an object', 5],
    ['not text', { lora_adapter_metadata: 5 }],
    ['not JSON', { lora_adapter_metadata: '{' }],
    ['a number', { lora_adapter_metadata: '1' }],
    ['an alpha that is not a number', { lora_adapter_metadata: '{"unet.lora_alpha":"six"}' }],
    ['a pattern that is not a name', { lora_adapter_metadata: '{"unet.alpha_pattern":{"(a+)+b":1}}' }],
  ])('is not read from metadata that are %s', async (_, metadata) => {
    const details = { lora: 'mystyle', key: 'lora_adapter_metadata' };
    await expect(scaled(metadata)).rejects.toMatchObject({ code: 'unsupported-lora', details });
  });
});

describe('the shapes of a change', () => {
  const fits = (weight: Shape, down: Shape, up: Shape) => {
    const contents = { [`lora_unet_conv_in${KOHYA[0]}`]: down, [`lora_unet_conv_in${KOHYA[1]}`]: up };
    return changes(safetensors(contents), { unet: tensors({ 'conv_in.weight': weight }) });
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

describe('a file that is not a LoRA for this model is refused', () => {
  const MODULE = 'lora_unet_conv_in';
  test.each([
    ['DoRA', `${MODULE}.dora_scale`, /DoRA/],
    ['DoRA by PEFT', 'unet.conv_in.lora_magnitude_vector.weight', /DoRA/],
    ['LoHa', `${MODULE}.hada_w1_a`, /LoHa/],
    ['LoKr', `${MODULE}.lokr_w1`, /LoKr/],
    ['Tucker', `${MODULE}.lora_mid.weight`, /Tucker/],
    ['a bias', 'unet.conv_in.lora_B.bias', /not a LoRA key/],
    ['a whole weight', `${MODULE}.diff`, /not a LoRA key/],
    ['an embedding', 'emb_params', /not a LoRA key/],
    ['down without up', 'lora_unet_conv_out.lora_down.weight', /has no partner/],
    ['up without down', 'lora_unet_conv_out.lora_up.weight', /has no partner/],
    ['alpha alone', 'lora_unet_conv_out.alpha', /has no partner/],
    ['an alpha that is not a number', `${MODULE}.alpha`, /expected a number/],
    [
      'another family’s block',
      'lora_unet_double_blocks_0_img_attn_proj.lora_up.weight',
      /another kind of model/,
    ],
    ['another text encoder', 'lora_te3_encoder_block_0.lora_up.weight', /another kind of model/],
    [
      'a part under two names',
      `${MODULE}.lora_A.weight`,
      /contains both lora_unet_conv_in.lora_down.weight and/,
    ],
  ])('because of %s', async (_, key, message) => {
    const error = { code: 'unsupported-lora', message: expect.stringMatching(message) };
    const refused = changes(safetensors({ ...module(MODULE), [key]: DOWN }));
    await expect(refused).rejects.toMatchObject({ ...error, details: { lora: 'mystyle', key } });
  });

  test('because it changes a second text encoder that the model lacks', async () => {
    const { unet, text_encoder } = MODEL;
    await expect(
      changes(safetensors(module('lora_te2_text_projection')), { unet, text_encoder }),
    ).rejects.toMatchObject({
      code: 'unsupported-lora',
      message: expect.stringContaining('another kind of model'),
    });
  });

  test('because it changes one module twice', async () => {
    const twice = { ...module(MODULE), ...module('unet.conv_in', PEFT) };
    await expect(changes(safetensors(twice))).rejects.toThrow('mystyle changes conv_in.weight twice.');
  });

  test('because it is empty', async () => {
    await expect(changes(safetensors({}))).rejects.toMatchObject({ code: 'unsupported-lora' });
  });
});

test('any bytes, and any names and shapes, are read or refused', async () => {
  const refused = (error: unknown) => expect(error).toMatchObject({ name: 'AppError' });
  const start = fc.constantFrom(
    'lora_unet_conv_in',
    'unet.conv_in',
    'constructor',
    'lora_te_',
    '',
    '__proto__',
  );
  const ending = fc.constantFrom(...KOHYA, ...PEFT, '.alpha', '.weight', '', '.dora_scale');
  const key = fc.tuple(start, ending).map((parts) => parts.join(''));
  const shape = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.dictionary(key, shape), async (contents) => {
      await readLora('mystyle', safetensors(contents), MODEL).catch(refused);
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), async (bytes) => {
      const read = readLora('mystyle', new Blob([Uint8Array.from(bytes)]), MODEL);
      await expect(read).rejects.toMatchObject({ name: 'AppError' });
    }),
  );
});
