import { expect, test } from 'vitest';
import { paceOf } from './seconds-left.ts';

test('the second pass is reckoned with from the start, by its pixels, and then at its own pace', () => {
  const hires = { scale: 2, upscaler: 'latent', strength: 0.5, steps: 3 } as const;
  const left = paceOf({ numImages: 2, width: 64, height: 64, hires });
  const first = { pass: 1, image: 0, evaluations: 5 } as const;
  expect(left({ ...first, evaluation: 4 }, 1000)).toBe(1 + 5 + 3 * 2 * 4);
  expect(left({ ...first, image: 1, evaluation: 5 }, 1000)).toBe(24);
  const second = { pass: 2, evaluations: 3, evaluation: 1 } as const;
  expect(left({ ...second, image: 0 }, 6000)).toBe((2 + 3) * 6);
  expect(left({ ...second, image: 1 }, 2000)).toBe(2 * 2);
});
