import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ByteSource } from '../../graph/byte-source.ts';
import { AppError } from '../../protocol/errors.ts';
import { readTensors } from '../weights.ts';
import { ggufFile } from './samples/gguf-file.ts';

const BLOCKS = readFileSync(join(import.meta.dirname, '../golden/gguf/blocks.gguf'));
const refusal = (file: ByteSource, path = 'x.gguf') =>
  readTensors(path, file).then(
    () => 'read',
    (error) => {
      if (!(error instanceof AppError)) throw error;
      return { code: error.code, ...error.details };
    },
  );
const zeros = (length: number) => new Uint8Array(length);
const SOUND = { sizes: [32, 2], type: 2, bytes: zeros(36) };

test('a file that is cut off says so, wherever it ends', async () => {
  for (let length = 1; length < BLOCKS.length - 32; length += 37)
    expect(await refusal(new Blob([BLOCKS.subarray(0, length)])), `${length}`).toMatchObject({
      ...{ code: 'corrupt-file', kind: 'cut-off', file: 'x.gguf', found: length },
      expected: expect.toSatisfy((bytes: number) => bytes > length && bytes <= BLOCKS.length),
    });
});

test('only as much as the header is read, in a few looks', async () => {
  const looks: number[] = [];
  const counted = (from: number, to: number): ByteSource => ({
    size: to - from,
    slice: (start, end) => counted(from + start, Math.min(from + end, to)),
    arrayBuffer: async () => {
      looks.push(to - from);
      return head.slice(from, to).arrayBuffer();
    },
  });
  const longText = 'x'.repeat(3_000_000);
  const head = ggufFile({
    metadata: { 'tokenizer.ggml.tokens': longText },
    tensors: { a: { ...SOUND, sizes: [2 ** 20, 2 ** 10], bytes: zeros(0) } },
  });
  const whole = head.size + 2 ** 30;
  expect([...(await readTensors('x.gguf', counted(0, whole))).values()]).toMatchObject([
    { dtype: 'GGML_Q4_0', shape: [2 ** 10, 2 ** 20], length: (2 ** 30 / 32) * 18 },
  ]);
  expect(looks).toEqual([2 ** 20, 2 ** 23]);
});

const damaged = { code: 'corrupt-file', file: 'x.gguf' };
test.each([
  ['big-endian', ggufFile({ version: 0x03000000 }), { kind: 'gguf-version', found: 'big-endian' }],
  ['of the first version', ggufFile({ version: 1 }), { kind: 'gguf-version', found: 'version 1' }],
  [
    'of a language model',
    ggufFile({ metadata: { 'general.architecture': 'llama' } }),
    { kind: 'not-stable-diffusion', found: 'llama' },
  ],
  [
    'of Flux',
    ggufFile({ metadata: { 'general.architecture': 'flux' } }),
    { kind: 'not-stable-diffusion', found: 'flux' },
  ],
  [
    'with blocks of another type',
    ggufFile({ tensors: { 'a.weight': { ...SOUND, type: 10 } } }),
    { code: 'unsupported-model', kind: 'gguf-type', component: 'a.weight', found: 'Q2_K' },
  ],
  [
    'with blocks of a type that has no name',
    ggufFile({ tensors: { 'a.weight': { ...SOUND, type: 4096 } } }),
    { kind: 'gguf-type', component: 'a.weight', found: '4096' },
  ],
  ['aligned to 24', ggufFile({ metadata: { 'general.alignment': 24 } }), { ...damaged, found: '24' }],
  ['aligned to 0', ggufFile({ metadata: { 'general.alignment': 0 } }), { ...damaged, found: '0' }],
  ['of too many tensors', ggufFile({ counts: [2n ** 63n, 0] }), { ...damaged, expected: 'a count' }],
  ['of many tensors', ggufFile({ counts: [2 ** 40, 0] }), { ...damaged, found: `${2 ** 40}` }],
  ['with a count of values that ends with the file', ggufFile({ counts: [0, 2 ** 50] }), { kind: 'cut-off' }],
  [
    'with a row that is not whole blocks',
    ggufFile({ tensors: { a: { ...SOUND, sizes: [48] } } }),
    { ...damaged, found: '48 numbers' },
  ],
  [
    'with a size that no file can have',
    ggufFile({ tensors: { a: { ...SOUND, sizes: [2 ** 40, 2 ** 40] } } }),
    { ...damaged, expected: 'a size of a' },
  ],
  [
    'with five dimensions',
    ggufFile({ tensors: { a: { ...SOUND, sizes: [32, 1, 1, 1, 1] } } }),
    { ...damaged, found: '5' },
  ],
  [
    'with a tensor in another place',
    ggufFile({ tensors: { a: SOUND, b: { ...SOUND, offset: 32 } } }),
    { ...damaged, expected: 'tensor b at byte 64' },
  ],
  [
    'with an original shape of other numbers',
    ggufFile({ metadata: { 'comfy.gguf.orig_shape.a': [8, 9] }, tensors: { a: SOUND } }),
    { ...damaged, found: '8,9' },
  ],
  [
    'that is a web page',
    new Blob(['<!doctype html><html>']),
    { ...damaged, kind: 'not-gguf', found: 'web-page' },
  ],
  ['that is empty', new Blob([]), { ...damaged, kind: 'not-gguf', found: 'empty' }],
  ['of noise', new Blob(['noise, and more of it']), { ...damaged, found: 'something else' }],
])('a file %s is refused', async (_, file, expected) => {
  expect(await refusal(file)).toMatchObject(expected);
});

test('a file of another alignment is read', async () => {
  const file = ggufFile({
    ...{ metadata: { 'general.alignment': 64 }, alignment: 64 },
    tensors: { a: SOUND, b: { sizes: [2], type: 0, bytes: new Uint8Array(Float32Array.of(1, 2).buffer) } },
  });
  const { blob, offset, length } = (await readTensors('x.gguf', file)).get('b') ?? expect.fail();
  expect(new Float32Array(await blob.slice(offset, offset + length).arrayBuffer())).toEqual(
    Float32Array.of(1, 2),
  );
});

test('a .safetensors file has no blocks of ggml', async () => {
  const json = JSON.stringify({ a: { dtype: 'GGML_Q4_0', shape: [32], data_offsets: [0, 18] } });
  const file = new Blob([BigUint64Array.of(BigInt(json.length)), json, zeros(18)]);
  expect(await refusal(file, 'x.safetensors')).toMatchObject({ code: 'corrupt-file' });
});
