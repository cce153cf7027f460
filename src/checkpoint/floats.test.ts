import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CastSource, readFloats } from './floats.ts';

/** By golden/casts.py: the bits of numbers as float64, and of the same as torch's float32. */
const FLOAT64: readonly (readonly [double: string, single: number])[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../numerics/golden/casts.json'), 'utf8'),
).float64;

test('float64 is rounded to float32 as torch rounds it', async () => {
  const doubles = new Blob([BigUint64Array.from(FLOAT64, ([double]) => BigInt(double))]);
  const values = await readFloats('F64', doubles);
  expect([...new Uint32Array(values.buffer)]).toEqual(FLOAT64.map(([, single]) => single));
});

test('any stretch of cast numbers is that stretch of all of them', async () => {
  const bytes = Uint8Array.from({ length: 240 }, (_, i) => (i * 37) & 0x6f);
  const types = fc.constantFrom('F64', 'F32', 'F16', 'BF16', 'F8_E4M3', 'F8_E5M2', 'GGML_Q4_0', 'GGML_Q5_1');
  await fc.assert(
    fc.asyncProperty(
      ...[types, fc.constantFrom('F32', 'F16'), fc.nat(1000), fc.nat(1000), fc.nat(1000)],
      async (from, to, a, b, c) => {
        const blocks = { GGML_Q4_0: 234, GGML_Q5_1: 240 }[from as string] ?? 240;
        const whole = new CastSource(new Blob([bytes.subarray(0, blocks)]), from, to);
        const all = new Uint8Array(await whole.arrayBuffer());
        const [start = 0, end = 0] = [a % (all.length + 1), b % (all.length + 1)].sort((x, y) => x - y);
        const inner = whole.slice(start, end);
        expect(inner.size).toBe(end - start);
        const at = c % (inner.size + 1);
        const found = new Uint8Array(await inner.slice(at, inner.size).arrayBuffer());
        expect(found).toEqual(all.slice(start + at, end));
      },
    ),
  );
});
