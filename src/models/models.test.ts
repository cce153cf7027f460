import { openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web/wasm';
import { expect, test } from 'vitest';
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

/** A .safetensors file's tensors. */
async function golden(...path: string[]): Promise<Case> {
  const file = join(GOLDEN, ...path);
  const bytes = readFileSync(file);
  const tensors: Case = {};
  for (const [key, { dtype, shape, offset, length }] of await readSafetensors(file, await openAsBlob(file))) {
    const buffer = new Uint8Array(bytes.subarray(offset, offset + length)).buffer;
    tensors[key] = { shape, data: dtype === 'I32' ? new Int32Array(buffer) : new Float32Array(buffer) };
  }
  return tensors;
}

/** A component as its folder holds it, and what diffusers computes with it. */
async function component(name: string): Promise<{ json: unknown; weights: Weights; tensors: Case }> {
  const [model, part] = name.split('/') as [string, string?];
  const folder = part ? join(TINY, part) : join(GOLDEN, model);
  const file = part && part !== 'text_encoder' ? 'diffusion_pytorch_model.safetensors' : 'model.safetensors';
  return {
    json: JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')),
    weights: await Weights.open(name, await openAsBlob(join(folder, file))),
    tensors: part ? await golden(model, `${part}.safetensors`) : await golden(model, 'golden.safetensors'),
  };
}

const sizeOf = ({ shape }: Case[string]) => ({ height: shape[2] as number, width: shape[3] as number });
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

test.each(['tiny-model/text_encoder', 'clip-gelu'])('CLIPTextModel is transformers’: %s', async (name) => {
  const { json, weights, tensors } = await component(name);
  const [batch, sequenceLength] = at(tensors, 'input_ids').shape as [number, number];
  const parsed = config.parseConfig(name, config.CLIPTextConfig, json);
  const model = clipTextModel(parsed, weights, TARGET, { batch, sequenceLength });
  expect(weights.unused()).toEqual([]);
  expect(relativeError(await run(model, tensors), at(tensors, 'last_hidden_state'))).toBeLessThan(1e-4);
});

test.each(['tiny-model/unet', 'unet-linear', 'unet-trinket', 'unet-no-mid'])(
  'UNet2DConditionModel is diffusers’, guided and not: %s',
  async (name) => {
    const { json, weights, tensors } = await component(name);
    const parsed = config.parseConfig(name, config.UNet2DConditionConfig, json);
    const [, , height, width] = at(tensors, 'sample').shape as [number, number, number, number];
    const states = at(tensors, 'encoder_hidden_states');
    const [, sequenceLength, depth] = states.shape as [number, number, number];
    const shape = { height, width, sequenceLength };

    const guided = unet2DConditionModel(parsed, weights, TARGET, { ...shape, guidance: true });
    expect(weights.unused()).toEqual([]);
    expect(relativeError(await run(guided, tensors), at(tensors, 'guided_out_sample'))).toBeLessThan(1e-4);

    const plain = unet2DConditionModel(parsed, weights, TARGET, { ...shape, guidance: false });
    const cond = { shape: [1, sequenceLength, depth], data: states.data.slice(sequenceLength * depth) };
    const result = await run(plain, { ...tensors, encoder_hidden_states: cond });
    expect(relativeError(result, at(tensors, 'out_sample'))).toBeLessThan(1e-4);
  },
);

test.each(['tiny-model/vae', 'vae-old-names', 'vae-no-attention'])('AutoencoderKL is diffusers’: %s', async (name) => {
  const { json, weights, tensors } = await component(name);
  const parsed = config.parseConfig(name, config.AutoencoderKLConfig, json);
  const decoder = autoencoderKLDecoder(parsed, weights, TARGET, sizeOf(at(tensors, 'latent_sample')));
  expect(relativeError(await run(decoder, tensors), at(tensors, 'decoded'))).toBeLessThan(1e-4);
  const encoder = autoencoderKLEncoder(parsed, weights, TARGET, sizeOf(at(tensors, 'sample')));
  expect(relativeError(await run(encoder, tensors), at(tensors, 'encoded'))).toBeLessThan(1e-4);
  expect(weights.unused()).toEqual([]);
});

test('AutoencoderTiny is diffusers’, levels without blocks too', async () => {
  const { json, weights, tensors } = await component('vae-tiny');
  const parsed = config.parseConfig('vae', config.AutoencoderTinyConfig, json);
  const decoder = autoencoderTinyDecoder(parsed, weights, TARGET, sizeOf(at(tensors, 'latent_sample')));
  expect(relativeError(await run(decoder, tensors), at(tensors, 'decoded'))).toBeLessThan(1e-4);
  const encoder = autoencoderTinyEncoder(parsed, weights, TARGET, sizeOf(at(tensors, 'sample')));
  expect(relativeError(await run(encoder, tensors), at(tensors, 'encoded'))).toBeLessThan(1e-4);
  expect(weights.unused()).toEqual([]);
});

test('a configuration no graph is written for is refused by key', () => {
  expect(() => config.parseConfig('unet', config.UNet2DConditionConfig, { act_fn: 'mish' })).toThrow(/unet: act_fn is "mish"/);
  expect(() => config.parseConfig('unet', config.UNet2DConditionConfig, { down_block_types: ['SkipDownBlock2D'] })).toThrow(
    /down_block_types\.0 is "SkipDownBlock2D"/,
  );
});

test('a tensor of another shape is named with what was expected and found', async () => {
  const { json, weights } = await component('tiny-model/unet');
  const parsed = config.parseConfig('unet', config.UNet2DConditionConfig, { ...(json as object), cross_attention_dim: 48 });
  const build = () => unet2DConditionModel(parsed, weights, TARGET, { height: 8, width: 8, sequenceLength: 77, guidance: false });
  expect(build).toThrow(/attn2\.to_k\.weight \[16,48\], found F32 \[16,32\]/);
});
