import { expect, test } from 'vitest';
import { weigh } from './weigh.ts';

test('states are multiplied by their weight and scaled to the mean they had, as computed by hand', () => {
  // [[1, 3], [2, 2]] × [2, 0.5] = [[2, 6], [1, 1]]; means 2 and 2.5.
  const weighted = weigh(Float32Array.of(1, 3, 2, 2), Float32Array.of(2, 0.5), 'original');
  expect([...weighted]).toEqual([1.6, 4.8, 0.8, 0.8].map((x) => expect.closeTo(x, 6)));
});

test('weights of 1 change nothing, and weights of 0 give zeros, not NaN', () => {
  const states = Float32Array.of(1, 3, 2, 2);
  expect(weigh(states, Float32Array.of(1, 1), 'original')).toBe(states);
  expect([...weigh(states, Float32Array.of(0, 0), 'original')]).toEqual([0, 0, 0, 0]);
});

test('without the norm the states are only multiplied, and ignored weights change nothing', () => {
  const states = Float32Array.of(1, 3, 2, 2);
  expect([...weigh(states, Float32Array.of(2, 0.5), 'no-norm')]).toEqual([2, 6, 1, 1]);
  expect(weigh(states, Float32Array.of(2, 0.5), 'ignore')).toBe(states);
});
