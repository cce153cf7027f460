import { expect, test } from 'vitest';
import { rememberedBits, stepDown } from './step-down.ts';

test('the same weights as long as a plan takes less, then the copies that are here, then nothing', () => {
  const copies = [8, 4] as const;
  expect(stepDown({ hasLess: true }, 800, null, copies)).toEqual({ memoryBytes: 800, bits: null });
  expect(stepDown({ hasLess: false }, 640, null, copies)).toEqual({ memoryBytes: 640, bits: 8 });
  expect(stepDown({ hasLess: false }, 640, 16, copies)).toEqual({ memoryBytes: 640, bits: 8 });
  expect(stepDown({ hasLess: true }, 500, 8, copies)).toEqual({ memoryBytes: 500, bits: 8 });
  expect(stepDown({ hasLess: false }, 400, 8, copies)).toEqual({ memoryBytes: 400, bits: 4 });
  expect(stepDown({ hasLess: false }, 400, 4, copies)).toBeUndefined();
  expect(stepDown({ hasLess: false }, 400, null, [])).toBeUndefined();
  expect(stepDown({ hasLess: false }, 400, null, [4])).toEqual({ memoryBytes: 400, bits: 4 });
});

test('what is remembered never widens what is asked for, and no copy is asked for that is gone', () => {
  expect(rememberedBits(null, 8, [8, 4])).toBe(8);
  expect(rememberedBits(16, 8, [8])).toBe(8);
  expect(rememberedBits(4, 8, [8, 4])).toBe(4);
  expect(rememberedBits(null, 8, [4])).toBeNull();
  expect(rememberedBits(null, null, [8])).toBeNull();
});
