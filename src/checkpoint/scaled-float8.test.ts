import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ByteSource } from '../graph/byte-source.ts';
import { type ExternalTensor, Graph } from '../graph/graph.ts';
import { quantizeMatrix, quantizeTensors } from './quantize.ts';
import { readTensors, readValues, type StoredTensor, Weights } from './weights.ts';

// A file by golden/scaled_float8.py, and what ComfyUI's own library makes of it.
const GOLDEN = join(import.meta.dirname, 'golden/scaled-float8');
const open = async (name: string) => readTensors(name, await openAsBlob(join(GOLDEN, `${name}.safetensors`)));
/** The bytes of a graph's weights by the beginning of their names. */
const sourcesOf = (g: Graph) =>
  Object.fromEntries(
    [...g.initializers.values()].map((weight): [string, ByteSource] => {
      const { path, offset, length } = (weight as ExternalTensor).range;
      return [weight.name, (g.files.get(path) as ByteSource).slice(offset, offset + length)];
    }),
  );

test('scaled float8 is read as ComfyUI unpacks it, under the names of today and of before', async () => {
  const [file, expected] = [await open('file'), await open('expected')];
  expect([...file.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [name, tensor] of expected) {
    const found = file.get(name) as StoredTensor;
    expect(found.shape).toEqual(tensor.shape);
    expect(await readValues(found), name).toEqual(await readValues(tensor));
  }
});

test('a stretch that begins and ends within a number is that of the whole', async () => {
  const g = new Graph('test', { provider: 'webgpu', dtype: 'float32' });
  Weights.of('x', await open('file')).get(g, 'now.weight', [7, 5]);
  const source = sourcesOf(g)['now.weight[7,5]'] as ByteSource;
  const whole = new Uint8Array(await source.arrayBuffer());
  const part = await source.slice(10, 90).slice(3, 51).arrayBuffer();
  expect(new Uint8Array(part)).toEqual(whole.slice(13, 61));
});

test('a graph has the scaled numbers, and nothing is left unused', async () => {
  const weights = Weights.of('x', await open('file'));
  const g = new Graph('test', { provider: 'wasm', dtype: 'float32' });
  for (const name of ['now', 'wide', 'former']) weights.get(g, `${name}.weight`, [7, 5]);
  expect(weights.unused()).toEqual(['plain.weight']);
});

test('kernels of our own get the file’s own bytes, and the scale for each row', async () => {
  const file = await open('file');
  const g = new Graph('test', { provider: 'webgpu', dtype: 'float16', ownKernels: true });
  const weights = Weights.of('x', file);
  expect(weights.getFactor(g, 'wide.weight', [7, 5])).toMatchObject({ dtype: 'float16', shape: [7, 5] });
  expect(g.nodes.map(({ op }) => op)).toEqual(['DequantizeLinear', 'Cast']);
  const initializers = [...g.initializers.values()];
  expect(initializers).toMatchObject([
    { name: 'wide.weight[7,5]', dtype: 'float8e5m2' },
    { name: 'wide.weight.scales[7]', dtype: 'float32' },
  ]);
  const sources = sourcesOf(g);
  const { blob, offset, scale } = file.get('wide.weight') as StoredTensor;
  const own = await blob.slice(offset, offset + 35).arrayBuffer();
  expect(await sources['wide.weight[7,5]']?.arrayBuffer()).toEqual(own);
  const [factor] = new Float32Array((await scale?.source.arrayBuffer()) as ArrayBuffer);
  expect(factor).toBeGreaterThan(0);
  const scales = sources['wide.weight.scales[7]'] as ByteSource;
  expect([...new Float32Array(await scales.arrayBuffer())]).toEqual(Array(7).fill(factor));
});

test('a copy in 8 bits is made of the scaled numbers', async () => {
  const name = 'encoder.layers.0.mlp.fc1.weight';
  // torch: 0x38 is 1, 0xc0 is −2, 0x01 is 2⁻⁹.
  const codes = Uint8Array.from({ length: 64 }, (_, i) => [0x38, 0xc0, 0x01][i % 3] as number);
  const scale = { dtype: 'F32', source: new Blob([Float32Array.of(3)]) } as const;
  const place = { dtype: 'F8_E4M3', shape: [2, 32], offset: 0, length: 64, path: 'x' };
  const tensors = new Map([[name, { ...place, blob: new Blob([codes]), scale }]]);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const sink = { append: (bytes: Uint8Array<ArrayBuffer>) => pieces.push(bytes) };
  const { signal } = new AbortController();
  await quantizeTensors(tensors, 8, sink, { signal, onProgress: () => {} });
  const values = Float32Array.from({ length: 64 }, (_, i) => [3, -6, 3 / 512][i % 3] as number);
  expect(pieces.slice(1)[0]).toEqual(quantizeMatrix(values, 32, 8).packed);
  expect(new Uint16Array(pieces[2]?.buffer as ArrayBuffer)).toEqual(quantizeMatrix(values, 32, 8).scales);
});
