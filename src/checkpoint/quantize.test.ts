import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import * as ort from 'onnxruntime-web/wasm';
import { expect, test } from 'vitest';
import { Graph } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { quantizedLinear } from '../graph/quantized-linear.ts';
import { float16ToFloat32, float32ToFloat16 } from '../numerics/half.ts';
import { encodeModel } from '../onnx/encode.ts';
import {
  isQuantizable,
  type QuantizedMatrix,
  quantizeMatrix,
  quantizeTensors,
  withQuantized,
} from './quantize.ts';
import { readTensors, type StoredTensor, Weights } from './weights.ts';

/** What onnxruntime's quantiser makes of a matrix, and what its MatMulNBits computes from that (golden/quantize.py). */
interface GoldenMatrix {
  readonly bits: 4 | 8;
  readonly kind: 'steps' | 'normal';
  readonly rows: number;
  readonly columns: number;
  readonly weight: readonly number[];
  readonly x: readonly number[];
  readonly bias: readonly number[];
  readonly packed: readonly number[];
  readonly scales: readonly number[];
  readonly zero_points?: readonly number[];
  readonly y: readonly number[];
}

const GOLDEN = JSON.parse(
  readFileSync(join(import.meta.dirname, 'golden/quantize/matrices.json'), 'utf8'),
) as { cases: readonly GoldenMatrix[] };

const graph = () => new Graph('test', { provider: 'wasm', dtype: 'float32' });
const greatest = (values: Iterable<number>) => Math.max(...Array.from(values, Math.abs));
const differences = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a, (value, i) => value - (b[i] as number));

/** The numbers that quantised blocks stand for, according to the operator's documentation. */
function numbers(
  { packed, zeroPoints }: QuantizedMatrix,
  scales: ArrayLike<number>,
  columns: number,
  bits: 4 | 8,
): Float32Array {
  const nibble = (bytes: Uint8Array, i: number) => ((bytes[i >> 1] as number) >> (4 * (i % 2))) & 15;
  return Float32Array.from({ length: (packed.length * 8) / bits }, (_, i) => {
    const block = Math.floor(i / 32);
    const scale = scales[block] as number;
    if (bits === 8) return ((packed[i] as number) - 128) * scale;
    const blocks = columns / 32;
    const place = Math.floor(block / blocks) * 2 * Math.ceil(blocks / 2) + (block % blocks);
    return (nibble(packed, i) - nibble(zeroPoints as Uint8Array, place)) * scale;
  });
}

/** x [N, columns] through a linear layer with this weight, on the CPU. */
async function multiply(
  { rows, columns, x, bias }: GoldenMatrix,
  { packed, scales, zeroPoints }: QuantizedMatrix,
): Promise<Float32Array> {
  const g = graph();
  const blocks = columns / 32;
  const part = (name: string, dtype: 'uint8' | 'float16', shape: readonly number[], data: Blob) =>
    g.weight(name, dtype, shape, { path: name, offset: 0, length: data.size }, data);
  const input = g.input('x', 'float32', [x.length / columns, columns]);
  const weight = {
    packed: part('packed', 'uint8', [rows, blocks, packed.length / rows / blocks], new Blob([packed])),
    scales: nn.cast(g, part('scales', 'float16', [rows, blocks], new Blob([scales])), 'float32'),
    zeroPoints: zeroPoints && part('zeros', 'uint8', [rows, Math.ceil(blocks / 2)], new Blob([zeroPoints])),
  };
  g.output('y', quantizedLinear(g, input, { weight, bias: g.constant(Float32Array.from(bias), [rows]) }));
  const { bytes, externalData } = encodeModel(g);
  const files = externalData.map(async ({ path, data }) => ({
    path,
    data: new Uint8Array(await data.arrayBuffer()),
  }));
  const session = await ort.InferenceSession.create(bytes, { externalData: await Promise.all(files) });
  const { y } = await session.run({ x: new ort.Tensor('float32', Float32Array.from(x), input.shape) });
  await session.release();
  return y?.data as Float32Array;
}

/** x · weightᵀ + bias in float64. */
function product({ x, bias, rows, columns }: GoldenMatrix, weight: ArrayLike<number>): number[] {
  return Array.from({ length: (x.length / columns) * rows }, (_, i) => {
    const [from, row] = [Math.floor(i / rows) * columns, i % rows];
    let sum = bias[row] as number;
    for (let k = 0; k < columns; k++) sum += (x[from + k] as number) * (weight[row * columns + k] as number);
    return sum;
  });
}

const ofKind = (kind: GoldenMatrix['kind']) => GOLDEN.cases.filter((golden) => golden.kind === kind);

test.each(
  ofKind('steps'),
)('in $bits bits a matrix is the bytes of onnxruntime, and gives its product', async (golden) => {
  const ours = quantizeMatrix(Float32Array.from(golden.weight), golden.columns, golden.bits);
  expect([...ours.packed]).toEqual(golden.packed);
  expect(float16ToFloat32(ours.scales)).toEqual(Float32Array.from(golden.scales));
  expect(ours.zeroPoints && [...ours.zeroPoints]).toEqual(golden.zero_points);
  const error = greatest(differences(await multiply(golden, ours), golden.y));
  expect(error / greatest(golden.y)).toBeLessThan(1e-6);
});

test.each(
  ofKind('normal'),
)('in $bits bits a matrix differs from onnxruntime’s by the rounding of scales to float16', async (golden) => {
  const { bits, columns } = golden;
  const ours = quantizeMatrix(Float32Array.from(golden.weight), columns, bits);
  const scales = float16ToFloat32(ours.scales);
  const packed = Uint8Array.from(golden.packed);
  const zeroPoints = Uint8Array.from(golden.zero_points ?? []);
  const theirs = numbers({ ...ours, packed, zeroPoints }, golden.scales, columns, bits);
  const mine = numbers(ours, scales, columns, bits);
  for (const [block, scale] of scales.entries()) {
    expect(Math.abs(scale / (golden.scales[block] as number) - 1.0005)).toBeLessThan(0.0005);
    const range = [block * 32, (block + 1) * 32] as const;
    const apart = differences(mine.slice(...range), theirs.slice(...range));
    expect(greatest(apart)).toBeLessThan(1.2 * Math.abs(scale));
  }
  const error = (found: Float32Array) => Math.hypot(...differences(found, golden.weight));
  expect(error(mine)).toBeLessThan(1.02 * error(theirs));
  expect(greatest(differences(await multiply(golden, ours), product(golden, mine)))).toBeLessThan(1e-5);
});

const integers = fc.integer({ min: -65504, max: 65504 });

/** A block of one magnitude, with one number far out, of one number only, and of zeros. */
const block = fc.oneof(
  fc
    .tuple(fc.array(integers, { minLength: 32, maxLength: 32 }), fc.integer({ min: -50, max: 0 }))
    .map(([values, exponent]) => values.map((value) => value * 2 ** exponent)),
  fc
    .tuple(fc.integer({ min: 0, max: 31 }), integers)
    .map(([place, value]) => Array.from({ length: 32 }, (_, i) => (i === place ? value : value / 1000))),
  integers.map((value) => Array<number>(32).fill(value)),
  fc.constant(Array<number>(32).fill(0)),
);

test.each([4, 8] as const)('in %i bits every number is within half a step, and zero is zero', (bits) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3 }),
      fc.array(block, { minLength: 2, maxLength: 6 }),
      (wide, blocks) => {
        const whole = blocks.slice(0, wide * Math.floor(blocks.length / wide));
        const weight = Float32Array.from(whole.flat());
        const quantized = quantizeMatrix(weight, 32 * wide, bits);
        const scales = float16ToFloat32(quantized.scales);
        for (const [i, found] of numbers(quantized, scales, 32 * wide, bits).entries()) {
          const value = weight[i] as number;
          const scale = scales[Math.floor(i / 32)] as number;
          const missing = bits === 8 && value / scale > 127.5;
          const bound = Math.abs(scale) * (missing ? 1 : 0.5);
          expect(Math.abs(found - value)).toBeLessThanOrEqual(bound * (1 + 1e-6));
          if (value === 0) expect(Math.abs(found)).toBe(0);
        }
      },
    ),
  );
});

test('a row that is not whole blocks is refused', () => {
  expect(() => quantizeMatrix(new Float32Array(48), 48, 8)).toThrow(RangeError);
});

test('only the linear layers of transformers whose rows are whole blocks are quantised', () => {
  const tensor = (shape: number[], dtype: StoredTensor['dtype'] = 'F16'): StoredTensor => {
    return { dtype, shape, offset: 0, length: 0, path: '', blob: new Blob() };
  };
  const unet = 'down_blocks.1.attentions.0';
  const block = `${unet}.transformer_blocks.0`;
  const yes = (name: string, ...shape: number[]) =>
    expect(isQuantizable(name, tensor(shape)), name).toBe(true);
  const no = (name: string, ...shape: number[]) =>
    expect(isQuantizable(name, tensor(shape)), name).toBe(false);
  yes(`${block}.attn2.to_k.weight`, 640, 2048);
  yes(`${block}.ff.net.0.proj.weight`, 5120, 640);
  yes(`${unet}.proj_in.weight`, 640, 640, 1, 1);
  yes('text_model.encoder.layers.0.self_attn.q_proj.weight', 768, 768);
  yes('encoder.layers.0.mlp.fc1.weight', 3072, 768);
  no(`${block}.attn2.to_k.weight`, 24, 24);
  no(`${block}.norm1.weight`, 640);
  no(`${block}.attn1.to_out.0.bias`, 640);
  no('down_blocks.1.resnets.0.conv_shortcut.weight', 640, 320, 1, 1);
  no('time_embedding.linear_1.weight', 1280, 320);
  no('text_model.embeddings.token_embedding.weight', 49408, 768);
  no('mid_block.attentions.0.to_q.weight', 512, 512);
  expect(isQuantizable(`${block}.attn2.to_k.weight`, tensor([640, 2048], 'F8_E8M0'))).toBe(false);
});

/** The same [3, 96] in three types that can all represent its numbers, and a norm. */
function component(): Map<string, StoredTensor> {
  const values = Float32Array.from({ length: 288 }, (_, i) => ((i * 37) % 255) - 127);
  const data = {
    F32: values,
    F16: float32ToFloat16(values),
    BF16: new Uint16Array(values.buffer).filter((_, i) => i % 2 === 1),
  };
  const stored = (dtype: keyof typeof data, shape: number[]): StoredTensor => {
    const blob = new Blob([new Uint8Array(5), data[dtype]]);
    return { dtype, shape, offset: 5, length: data[dtype].byteLength, path: 'file', blob };
  };
  return new Map([
    ...(['F32', 'F16', 'BF16'] as const).map(
      (d) => [`encoder.layers.0.${d}.weight`, stored(d, [3, 96])] as const,
    ),
    ['norm.weight', stored('F32', [288])],
  ]);
}

const SIGNAL = new AbortController().signal;

test.each([
  4, 8,
] as const)('a component in %i bits is a file that its layers can be read from', async (bits) => {
  const tensors = component();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const progress: number[][] = [];
  await quantizeTensors(
    tensors,
    bits,
    { append: (bytes) => pieces.push(bytes) },
    {
      signal: SIGNAL,
      onProgress: (...step) => progress.push(step),
    },
  );
  expect(progress).toEqual([288, 576, 864].map((done) => [done, 864]));
  const all = withQuantized(tensors, await readTensors('quantized', new Blob(pieces)));
  expect(all.get('norm.weight')).toBe(tensors.get('norm.weight'));
  const weights = Weights.of('x', all);
  const expected = quantizeMatrix(
    Float32Array.from({ length: 288 }, (_, i) => ((i * 37) % 255) - 127),
    96,
    bits,
  );
  const bytes = async (name: string) => {
    const { blob, offset, length } = all.get(name) as StoredTensor;
    return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
  };
  for (const dtype of ['F32', 'F16', 'BF16']) {
    const name = `encoder.layers.0.${dtype}.weight`;
    expect(await bytes(name)).toEqual(expected.packed);
    expect(await bytes(`${name}.scales`)).toEqual(new Uint8Array(expected.scales.buffer));
    if (expected.zeroPoints) expect(await bytes(`${name}.zero_points`)).toEqual(expected.zeroPoints);
    const found = weights.getQuantized(graph(), name, [3, 96]);
    expect(found?.packed).toMatchObject({ dtype: 'uint8', shape: [3, 3, 4 * bits] });
    expect(found?.scales).toMatchObject({ dtype: 'float32', shape: [3, 3] });
    expect(found?.zeroPoints?.shape).toEqual(bits === 4 ? [3, 2] : undefined);
    expect(() => weights.getQuantized(graph(), name, [3, 64])).toThrow(`expected ${name} [3,2,${4 * bits}]`);
  }
  expect(weights.getQuantized(graph(), 'norm.weight', [9, 32])).toBeUndefined();
  expect(weights.unused()).toEqual(['norm.weight']);
  const changed = Weights.of('x', new Map([...all, ...tensors]));
  expect(changed.getQuantized(graph(), 'encoder.layers.0.F16.weight', [3, 96])).toBeUndefined();
});

test('in 16 bits everything that is not float16 becomes float16', async () => {
  const tensors = component();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const sink = { append: (bytes: Uint8Array<ArrayBuffer>) => pieces.push(bytes) };
  await quantizeTensors(tensors, 16, sink, { signal: SIGNAL, onProgress: () => {} });
  const copy = await readTensors('copy', new Blob(pieces));
  expect([...copy.keys()]).toEqual(
    [...tensors].flatMap(([name, { dtype }]) => (dtype === 'F16' ? [] : [name])),
  );
  for (const { dtype, blob, offset, length } of copy.values()) {
    expect(dtype).toBe('F16');
    const halves = new Uint16Array(await blob.slice(offset, offset + length).arrayBuffer());
    expect(halves).toEqual(
      float32ToFloat16(Float32Array.from({ length: 288 }, (_, i) => ((i * 37) % 255) - 127)),
    );
  }
});

test('quantising stops between two weights when it is aborted', async () => {
  const stop = new AbortController();
  let bytes = 0;
  const run = quantizeTensors(
    component(),
    8,
    { append: ({ length }) => (bytes += length) },
    {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    },
  );
  await expect(run).rejects.toThrowError(expect.objectContaining({ name: 'AbortError' }));
  expect(bytes).toBeLessThan(2 * 288 + 1000);
});
