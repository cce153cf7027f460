import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GAP, justifiedLines, neighbour } from './justified-lines.ts';

const one = (ratios: number[], hasHeading = false) => [{ hasHeading, ratios }];

test('lines fill the width, and every picture keeps its shape', () => {
  const lines = justifiedLines(one([1, 1.5, 0.75, 1, 1, 2]), 400, 100);
  const full = lines.slice(0, -1);
  expect(full.length).toBeGreaterThan(0);
  for (const { tiles, height } of full) {
    const { x = 0, width = 0 } = tiles.at(-1) ?? {};
    expect(x + width).toBeCloseTo(400);
    expect(height).toBeGreaterThan(60);
    expect(height).toBeLessThan(160);
  }
  const shapes = lines.flatMap(({ tiles, height }) => tiles.map(({ width }) => width / height));
  expect(shapes.map((shape) => Number(shape.toFixed(6)))).toEqual([1, 1.5, 0.75, 1, 1, 2]);
});

test('the last line of a group is not stretched, and the next group begins a line with its heading', () => {
  const groups = [
    { hasHeading: true, ratios: [1, 1] },
    { hasHeading: true, ratios: [2] },
  ];
  const lines = justifiedLines(groups, 1000, 100);
  expect(
    lines.map(({ group, tiles }) => [group, tiles.map(({ index, x, width }) => [index, x, width])]),
  ).toEqual([
    [0, []],
    [
      0,
      [
        [0, 0, 100],
        [1, 100 + GAP, 100],
      ],
    ],
    [1, []],
    [1, [[2, 0, 200]]],
  ]);
});

test('any pictures: each is there once, in order, inside the width, and no line is too low', () => {
  const ratio = fc.double({ min: 0.01, max: 40, noNaN: true });
  const group = fc.record({ hasHeading: fc.boolean(), ratios: fc.array(ratio, { maxLength: 30 }) });
  fc.assert(
    fc.property(fc.array(group, { maxLength: 5 }), fc.integer({ min: 288, max: 1400 }), (groups, width) => {
      const lines = justifiedLines(groups, width, 110);
      const tiles = lines.flatMap((line) => line.tiles);
      expect(tiles.map(({ index }) => index)).toEqual([...tiles.keys()]);
      expect(tiles).toHaveLength(groups.flatMap(({ ratios }) => ratios).length);
      for (const { x, width: of } of tiles) expect(x + of).toBeLessThanOrEqual(width + 0.01);
      for (const { height, tiles: some } of lines) if (some.length > 0) expect(height).toBeGreaterThan(40);
    }),
  );
});

test('arrow keys go where the eye does: along the line, and up and down past headings to what is nearest', () => {
  const groups = [
    { hasHeading: true, ratios: [3, 1] },
    { hasHeading: true, ratios: [1, 1, 1, 1] },
  ];
  // At 420 pixels: 3 and 1 in one line; four squares in the next.
  const lines = justifiedLines(groups, 420, 100);
  expect(lines.map(({ tiles }) => tiles.length)).toEqual([0, 2, 0, 4]);
  const press = (index: number, key: string) => neighbour(lines, index, key);
  expect(press(0, 'ArrowRight')).toBe(1);
  expect(press(1, 'ArrowRight')).toBe(2);
  expect(press(0, 'ArrowLeft')).toBeNull();
  expect(press(0, 'ArrowDown'), 'below the middle of a wide one').toBe(3);
  expect(press(1, 'ArrowDown')).toBe(5);
  expect(press(2, 'ArrowUp')).toBe(0);
  expect(press(5, 'ArrowUp')).toBe(1);
  expect(press(5, 'ArrowDown')).toBeNull();
  expect([press(4, 'Home'), press(1, 'End'), press(1, 'a')]).toEqual([0, 5, null]);
});
