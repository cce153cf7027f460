import { expect, test } from 'vitest';
import { guidanceEmbedding, guide, isGuided } from './guidance.ts';

const whole = { guidanceScale: 3, guidanceRescale: 0, guidanceStart: 0, guidanceEnd: 1 };
const uncond = Float32Array.of(1, 2, 0, -1);
const cond = Float32Array.of(2, 0, 1, -1);

test('guidance goes from the unconditional output through the conditional one', () => {
  expect([...guide({ uncond, cond }, whole)]).toEqual([4, -4, 3, -1]);
  expect(guide({ uncond, cond }, { ...whole, guidanceScale: 1 })).toEqual(cond);
  expect(guide({ uncond, cond }, { ...whole, guidanceScale: 0 })).toEqual(uncond);
});

test('rescaled in full, the guided output spreads as the conditional one does', () => {
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

test('the guided part of ten steps from 0.25 to 0.75 is steps 2 to 6, counted from 0', () => {
  const part = { ...whole, guidanceStart: 0.25, guidanceEnd: 0.75 };
  const guided = Array.from({ length: 10 }, (_, i) => isGuided(part, i, 10));
  expect(guided.flatMap((is, i) => (is ? [i] : []))).toEqual([2, 3, 4, 5, 6]);
});

test('LCM’s guidance embedding: LatentConsistencyModelPipeline.get_guidance_scale_embedding(tensor([7.5]), 8)', () => {
  // diffusers 0.35.2, torch 2.15.
  const expected = [
    -0.85123587, 0.56267112, -0.43523303, 0.68163872, -0.52478325, -0.82668084, -0.90031785, 0.73168892,
  ];
  for (const [i, value] of expected.entries()) expect(guidanceEmbedding(7.5, 8)[i]).toBeCloseTo(value, 4);
});
