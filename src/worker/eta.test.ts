import { expect, test } from 'vitest';
import { createEta } from './eta.ts';

test('the time of the second pass is estimated from its pixels at first, and from its own speed once it runs', () => {
  const hires = { scale: 2, upscaler: 'latent', strength: 0.5, steps: 3 } as const;
  const secondsLeft = createEta({ numImages: 2, width: 64, height: 64, hires });
  const first = { pass: 1, image: 0, evaluations: 5 } as const;
  expect(secondsLeft({ ...first, evaluation: 4 }, 1000)).toBe(1 + 5 + 3 * 2 * 4);
  expect(secondsLeft({ ...first, image: 1, evaluation: 5 }, 1000)).toBe(24);
  const second = { pass: 2, evaluations: 3, evaluation: 1 } as const;
  expect(secondsLeft({ ...second, image: 0 }, 6000)).toBe((2 + 3) * 6);
  expect(secondsLeft({ ...second, image: 1 }, 2000)).toBe(2 * 2);
});

test('where each picture has words of its own, both passes of the others are still to come', () => {
  const hires = { scale: 2, upscaler: 'latent', strength: 0.5, steps: 3 } as const;
  const secondsLeft = createEta({ numImages: 2, width: 64, height: 64, hires }, true);
  const [first, second] = [{ pass: 1, evaluations: 5 } as const, { pass: 2, evaluations: 3 } as const];
  expect(secondsLeft({ ...first, image: 0, evaluation: 5 }, 1000)).toBe(12 + 5 + 12);
  expect(secondsLeft({ ...second, image: 0, evaluation: 3 }, 6000)).toBe(5 + 3 * 6);
  expect(secondsLeft({ ...first, image: 1, evaluation: 4 }, 1000)).toBe(1 + 3 * 6);
  expect(secondsLeft({ ...second, image: 1, evaluation: 3 }, 6000)).toBe(0);
});

test('with DeepCache the few long evaluations count, and the first one, which loads, does not', () => {
  const secondsLeft = createEta({ numImages: 1, width: 64, height: 64, hires: null });
  const durations = [9000, 100, 100, 1000, 100, 100, 1000, 100, 100];
  const left = durations.map((ms, i) =>
    secondsLeft({ pass: 1, image: 0, evaluation: i + 1, evaluations: 18 }, ms),
  );
  expect(left.at(-1)).toBeCloseTo((9 * 2600) / 8 / 1000);
});
