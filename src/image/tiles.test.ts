import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openBlend, type Tile, tilePositions } from './tiles.ts';

function blended(tiles: readonly Tile[], ...of: Parameters<typeof openBlend>): Float32Array {
  const blend = openBlend(...of);
  for (const tile of tiles) blend.add(tile);
  return blend.finish();
}

const sizes = fc.record({
  length: fc.integer({ min: 1, max: 400 }),
  tile: fc.integer({ min: 2, max: 80 }),
  part: fc.integer({ min: 0, max: 90 }),
});

test('tiles cover the whole, overlap enough, and end where the whole ends', () => {
  fc.assert(
    fc.property(sizes, ({ length, tile, part }) => {
      const overlap = Math.floor((tile * part) / 100);
      const positions = tilePositions(length, tile, overlap);
      expect(positions[0]).toBe(0);
      expect((positions.at(-1) as number) + Math.min(tile, length)).toBe(length);
      for (const [i, position] of positions.slice(1).entries()) {
        const shared = (positions[i] as number) + tile - position;
        expect(shared).toBeGreaterThanOrEqual(Math.min(overlap, tile - 1));
      }
    }),
  );
});

test('a picture cut into tiles is blended into itself', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 5, max: 40 }),
      fc.integer({ min: 5, max: 40 }),
      fc.integer({ min: 4, max: 16 }),
      fc.integer({ min: 0, max: 3 }),
      (height, width, size, overlap) => {
        const value = (c: number, y: number, x: number) => Math.sin(c * 31 + y * 7 + x * 3);
        const tile = { height: Math.min(size, height), width: Math.min(size, width) };
        const tiles = tilePositions(height, size, overlap).flatMap((top) =>
          tilePositions(width, size, overlap).map((left) => ({
            ...{ top, left, ...tile },
            data: Float32Array.from({ length: 3 * tile.height * tile.width }, (_, i) => {
              const [c, y, x] = [
                Math.floor(i / tile.height / tile.width),
                Math.floor(i / tile.width) % tile.height,
                i % tile.width,
              ];
              return value(c, top + y, left + x);
            }),
          })),
        );
        const whole = blended(tiles, { channels: 3, height, width }, overlap);
        const off = whole.map((found, i) =>
          Math.abs(found - value(Math.floor(i / height / width), Math.floor(i / width) % height, i % width)),
        );
        expect(Math.max(...off)).toBeLessThan(1e-5);
      },
    ),
    { numRuns: 50 },
  );
});

test('two tiles of different brightness blend without an edge', () => {
  const tile = (left: number, value: number) => ({
    data: new Float32Array(32).fill(value),
    top: 0,
    left,
    height: 1,
    width: 32,
  });
  const row = blended([tile(0, 0), tile(16, 1)], { channels: 1, height: 1, width: 48 }, 16);
  const steps = row.slice(1).map((value, i) => value - (row[i] as number));
  expect(Math.max(...steps)).toBeLessThan(0.1);
  expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
  expect([row[0], row[47]]).toEqual([0, 1]);
});
