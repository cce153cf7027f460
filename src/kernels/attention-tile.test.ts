import { expect, test } from 'vitest';
import { attention } from './attention.ts';
import { attentionLayout, attentionTile } from './attention-tile.ts';

const SIZES = Array.from({ length: 512 }, (_, i) => i + 1);

test.each([16_384, 32_768, 49_152])('every head size has a tile that fits into %i bytes', (memory) => {
  const fits = (size: number, queries: number): boolean => {
    const tile = attentionTile({ batches: 2, heads: 8, size, queries }, memory);
    const layout = attentionLayout(tile, size, memory);
    if (!layout) return false;
    const { sizes, depth, steps, columns, keys, values } = layout;
    return (
      (sizes.tile + sizes.weights + sizes.queries) * 16 <= memory &&
      tile.threads[0] * tile.threads[1] <= 256 &&
      4 * depth * steps >= size &&
      4 * columns * tile.threads[0] >= size &&
      values % 4 === 0 &&
      values > 0 &&
      values <= keys
    );
  };
  expect(SIZES.filter((size) => ![1, 77, 4096].every((queries) => fits(size, queries)))).toEqual([]);
});

test('few queries make small tiles, so that there are more workgroups', () => {
  const queriesOf = (queries: number) => {
    const tile = attentionTile({ batches: 1, heads: 8, size: 40, queries }, 32_768);
    return tile.threads[1] * tile.perThread[0];
  };
  expect(queriesOf(4096)).toBe(128);
  expect(queriesOf(1024)).toBe(32);
  expect(queriesOf(1)).toBe(16);
});

test('a tile that the memory does not hold is refused', () => {
  const part = { pitch: 512, offset: 0 };
  const problem = {
    ...{ batches: 1, heads: 1, size: 512, queries: 1, keys: 1, storage: 'float32' as const },
    parts: [part, part, part] as const,
  };
  expect(() => attention(problem, 16_384, { threads: [32, 8], perThread: [8, 8] })).toThrow(RangeError);
});
