import fc from 'fast-check';
import { expect, test } from 'vitest';
import { interpolate, numpyLinspace, roundHalfEven, torchLinspace } from './ranges.ts';

// Expected values: numpy 2 and torch 2.15, the call named in each title.

test('numpy.linspace has both ends exactly, and a single value is the start', () => {
  expect(numpyLinspace(0, 999, 7)).toEqual([0, 166.5, 333, 499.5, 666, 832.5, 999]);
  expect(numpyLinspace(0, 1, 3)).toEqual([0, 0.5, 1]);
  expect(numpyLinspace(2, 5, 1)).toEqual([2]);
});

test('torch.linspace(0.0001, 0.02, 5) is right to a unit in the last place of float32', () => {
  const expected = [
    0.00009999999747378752, 0.005074999760836363, 0.01004999969154596, 0.015024999156594276,
    0.019999999552965164,
  ];
  const found = torchLinspace(0.0001, 0.02, 5);
  for (const [i, value] of expected.entries())
    expect(Math.abs((found[i] as number) / value - 1)).toBeLessThan(2 ** -23);
});

test('numpy.round rounds a half to the even neighbour', () => {
  const values = [0.5, 1.5, 2.5, -1.5, 0.49999999999999994, 937.5, 936.4999999999999];
  expect(values.map(roundHalfEven)).toEqual([0, 2, 2, -2, 0, 938, 936]);
});

test('a rounded number is an integer, at most a half away, and even when it is exactly a half away', () => {
  fc.assert(
    fc.property(fc.integer({ min: -4000, max: 4000 }), (quarters) => {
      const value = quarters / 4;
      const rounded = roundHalfEven(value);
      expect(Number.isInteger(rounded)).toBe(true);
      expect(Math.abs(rounded - value)).toBeLessThanOrEqual(0.5);
      if (Math.abs(rounded - value) === 0.5) expect(Math.abs(rounded % 2)).toBe(0);
    }),
  );
});

test('numpy.interp over [10, 20, 40] is linear between the values and constant outside', () => {
  expect([-1, 0, 0.25, 1.5, 2, 7].map((x) => interpolate(x, [10, 20, 40]))).toEqual([
    10, 10, 12.5, 30, 40, 40,
  ]);
});
