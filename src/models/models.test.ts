import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web/wasm';
import { describe, expect, test } from 'vitest';
import { Weights } from '../checkpoint/weights.ts';
import { encodeModel } from '../onnx/encode.ts';
import { parseConfig } from '../protocol/parse-config.ts';
import {
  AutoencoderKLConfig,
  AutoencoderTinyConfig,
  CLIPTextConfig,
  UNet2DConditionConfig,
} from './config.ts';
import {
  GOLDEN_NAMES,
  type GoldenRun,
  type GoldenTensor,
  goldenCase,
  relativeError,
} from './golden/cases.ts';
import { unet2DConditionModel } from './unet.ts';

const ROOT = join(import.meta.dirname, '../..');
const TARGET = { provider: 'wasm', dtype: 'float32' } as const;
const read = (path: string) => openAsBlob(join(ROOT, path));

/** The graph's outputs, by name, from a session on the CPU. */
async function run({ graph, feeds }: GoldenRun): Promise<Readonly<Record<string, ort.Tensor>>> {
  const model = encodeModel(graph);
  const externalData = await Promise.all(
    model.externalData.map(async ({ path, data }) => ({
      path,
      data: new Uint8Array(await data.arrayBuffer()),
    })),
  );
  const session = await ort.InferenceSession.create(model.bytes, {
    executionProviders: ['wasm'],
    externalData,
  });
  const inputs = graph.inputs.map(({ name, dtype, shape }) => {
    expect(feeds[name]?.shape, name).toEqual(shape);
    return [name, new ort.Tensor(dtype as 'float32', feeds[name]?.data as Float32Array, shape)] as const;
  });
  const results = await session.run(Object.fromEntries(inputs));
  await session.release();
  return results;
}

describe.each(GOLDEN_NAMES)('%s', (name) => {
  test('computes what diffusers does, with every tensor of the file', async () => {
    const { weights, runs } = await goldenCase(name, read, TARGET);
    expect(weights.unused()).toEqual([]);
    for (const golden of runs) {
      const results = await run(golden);
      for (const { name: output, shape } of golden.graph.outputs) {
        const expected = golden.expected[output] as GoldenTensor;
        expect(results[output]?.dims).toEqual(shape);
        // Measured: 4e-6 and less.
        const error = relativeError(results[output]?.data as Float32Array, expected);
        expect(error, `${golden.title}: ${output}`).toBeLessThan(1e-4);
      }
    }
  });
});

// Measured: 1.5e-3, 5.3e-3, 8.2e-2, 1.7e-2, 2.1e-1. The weights are random and 32 wide.
test.each([
  ['tiny-model/unet', 16, 3e-3],
  ['tiny-model/unet', 8, 1e-2],
  ['tiny-model/unet', 4, 1e-1],
  ['tiny-model/text_encoder', 8, 3e-2],
  ['tiny-model/text_encoder', 4, 3e-1],
] as const)('%s in %i bits is what diffusers computes within %d', async (name, bits, limit) => {
  const { weights, runs } = await goldenCase(name, read, TARGET, bits);
  expect(weights.unused()).toEqual([]);
  for (const golden of runs) {
    const results = await run(golden);
    for (const { name: output } of golden.graph.outputs) {
      const error = relativeError(
        results[output]?.data as Float32Array,
        golden.expected[output] as GoldenTensor,
      );
      expect(error, `${golden.title}: ${output}`).toBeLessThan(limit);
    }
  }
});

test.each([
  ['act_fn', 'mish'],
  ['down_block_types', ['SkipDownBlock2D']],
  ['class_embed_type', 'timestep'],
  ['addition_embed_type', 'image'],
  ['resnet_time_scale_shift', 'ada_group'],
  ['time_cond_proj_dim', 0],
  ['attention_type', 'gated'],
  ['layers_per_block', 0],
  ['layers_per_block', [2, 2]],
  ['only_cross_attention', [true]],
  ['conv_in_kernel', 4],
  ['dual_cross_attention', true],
  ['time_embedding_type', 'fourier'],
  ['encoder_hid_dim_type', 'image_proj'],
  ['cross_attention_dim', [768, 768, 1024, 768]],
  ['transformer_layers_per_block', [1, [1], 1, 1]],
  ['block_out_channels', [320, 640]],
  ['norm_num_groups', 48],
  ['attention_head_dim', [8, 8, 7, 8]],
  ['quantization_config', { quant_method: 'bitsandbytes', load_in_4bit: true }],
])('a UNet with %s %j is refused by that key', (key, value) => {
  expect(() => parseConfig('unet', UNet2DConditionConfig, { [key]: value })).toThrowError(
    expect.objectContaining({ code: 'unsupported-model', message: expect.stringContaining(`unet: ${key}`) }),
  );
});

test.each([
  [
    { latent_channels: 4, latents_mean: [1, 2] },
    'latents_mean is [1,2]; supported: one for each of latent_channels.',
  ],
  [{ latent_channels: 'four' }, 'latent_channels is "four"; supported: number.'],
  [
    { block_out_channels: [8, 16] },
    'down_block_types is ["DownEncoderBlock2D"]; supported: one for each of block_out_channels.',
  ],
])('what is refused is shown as it is written: %j', (json, sentence) => {
  expect(() => parseConfig('vae', AutoencoderKLConfig, json)).toThrow(`vae: ${sentence}`);
});

test.each([
  [
    { cross_attention_dim: [768, 768, 768, 1024] },
    'cross_attention_dim is [768,768,768,1024]; supported: equal widths.',
  ],
  [{ layers_per_block: [2, 'two'] }, 'layers_per_block.1 is "two"; supported: number.'],
  [
    { transformer_layers_per_block: [1, [1, null]] },
    'transformer_layers_per_block.1.1 is null; supported: number.',
  ],
])('of a list where a number may stand, the error names what is wrong with the list: %j', (json, sentence) => {
  expect(() => parseConfig('unet', UNet2DConditionConfig, json)).toThrow(`unet: ${sentence}`);
});

test.each([
  AutoencoderKLConfig,
  AutoencoderTinyConfig,
  CLIPTextConfig,
])('packed weights are refused by the configuration of every class', (config) => {
  const packed = { quantization_config: { quant_method: 'gguf' } };
  expect(() => parseConfig('part', config, packed)).toThrow(
    'part: quantization_config is {"quant_method":"gguf"}',
  );
  expect(() => parseConfig('part', config, { quantization_config: null })).not.toThrow();
});

test('lists within lists need those of the up blocks, as in diffusers', () => {
  const json = { transformer_layers_per_block: [1, [1, 2], 1, 1] };
  expect(() => parseConfig('unet', UNet2DConditionConfig, json)).toThrow(
    'unet: reverse_transformer_layers_per_block is missing; supported: one for each up block, where',
  );
  const both = { ...json, reverse_transformer_layers_per_block: [1, 1, [2, 1, 1], 1] };
  expect(parseConfig('unet', UNet2DConditionConfig, both)).toMatchObject(both);
});

test('heads that do not divide the text’s width are refused where the text is pooled', () => {
  const parse = (json: object) => () => parseConfig('unet', UNet2DConditionConfig, json);
  const heads = { cross_attention_dim: 192, addition_embed_type_num_heads: 10 };
  expect(parse(heads)).not.toThrow();
  expect(parse({ ...heads, addition_embed_type: 'text' })).toThrow(
    'unet: addition_embed_type_num_heads is 10',
  );
});

test('a VAE of another class, or with lists of different lengths, is refused by that key', () => {
  const wrong = (
    key: string,
    schema: typeof AutoencoderKLConfig | typeof AutoencoderTinyConfig,
    json: unknown,
  ) => expect(() => parseConfig('vae', schema, json)).toThrow(`vae: ${key}`);
  wrong('_class_name', AutoencoderKLConfig, { _class_name: 'AutoencoderDC' });
  wrong('down_block_types', AutoencoderKLConfig, { block_out_channels: [32, 64] });
  wrong('decoder_block_out_channels', AutoencoderTinyConfig, {
    decoder_block_out_channels: [64, 64, 32, 32],
  });
  wrong('num_encoder_blocks', AutoencoderTinyConfig, { num_encoder_blocks: [1, -1, 3, 3] });
});

test('a tensor of another shape is refused, with the shapes that were expected and found', async () => {
  const json = JSON.parse(await (await read('e2e/tiny-model/unet/config.json')).text());
  const weights = await Weights.open(
    'unet',
    await read('e2e/tiny-model/unet/diffusion_pytorch_model.safetensors'),
  );
  const config = parseConfig('unet', UNet2DConditionConfig, { ...json, cross_attention_dim: 48 });
  const shape = { height: 8, width: 8, sequenceLength: 77, batch: 1 } as const;
  expect(() => unet2DConditionModel(config, weights, TARGET, shape)).toThrow(
    expect.objectContaining({
      details: expect.objectContaining({
        expected: expect.stringMatching(/attn2\.to_k\.weight \[16,48\]$/),
        found: expect.stringMatching(/attn2\.to_k\.weight F32 \[16,32\]$/),
      }),
    }),
  );
});
