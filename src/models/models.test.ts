import { openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web/wasm';
import { describe, expect, test } from 'vitest';
import { readSafetensors } from '../checkpoint/safetensors.ts';
import { Weights } from '../checkpoint/weights.ts';
import type { GraphTarget, OnnxModel } from '../onnx/graph.ts';
import { clipTextModel } from './clip.ts';
import * as config from './config.ts';
import { autoencoderTinyDecoder, autoencoderTinyEncoder } from './tiny-vae.ts';
import { unet2DConditionModel } from './unet.ts';
import { autoencoderKLDecoder, autoencoderKLEncoder } from './vae.ts';

const TARGET: GraphTarget = { provider: 'wasm', dtype: 'float32' };
const GOLDEN = join(import.meta.dirname, 'golden');
const TINY = join(import.meta.dirname, '../../e2e/tiny-model');

type Case = Record<string, { shape: readonly number[]; data: Float32Array | Int32Array }>;

/** Inputs and outputs as diffusers computed them, and the configuration in the file's metadata. */
async function golden(name: string): Promise<{ tensors: Case; json: unknown }> {
  const path = join(GOLDEN, `${name}.safetensors`);
  const bytes = readFileSync(path);
  const tensors: Case = {};
  for (const [key, { dtype, shape, offset, length }] of await readSafetensors(path, await openAsBlob(path))) {
    const buffer = new Uint8Array(bytes.subarray(offset, offset + length)).buffer;
    tensors[key] = { shape, data: dtype === 'I32' ? new Int32Array(buffer) : new Float32Array(buffer) };
  }
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE(0))));
  return { tensors, json: JSON.parse(header.__metadata__.config) };
}

const open = async (path: string) => Weights.open(path, await openAsBlob(path));
const tinyConfig = (component: string) => JSON.parse(readFileSync(join(TINY, component, 'config.json'), 'utf8'));
const at = (tensors: Case, name: string) => tensors[name] as Case[string];

async function run(model: OnnxModel, feeds: Case): Promise<Float32Array> {
  const externalData = await Promise.all(
    model.externalData.map(async ({ path, data }) => ({ path, data: new Uint8Array(await data.arrayBuffer()) })),
  );
  const session = await ort.InferenceSession.create(model.bytes, { executionProviders: ['wasm'], externalData });
  const inputs = model.inputs.map(({ name, dtype, shape }) => {
    expect(at(feeds, name).shape).toEqual(shape);
    return [name, new ort.Tensor(dtype as 'float32', at(feeds, name).data as Float32Array, shape)] as const;
  });
  const [output] = model.outputs;
  const results = await session.run(Object.fromEntries(inputs));
  await session.release();
  expect(results[output?.name as string]?.dims).toEqual(output?.shape);
  return results[output?.name as string]?.data as Float32Array;
}

/** Largest error over largest expected value. */
function relativeError(found: Float32Array, expected: Case[string]): number {
  expect(found.length).toBe(expected.data.length);
  const largest = expected.data.reduce((max: number, value) => Math.max(max, Math.abs(value)), 0);
  return found.reduce((max, value, i) => Math.max(max, Math.abs(value - (expected.data[i] as number))), 0) / largest;
}

describe('CLIPTextModel is transformers’', () => {
  test.each(['tiny-model.text_encoder', 'text-gelu'])('%s', async (name) => {
    const { tensors, json } = await golden(name);
    const tiny = name.startsWith('tiny-model');
    const weights = await open(tiny ? join(TINY, 'text_encoder/model.safetensors') : join(GOLDEN, `${name}.weights.safetensors`));
    const parsed = config.parseConfig(name, config.CLIPTextConfig, tiny ? tinyConfig('text_encoder') : json);
    const [batch, sequenceLength] = at(tensors, 'input_ids').shape as [number, number];
    const model = clipTextModel(parsed, weights, TARGET, { batch, sequenceLength });
    expect(weights.unused()).toEqual([]);
    expect(relativeError(await run(model, tensors), at(tensors, 'last_hidden_state'))).toBeLessThan(1e-4);
  });
});

describe('UNet2DConditionModel is diffusers’', () => {
  test.each(['tiny-model.unet', 'unet-sd2', 'unet-trinket-f16'])('%s', async (name) => {
    const { tensors, json } = await golden(name);
    const tiny = name.startsWith('tiny-model');
    const weights = await open(
      tiny ? join(TINY, 'unet/diffusion_pytorch_model.safetensors') : join(GOLDEN, `${name}.weights.safetensors`),
    );
    const parsed = config.parseConfig(name, config.UNet2DConditionConfig, tiny ? tinyConfig('unet') : json);
    const [, , height, width] = at(tensors, 'sample').shape as [number, number, number, number];
    const states = at(tensors, 'encoder_hidden_states');
    const [, sequenceLength, depth] = states.shape as [number, number, number];
    const shape = { height, width, sequenceLength };

    const guided = unet2DConditionModel(parsed, weights, TARGET, { ...shape, guidance: true });
    expect(weights.unused()).toEqual([]);
    expect(relativeError(await run(guided, tensors), at(tensors, 'guided'))).toBeLessThan(1e-4);

    const plain = unet2DConditionModel(parsed, weights, TARGET, { ...shape, guidance: false });
    for (const [row, half] of ['uncond', 'cond'].entries()) {
      const data = states.data.slice(row * sequenceLength * depth, (row + 1) * sequenceLength * depth);
      const feeds = { ...tensors, encoder_hidden_states: { shape: [1, sequenceLength, depth], data } };
      expect(relativeError(await run(plain, feeds), at(tensors, half))).toBeLessThan(1e-4);
    }
  });
});

test('AutoencoderKL is diffusers’', async () => {
  const { tensors } = await golden('tiny-model.vae');
  const weights = await open(join(TINY, 'vae/diffusion_pytorch_model.safetensors'));
  const parsed = config.parseConfig('vae', config.AutoencoderKLConfig, tinyConfig('vae'));
  const decoder = autoencoderKLDecoder(parsed, weights, TARGET, { height: 6, width: 10 });
  expect(relativeError(await run(decoder, tensors), at(tensors, 'decoded'))).toBeLessThan(1e-4);
  const encoder = autoencoderKLEncoder(parsed, weights, TARGET, { height: 48, width: 80 });
  expect(relativeError(await run(encoder, tensors), at(tensors, 'latent_parameters'))).toBeLessThan(1e-4);
  expect(weights.unused()).toEqual([]);
});

test('AutoencoderTiny is diffusers’, levels without blocks too', async () => {
  const { tensors, json } = await golden('vae-tiny');
  const weights = await open(join(GOLDEN, 'vae-tiny.weights.safetensors'));
  const parsed = config.parseConfig('vae', config.AutoencoderTinyConfig, json);
  const decoder = autoencoderTinyDecoder(parsed, weights, TARGET, { height: 6, width: 10 });
  expect(relativeError(await run(decoder, tensors), at(tensors, 'decoded'))).toBeLessThan(1e-4);
  const encoder = autoencoderTinyEncoder(parsed, weights, TARGET, { height: 48, width: 80 });
  expect(relativeError(await run(encoder, tensors), at(tensors, 'latents'))).toBeLessThan(1e-4);
  expect(weights.unused()).toEqual([]);
});

test('a configuration no graph is written for is refused by key', () => {
  expect(() => config.parseConfig('unet', config.UNet2DConditionConfig, { act_fn: 'mish' })).toThrow(/unet: act_fn is "mish"/);
  expect(() => config.parseConfig('unet', config.UNet2DConditionConfig, { down_block_types: ['SkipDownBlock2D'] })).toThrow(
    /down_block_types\.0 is "SkipDownBlock2D"/,
  );
});

test('a tensor of another shape is named with what was expected and found', async () => {
  const weights = await open(join(TINY, 'unet/diffusion_pytorch_model.safetensors'));
  const parsed = config.parseConfig('unet', config.UNet2DConditionConfig, { ...tinyConfig('unet'), cross_attention_dim: 48 });
  const build = () => unet2DConditionModel(parsed, weights, TARGET, { height: 8, width: 8, sequenceLength: 77, guidance: false });
  expect(build).toThrow(/attn2\.to_k\.weight \[16,48\], found F32 \[16,32\]/);
});
