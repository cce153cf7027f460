import { expect, test } from 'vitest';
import { dropPlace } from './use-drag.ts';

test('a dropped row lies after the rows whose middles it has passed', () => {
  expect([0, 10, 15, 29, 31].map((y) => dropPlace(y, [10, 20, 30]))).toEqual([0, 0, 1, 2, 3]);
  expect(dropPlace(5, [])).toBe(0);
});
