import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { float8E4M3ToFloat32, float8E5M2ToFloat32, float16ToFloat32, float32ToFloat16 } from './half.ts';

/** By golden/casts.py: the bits of the same numbers as float32, null where a code is no number. */
const CASTS: Readonly<Record<'float8_e4m3fn' | 'float8_e5m2', readonly (number | null)[]>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'golden/casts.json'), 'utf8'),
);

test.each([
  ['float8_e4m3fn', float8E4M3ToFloat32],
  ['float8_e5m2', float8E5M2ToFloat32],
] as const)('all codes of %s are what torch makes of them', (type, widen) => {
  const values = widen(Uint8Array.from({ length: 256 }, (_, code) => code));
  const bits = [...new Uint32Array(values.buffer)].map((word, i) => (Number.isNaN(values[i]) ? null : word));
  expect(bits).toEqual(CASTS[type]);
  // Each is a number of float16, too.
  const halves = float16ToFloat32(float32ToFloat16(values));
  expect(halves).toEqual(values);
});

describe('float32 rounded to float16', () => {
  test('is exact for every number that float16 has', () => {
    const halves = Uint16Array.from({ length: 65536 }, (_, bits) => bits);
    const numbers = halves.filter((bits) => (bits & 0x7fff) <= 0x7c00);
    expect(float32ToFloat16(float16ToFloat32(numbers))).toEqual(numbers);
    expect(float32ToFloat16(Float32Array.of(Number.NaN))[0]).toBe(0x7e00);
  });

  test('is the nearest number of float16, the even one of two equally near', () => {
    const finite = Float64Array.from(
      float16ToFloat32(Uint16Array.from({ length: 0x7c00 }, (_, bits) => bits)),
    );
    // The number after the largest, if there were another exponent, stands for infinity.
    const steps = [...finite, 65536];
    const nearest = (value: number): number => {
      const above = steps.findIndex((step) => step >= value);
      if (above <= 0) return above === 0 ? 0 : 0x7c00;
      const [low, high] = [value - (steps[above - 1] as number), (steps[above] as number) - value];
      return low < high || (low === high && above % 2 === 1) ? above - 1 : above;
    };
    const magnitude = fc.oneof(
      fc.float({ noNaN: true, min: 0 }),
      fc.float({ min: 0, max: 70000, noNaN: true }),
      fc.float({ min: 0, max: 2 ** -13, noNaN: true }),
      // Midway between two neighbours, and one bit above and below.
      fc.tuple(fc.integer({ min: 0, max: 0x7bff }), fc.integer({ min: -1, max: 1 })).map(([bits, off]) => {
        const middle = Float32Array.of(((steps[bits] as number) + (steps[bits + 1] as number)) / 2);
        new Int32Array(middle.buffer)[0] = (new Int32Array(middle.buffer)[0] as number) + off;
        return middle[0] as number;
      }),
    );
    fc.assert(
      fc.property(magnitude, fc.boolean(), (value, negative) => {
        const [half] = float32ToFloat16(Float32Array.of(negative ? -value : value));
        expect(half).toBe(nearest(value) + (negative ? 0x8000 : 0));
      }),
    );
  });
});
