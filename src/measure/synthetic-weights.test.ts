import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { StoredTensor } from '../checkpoint/weights.ts';
import { compile } from '../gpu/compile.ts';
import { chooseTile } from '../gpu/tiles.ts';
import { float16ToFloat32 } from '../numerics/half.ts';
import {
  convolution,
  graphOf,
  shapesOf,
  TEXT_ENCODERS,
  textEncoder,
  UNETS,
  unet,
  VAE,
  vaeDecoder,
} from './components.ts';
import { syntheticTensors } from './synthetic-weights.ts';

type Shapes = Readonly<Record<string, readonly number[]>>;
const FILE = join(import.meta.dirname, '../models/golden/sd15/shapes.json');
const SD15 = JSON.parse(readFileSync(FILE, 'utf8')) as Record<
  'text_encoder' | 'unet' | 'vae',
  { readonly shapes: Shapes }
>;

test('components have diffusers’ tensors, by name and shape', () => {
  const decoder = Object.entries(SD15.vae.shapes).filter(([name]) =>
    /^(decoder|post_quant_conv)\./.test(name),
  );
  const sd15 = UNETS['stable-diffusion-v1-5'];
  expect(Object.fromEntries(shapesOf(unet(sd15, 64)))).toEqual(SD15.unet.shapes);
  expect(Object.fromEntries(shapesOf(vaeDecoder(VAE, 64)))).toEqual(Object.fromEntries(decoder));
  expect(Object.fromEntries(shapesOf(textEncoder(TEXT_ENCODERS.text_encoder)))).toEqual(
    SD15.text_encoder.shapes,
  );
});

const read = async ({ blob, offset, length }: StoredTensor, from = 0, to = length) =>
  new Uint16Array(await blob.slice(offset + from, offset + to).arrayBuffer());

test('made-up numbers are those of a new layer, the same in any slice, and no two tensors are equal', async () => {
  const tensors = syntheticTensors(
    new Map([
      ['norm.weight', [320]],
      ['conv.weight', [320, 320, 3, 3]],
      ['q.weight', [1280, 2048]],
      ['k.weight', [1280, 2048]],
    ]),
  );
  const [norm, conv, q, k] = [...tensors.values()] as [
    StoredTensor,
    StoredTensor,
    StoredTensor,
    StoredTensor,
  ];
  expect(new Set(await read(norm))).toEqual(new Set([0x3c00]));

  const numbers = float16ToFloat32(await read(conv));
  const rms = Math.sqrt(numbers.reduce((sum, x) => sum + x * x, 0) / numbers.length);
  // torch's uniform in ±1/√2880 has 0.0108; powers of two come within a factor of √2.
  expect(rms).toBeGreaterThan(0.0108 / Math.SQRT2);
  expect(rms).toBeLessThan(0.0108 * Math.SQRT2);
  expect(Math.abs(numbers.reduce((sum, x) => sum + x, 0) / numbers.length)).toBeLessThan(rms / 100);

  const all = await read(q);
  const isEqual = (a: Uint16Array, b: Uint16Array) => a.length === b.length && a.every((x, i) => x === b[i]);
  expect(isEqual(await read(q, 1_000_000, 3_000_000), all.slice(500_000, 1_500_000))).toBe(true);
  expect(isEqual(await read(k), all)).toBe(false);
  const starts = Array.from({ length: 1280 }, (_, row) => all.slice(2048 * row, 2048 * row + 16).join());
  const rows = new Set(starts);
  expect(rows.size).toBe(1280);
});

test('SDXL’s components are such that their graphs can be built, by both kinds of kernels', () => {
  const xl = UNETS['stable-diffusion-xl-base-1.0'];
  for (const component of [unet(xl, 64), textEncoder(TEXT_ENCODERS.text_encoder_2, true), convolution(64)]) {
    const own = graphOf(component, { provider: 'webgpu', dtype: 'float16', ownKernels: true });
    expect(() => compile(own, { hasF16: true, workgroupMemory: 32_768, tileFor: chooseTile })).not.toThrow();
    const onnx = graphOf(component, { provider: 'webgpu', dtype: 'float32' });
    expect(onnx.initializers.size).toBeGreaterThan(1);
  }
});
