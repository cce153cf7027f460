import { expect, test } from 'vitest';
import { guide, isGuided } from './guidance.ts';

const whole = { guidanceScale: 3, guidanceRescale: 0, guidanceStart: 0, guidanceEnd: 1 };
const uncond = Float32Array.of(1, 2, 0, -1);
const cond = Float32Array.of(2, 0, 1, -1);

test('guidance goes from the unconditional output through the conditional one', () => {
  expect([...guide({ uncond, cond }, whole)]).toEqual([4, -4, 3, -1]);
  expect(guide({ uncond, cond }, { ...whole, guidanceScale: 1 })).toEqual(cond);
  expect(guide({ uncond, cond }, { ...whole, guidanceScale: 0 })).toEqual(uncond);
});

test('fully rescaled, the guided output has the standard deviation of the conditional one', () => {
  const deviation = (values: Float32Array) => {
    const mean = values.reduce((a, b) => a + b) / values.length;
    return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
  };
  const guided = guide({ uncond, cond }, whole);
  expect(deviation(guide({ uncond, cond }, { ...whole, guidanceRescale: 1 }))).toBeCloseTo(
    deviation(cond),
    6,
  );
  const half = guide({ uncond, cond }, { ...whole, guidanceRescale: 0.5 });
  expect(half[0]).toBeCloseTo((guided[0] as number) * (0.5 + (0.5 * deviation(cond)) / deviation(guided)), 6);
});

test('guided from 0.25 to 0.75, ten steps are guided from step 2 to step 6, counted from 0', () => {
  const part = { ...whole, guidanceStart: 0.25, guidanceEnd: 0.75 };
  const guided = Array.from({ length: 10 }, (_, i) => isGuided(part, i, 10));
  expect(guided.flatMap((is, i) => (is ? [i] : []))).toEqual([2, 3, 4, 5, 6]);
});
