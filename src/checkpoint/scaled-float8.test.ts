import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Graph } from '../graph/graph.ts';
import { readFloats } from './floats.ts';
import { readTensors, type StoredTensor, Weights } from './weights.ts';

// A file by golden/scaled_float8.py, and what ComfyUI's own library makes of it.
const GOLDEN = join(import.meta.dirname, 'golden/scaled-float8');
const open = async (name: string) => readTensors(name, await openAsBlob(join(GOLDEN, `${name}.safetensors`)));
const bytesOf = ({ blob, offset, length }: StoredTensor) => blob.slice(offset, offset + length);

test('scaled float8 is read as ComfyUI unpacks it, under the names of today and of before', async () => {
  const [file, expected] = [await open('file'), await open('expected')];
  expect([...file.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [name, tensor] of expected) {
    const found = file.get(name) as StoredTensor;
    expect(found.shape).toEqual(tensor.shape);
    expect(await readFloats(found.dtype as 'F32', bytesOf(found)), name).toEqual(
      await readFloats('F32', bytesOf(tensor)),
    );
  }
});

test('a stretch that begins and ends within a number is that of the whole', async () => {
  const source = bytesOf((await open('file')).get('now.weight') as StoredTensor);
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
