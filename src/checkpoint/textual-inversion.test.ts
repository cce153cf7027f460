import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { float16ToFloat32 } from '../numerics/half.ts';
import { readTextualInversion } from './textual-inversion.ts';

interface Tensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

function safetensors(tensors: Readonly<Record<string, Tensor>>): Blob {
  let end = 0;
  const header: Record<string, unknown> = {};
  for (const [name, { dtype, shape, bytes }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [end, end + bytes.length] };
    end += bytes.length;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = new BigUint64Array([BigInt(json.length)]);
  return new Blob([length, json, ...Object.values(tensors).map(({ bytes }) => bytes)]);
}

const f32 = (shape: readonly number[], values: readonly number[]): Tensor => ({
  dtype: 'F32',
  shape,
  bytes: new Uint8Array(Float32Array.from(values).buffer),
});
const two = f32([2, 3], [1, 2, 3, 4, 5, 6]);

describe('a textual inversion', () => {
  test('is read as diffusers’ own pipeline reads it', async () => {
    const file = new Blob([
      readFileSync(join(import.meta.dirname, '../pipeline/golden/mystyle.safetensors')),
    ]);
    const { length, vectors } = await readTextualInversion('mystyle', file);
    expect([length, vectors.map(({ length, width }) => [length, width])]).toEqual([2, [[2, 32]]]);
  });

  test.each([
    ['emb_params', { emb_params: two }, [[2, 3]]],
    ['emb_params among others', { string_to_token: f32([1], [265]), emb_params: two }, [[2, 3]]],
    ['the word itself', { '<cat-toy>': two }, [[2, 3]]],
    ['one vector', { '<cat-toy>': f32([3], [1, 2, 3]) }, [[1, 3]]],
    [
      'SDXL',
      { clip_g: f32([2, 4], Array(8).fill(0)), clip_l: two },
      [
        [2, 3],
        [2, 4],
      ],
    ],
    ['pivotal tuning of SD 1', { text_encoders_0: two }, [[2, 3]]],
    [
      'pivotal tuning of SDXL',
      { text_encoders_1: f32([2, 4], Array(8).fill(0)), text_encoders_0: two },
      [
        [2, 3],
        [2, 4],
      ],
    ],
  ])('is found under %s', async (_, tensors, sizes) => {
    const { vectors } = await readTextualInversion('word', safetensors(tensors));
    expect(vectors.map(({ length, width }) => [length, width])).toEqual(sizes);
    expect([...(vectors[0]?.data ?? [])].slice(0, 3)).toEqual([1, 2, 3]);
  });

  test.each([
    ['nothing', {}],
    ['SDXL vectors of two lengths', { clip_l: two, clip_g: f32([1, 4], [1, 2, 3, 4]) }],
    ['a matrix of whole numbers', { emb_params: { ...two, dtype: 'I32' } }],
    ['four dimensions', { emb_params: f32([1, 1, 2, 3], [1, 2, 3, 4, 5, 6]) }],
    ['no vectors at all', { emb_params: f32([0, 3], []) }],
  ])('is not read from %s', async (_, tensors) => {
    await expect(readTextualInversion('word', safetensors(tensors))).rejects.toMatchObject({
      code: 'unsupported-embedding',
    });
  });

  test('is not read from a LoRA, which is called one', async () => {
    const file = safetensors({ 'a.lora_down.weight': two, 'a.lora_up.weight': two });
    const details = { kind: 'lora-as-embedding', token: 'word' };
    await expect(readTextualInversion('word', file)).rejects.toMatchObject({ details });
  });

  test('is not read from any other bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), async (bytes) => {
        const read = readTextualInversion('word', new Blob([Uint8Array.from(bytes)]));
        await expect(read).rejects.toMatchObject({ name: 'AppError' });
      }),
    );
  });
});

test('numbers in half precision are widened', () => {
  const bits = [0x0000, 0x8000, 0x3c00, 0xbc00, 0x3555, 0x7bff, 0x0001, 0x03ff, 0x7c00, 0xfc00];
  const values = [0, -0, 1, -1, 0.333251953125, 65504, 2 ** -24, 1023 * 2 ** -24, Infinity, -Infinity];
  expect([...float16ToFloat32(Uint16Array.from(bits))]).toEqual(values.map(Math.fround));
  expect(float16ToFloat32(Uint16Array.of(0x7c01))[0]).toBeNaN();
});
