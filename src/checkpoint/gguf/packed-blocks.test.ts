import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ByteSource } from '../../graph/byte-source.ts';
import { type ExternalTensor, Graph, type GraphTarget } from '../../graph/graph.ts';
import { float16ToFloat32 } from '../../numerics/half.ts';
import { bytesOn, readTensors, readValues, type StoredTensor, Weights } from '../weights.ts';

// Files by golden/gguf_blocks.py, and what ggml's own Python makes of them.
const GOLDEN = join(import.meta.dirname, '../golden/gguf');
const file = await readTensors('blocks.gguf', await openAsBlob(join(GOLDEN, 'blocks.gguf')));
const expected = await readTensors('expected', await openAsBlob(join(GOLDEN, 'expected.safetensors')));
const SHAPE = [6, 256];
const GPU: GraphTarget = { provider: 'webgpu', dtype: 'float32', ownKernels: true };

/** The bytes of a graph's tensors by the ends of their names. */
async function partsOf(name: string, target: GraphTarget) {
  const g = new Graph('test', target);
  const weight = Weights.of('x', file).getQuantized(g, name, SHAPE);
  const bytes = new Map<string, ArrayBuffer>();
  for (const initializer of g.initializers.values()) {
    const { path, offset, length } = (initializer as ExternalTensor).range;
    const source = g.files.get(path) as ByteSource;
    const [, part = ''] = /\.(packed|scales|zero_points)/.exec(initializer.name) ?? [];
    bytes.set(part, await source.slice(offset, offset + length).arrayBuffer());
    // What a GPU fetches in pieces is the same.
    const pieces = [source.slice(0, 100), source.slice(100, length)].map((piece) => piece.arrayBuffer());
    expect(await new Blob(await Promise.all(pieces)).arrayBuffer()).toEqual(bytes.get(part));
  }
  return { weight, bytes };
}

/** (packed − zero point) · scale: onnxruntime's docs/ContribOperators.md, MatMulNBits. */
function numbersOf({ weight, bytes }: Awaited<ReturnType<typeof partsOf>>): Float32Array {
  const packed = new Uint8Array(bytes.get('packed') as ArrayBuffer);
  const [, groups = 1, groupBytes = 1] = weight?.packed.shape ?? [];
  const bits = (8 * groupBytes * groups) / 256;
  const scaleBytes = bytes.get('scales') as ArrayBuffer;
  const scales =
    weight?.scales.dtype === 'float16'
      ? float16ToFloat32(new Uint16Array(scaleBytes))
      : new Float32Array(scaleBytes);
  const zeros = bytes.has('zero_points') && new Float32Array(bytes.get('zero_points') as ArrayBuffer);
  return Float32Array.from({ length: 6 * 256 }, (_, i) => {
    const code = bits === 8 ? packed[i] : ((packed[i >> 1] as number) >> (4 * (i & 1))) & 15;
    const group = Math.floor((i * groups) / 256);
    const zero = zeros ? zeros[group] : 2 ** (bits - 1);
    return ((code as number) - (zero as number)) * (scales[group] as number);
  });
}

const wanted = (name: string) => readValues(expected.get(name) as StoredTensor);

test.each(['Q4_0', 'Q5_0', 'Q8_0', 'Q6_K'])('%s stays in blocks with the same numbers', async (name) => {
  const numbers = numbersOf(await partsOf(name, GPU));
  const values = await wanted(name);
  // Zero has no sign as a code.
  expect(numbers.map((value) => value + 0)).toEqual(values.map((value) => value + 0));
});

test.each([
  'Q4_1',
  'Q5_1',
  'Q4_K',
  'Q5_K',
])('%s stays in blocks with the same numbers, but for float32’s last bits', async (name) => {
  const numbers = numbersOf(await partsOf(name, GPU));
  const values = await wanted(name);
  for (const [i, value] of values.entries()) {
    const group = values.subarray(32 * Math.floor(i / 32), 32 * Math.floor(i / 32) + 32);
    const greatest = Math.max(...group.map(Math.abs));
    expect(Math.abs((numbers[i] as number) - value)).toBeLessThanOrEqual(4 * 2 ** -24 * greatest);
  }
});

test('onnxruntime gets blocks that it reads itself; the others as floating-point numbers', async () => {
  const cpu: GraphTarget = { provider: 'wasm', dtype: 'float32' };
  const kept = [];
  for (const name of ['Q4_0', 'Q4_1', 'Q5_0', 'Q5_1', 'Q8_0', 'Q4_K', 'Q5_K', 'Q6_K'])
    if ((await partsOf(name, cpu)).weight) kept.push(name);
  expect(kept).toEqual(['Q4_0', 'Q5_0', 'Q8_0']);
  expect(numbersOf(await partsOf('Q8_0', cpu)).map((value) => value + 0)).toEqual(
    (await wanted('Q8_0')).map((value) => value + 0),
  );
});

test('what is counted of a matrix is what its parts take', async () => {
  for (const dtype of ['float16', 'float32'] as const)
    for (const name of ['Q8_0', 'Q4_0', 'Q5_1', 'Q4_K', 'Q6_K']) {
      const { bytes } = await partsOf(name, { ...GPU, dtype });
      const counted = bytesOn({ ...GPU, dtype }, file.get(name) as StoredTensor);
      expect(counted, name).toBe([...bytes.values()].reduce((sum, part) => sum + part.byteLength, 0));
    }
});
