import { expect, test } from 'vitest';
import { MODEL, module, safetensors } from '../checkpoint/lora/samples/lora-files.ts';
import type { StoredTensor } from '../checkpoint/weights.ts';
import { type ExternalTensor, Graph } from '../graph/graph.ts';
import { Runtime } from '../runtime/runtime.ts';
import type { ModelSource } from './model-source.ts';
import { type LoraFile, WeightSource } from './weight-source.ts';

test('LoRAs are read again only when a file, its settings or a strength is another', async () => {
  const source = { graphs: () => undefined, tensors: async () => MODEL.unet } as unknown as ModelSource;
  const weights = new WeightSource(source, {} as Runtime, ['unet']);
  const style: LoraFile = {
    ...{ name: 'style', unetWeight: 1, textEncoderWeight: 1, hash: 'a' },
    file: safetensors(module('base_model.model.conv_in', ['.lora_A.weight', '.lora_B.weight'])),
  };
  const notes = () => weights.loras.flatMap(({ notes }) => notes.map(({ kind }) => kind));
  expect(await weights.setLoras([])).toBe(false);
  expect(await weights.setLoras([style])).toBe(true);
  expect(notes()).toEqual(['unknown-strength']);
  expect(await weights.setLoras([style])).toBe(false);
  expect(await weights.setLoras([{ ...style, unetWeight: 0.5 }])).toBe(true);
  expect(await weights.setLoras([{ ...style, unetWeight: 0.5, hash: 'b', config: { lora_alpha: 4 } }])).toBe(
    true,
  );
  expect(notes()).toEqual([]);
  expect(await weights.setLoras([])).toBe(true);
});

test('weights in 8 bits that a LoRA changes become wider, with their scale; the others stay as they are', async () => {
  const stored = (codes: readonly number[], scale?: number): StoredTensor => {
    const tensor = { dtype: 'F8_E4M3', shape: [6, 4, 1, 1], offset: 0, length: 24, path: 'unet' };
    const blob = new Blob([Uint8Array.from({ length: 24 }, (_, i) => codes[i % codes.length] as number)]);
    if (scale === undefined) return { ...tensor, blob };
    return { ...tensor, blob, scale: { dtype: 'F32', source: new Blob([Float32Array.of(scale)]) } };
  };
  // torch: 0x38 is 1, 0xc0 is −2, 0x01 is 2⁻⁹.
  const codes = [0x38, 0xc0, 0x01];
  const tensors = new Map([
    ['conv_in.weight', stored(codes)],
    ['scaled.weight', stored(codes, 3)],
    ['conv_out.weight', stored(codes, 3)],
  ]);
  const source = { graphs: () => undefined, tensors: async () => tensors } as unknown as ModelSource;
  const weights = new WeightSource(source, await Runtime.open('wasm'), ['unet']);
  const diff = (name: string) => ({ [`lora_unet_${name}.diff`]: [6, 4, 1, 1] });
  const file = safetensors({ ...diff('conv_in'), ...diff('conv_out') });
  await weights.setLoras([{ name: 'a', unetWeight: 1, textEncoderWeight: 1, hash: 'a', file }]);
  const read = await weights.read('unet');
  const g = new Graph('test', { provider: 'webgpu', dtype: 'float32', ownKernels: true });
  for (const name of ['conv_in', 'scaled', 'conv_out']) read.getFactor(g, `${name}.weight`, [6, 4, 1, 1]);
  const floats = await Promise.all(
    [...g.initializers.values()].map(async (weight) => {
      const { path, offset, length } = (weight as ExternalTensor).range;
      const bytes = await g.files
        .get(path)
        ?.slice(offset, offset + length)
        .arrayBuffer();
      return [weight.dtype, bytes] as const;
    }),
  );
  expect(floats.map(([dtype]) => dtype)).toEqual(['float16', 'float8e4m3fn', 'float32', 'float32']);
  expect([...new Uint16Array(floats[0]?.[1] as ArrayBuffer).slice(0, 3)]).toEqual([0x3c00, 0xc000, 0x1800]);
  expect([...new Float32Array(floats[3]?.[1] as ArrayBuffer).slice(0, 3)]).toEqual([3, -6, 3 / 512]);
});

test('the bytes of weights are those that the device will hold', async () => {
  const of = (dtype: string, length: number): StoredTensor => {
    return { dtype, shape: [10, 10], offset: 0, length, path: 'unet', blob: new Blob() };
  };
  const tensors = new Map([
    ['a.weight', of('F8_E4M3', 100)],
    ['b.weight', of('F32', 400)],
  ]);
  const source = { graphs: () => undefined, tensors: async () => tensors } as unknown as ModelSource;
  const weights = new WeightSource(source, {} as Runtime, ['unet']);
  const own = { provider: 'webgpu', dtype: 'float16', ownKernels: true } as const;
  expect(await weights.bytes({ unet: own, vae: { ...own, dtype: 'float32' } })).toEqual({
    unet: 300,
    vae: 500,
  });
  expect(await weights.bytes({ unet: { provider: 'wasm', dtype: 'float32' } })).toEqual({ unet: 800 });
});

test('weights that a LoRA changes are counted as wide as they become, and not as their file or copy has them', async () => {
  const of = (dtype: string, length: number): StoredTensor => {
    return { dtype, shape: [6, 4, 1, 1], offset: 0, length, path: 'unet', blob: new Blob() };
  };
  const names = ['conv_in.weight', 'conv_out.weight'];
  const tensors = new Map(names.map((name) => [name, of('F8_E4M3', 24)]));
  const copy = new Map(
    names.flatMap((name) => [[name, of('U8', 24)] as const, [`${name}.scales`, of('F16', 3)] as const]),
  );
  const source = {
    ...{ graphs: () => undefined, tensors: async () => tensors, quantized: async () => copy },
  } as unknown as ModelSource;
  const weights = new WeightSource(source, {} as Runtime, ['unet']);
  const own = { unet: { provider: 'webgpu', dtype: 'float16', ownKernels: true } } as const;
  const lora = (unetWeight: number): LoraFile => {
    const file = safetensors({ 'lora_unet_conv_in.diff': [6, 4, 1, 1] });
    return { ...{ name: 'a', textEncoderWeight: 1, hash: 'a' }, unetWeight, file };
  };
  await weights.setLoras([lora(0)]);
  expect(await weights.bytes(own)).toEqual({ unet: 24 + 24 });
  await weights.setLoras([lora(0.5)]);
  expect(await weights.bytes(own)).toEqual({ unet: 48 + 24 });
  weights.setBits(8);
  expect(await weights.bytes(own)).toEqual({ unet: 48 + 27 });
});
