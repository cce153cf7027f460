import { expect, test } from 'vitest';
import golden from './golden/random.json' with { type: 'json' };
import { TorchRandom } from './random.ts';

const close = (found: ArrayLike<number>, expected: readonly number[]) => {
  for (const [i, value] of expected.entries())
    expect(Math.abs((found[i] as number) - value)).toBeLessThan(1e-6);
};

test.each(golden.cases)('seed $seed draws what torch draws, call after call', ({ seed, draws }) => {
  const random = new TorchRandom(seed);
  for (const { size, values, head, tail, sum, squares } of draws) {
    const { data } = random.randn([size]);
    expect(data.length).toBe(size);
    close(data, values ?? head);
    close(data.subarray(-tail.length), tail);
    expect(Math.abs(data.reduce((a, b) => a + b, 0) - sum)).toBeLessThan(1e-6 * size);
    expect(Math.abs(data.reduce((a, b) => a + b * b, 0) - squares)).toBeLessThan(1e-6 * size);
  }
});

test('a tensor has the shape that was asked for, its values in row-major order', () => {
  const tensor = new TorchRandom(5).randn([1, 4, 6, 8]);
  expect(tensor.shape).toEqual([1, 4, 6, 8]);
  expect(tensor.data).toEqual(new TorchRandom(5).randn([192]).data);
});
