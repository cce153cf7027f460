import { expect, test } from 'vitest';
import { attentionTile } from '../kernels/attention-tile.ts';
import { chooseTile, SOFTWARE } from './tiles.ts';
import { variantsOf } from './variants.ts';

const SIDES = [1, 8, 16, 32, 64, 96, 128];

test.each([
  16_384, 32_768, 49_152,
])('with %i bytes the self-test looks at every form that models run in', (memory) => {
  const { tiles, attentions } = variantsOf(memory, false);
  for (const side of SIDES)
    for (const columns of [4, 320, 1280, 10_240])
      for (const inner of [36, 320, 11_520])
        expect(tiles).toContainEqual(chooseTile(2 * side ** 2, columns, inner).tile);
  for (const [size, heads] of [
    [40, 8],
    [64, 5],
    [64, 20],
    [80, 8],
    [160, 8],
    [512, 1],
  ] as const)
    for (const side of SIDES) {
      const tile = attentionTile({ batches: 2, heads, size, queries: side ** 2 }, memory);
      expect(attentions).toContainEqual(expect.objectContaining({ size, tile, memory }));
    }
  const texts = attentionTile({ batches: 2, heads: 12, size: 64, queries: 77 }, memory);
  expect(attentions).toContainEqual(expect.objectContaining({ size: 64, causal: true, tile: texts }));
});

test('a processor that plays a GPU has one form of each', () => {
  const { tiles, attentions } = variantsOf(16_384, true);
  expect(tiles).toEqual([SOFTWARE.tile]);
  expect(attentions.map(({ size, causal }) => [size, causal ?? false])).toEqual([
    [40, false],
    [64, true],
  ]);
});
