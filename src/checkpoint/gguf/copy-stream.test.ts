import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CopyBits } from '../../protocol/models.ts';
import { readTensors, readValues, type StoredTensor } from '../weights.ts';
import { type CopyPlan, planCopy } from './copy-plan.ts';
import { CopyStream } from './copy-stream.ts';

// A small Stable Diffusion in one file, by golden/single_file_pictures.py.
const FILE = join(import.meta.dirname, '../../pipeline/golden/single-file/sd1.safetensors.gz');
const SOURCE = new Uint8Array(gunzipSync(readFileSync(FILE)));
const tensors = await readTensors('x.safetensors', new Blob([SOURCE]));
const planOf = (bits: CopyBits) => planCopy(tensors, bits) as CopyPlan;

/** A copy made of pieces of these lengths, by a new stream at each boundary where `isCut` says so. */
function copy(plan: CopyPlan, lengths: readonly number[], isCut = false): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const append = (bytes: Uint8Array<ArrayBuffer>) => void parts.push(bytes.slice());
  let stream = new CopyStream(plan, 0, append);
  for (let at = 0, i = 0; at < SOURCE.length; i++) {
    const end = at + (lengths[i % lengths.length] as number);
    stream.write(SOURCE.slice(at, end));
    at = Math.min(end, SOURCE.length);
    if (isCut && stream.isBoundary) stream = new CopyStream(plan, stream.position, append);
  }
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

test.each([4, 8] as const)('in %i bits a copy is the same, whatever pieces its file comes in', (bits) => {
  const plan = planOf(bits);
  const whole = copy(plan, [SOURCE.length]);
  expect(whole.length).toBe(plan.size);
  expect(whole.length).toBeLessThan(SOURCE.length);
  const lengths = fc.array(fc.integer({ min: 1, max: 400_000 }), { minLength: 20, maxLength: 30 });
  fc.assert(
    fc.property(lengths, fc.boolean(), (pieces, isCut) => {
      expect(Buffer.compare(copy(plan, pieces, isCut), whole)).toBe(0);
    }),
    { numRuns: 10 },
  );
});

test.each([
  4, 8,
] as const)('in %i bits a copy has all tensors, its layers as they are quantised', async (bits) => {
  const copied = await readTensors('x.gguf', new Blob([copy(planOf(bits), [SOURCE.length])]));
  const kinds = new Map<string, number>();
  for (const [name, tensor] of tensors) {
    if (tensor.dtype === 'I64') continue;
    const found = copied.get(name) as StoredTensor;
    expect(found.shape, name).toEqual(tensor.shape);
    kinds.set(found.dtype, (kinds.get(found.dtype) ?? 0) + 1);
    const [values, expected] = [await readValues(found), await readValues(tensor)];
    if (!found.dtype.startsWith('GGML')) {
      expect(Buffer.compare(new Uint8Array(values.buffer), new Uint8Array(expected.buffer)), name).toBe(0);
      continue;
    }
    let last = 0;
    const range = (from: number) => {
      const block = expected.subarray(from, from + 32);
      return bits === 8
        ? Math.max(...block.map(Math.abs)) / 128
        : (Math.max(0, ...block) - Math.min(0, ...block)) / 15;
    };
    let worst = 0;
    for (const [i, value] of values.entries()) {
      const step = i % 32 === 0 ? range(i) : last;
      last = step;
      // Half a step; a whole one where 8 bits lack +128. Steps and minimums are rounded to float16.
      const most = step * (bits === 8 ? 1.01 : 0.52) + 1e-7;
      worst = Math.max(worst, Math.abs(value - (expected[i] as number)) / most);
    }
    expect(worst, name).toBeLessThanOrEqual(1);
  }
  expect([...copied.keys()].length).toBe([...kinds.values()].reduce((sum, n) => sum + n, 0));
  expect(kinds.get(bits === 8 ? 'GGML_Q8_0' : 'GGML_Q4_1')).toBeGreaterThan(50);
});

test('a file that is quantised already is not copied', async () => {
  const tensor = { shape: [32, 32], offset: 0, length: 1024, path: 'x', blob: new Blob() };
  expect(planCopy([['a.weight', { ...tensor, dtype: 'U8' }]], 8)).toBeUndefined();
  const scale = { dtype: 'F32', source: new Blob() } as const;
  expect(planCopy([['a.weight', { ...tensor, dtype: 'F8_E4M3', scale }]], 8)).toBeUndefined();
});
