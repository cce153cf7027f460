import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readTensors, readValues, type StoredTensor } from '../weights.ts';

// Files by golden/gguf_blocks.py, and what ggml's own Python makes of them.
const GOLDEN = join(import.meta.dirname, '../golden/gguf');
const file = await readTensors('blocks.gguf', await openAsBlob(join(GOLDEN, 'blocks.gguf')));
const expected = await readTensors('expected', await openAsBlob(join(GOLDEN, 'expected.safetensors')));
const bitsOf = ({ buffer }: Float32Array<ArrayBuffer>) => new Uint32Array(buffer);

test('a file has the tensors that were written', () => {
  expect([...file.keys()].sort()).toEqual([...expected.keys()].sort());
});

test.each([...expected.keys()])('%s is dequantised as by ggml, bit for bit', async (name) => {
  const [found, wanted] = [file.get(name), expected.get(name)] as [StoredTensor, StoredTensor];
  expect(found.shape).toEqual(wanted.shape);
  expect(bitsOf(await readValues(found))).toEqual(bitsOf(await readValues(wanted)));
});
