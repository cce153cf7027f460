import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Box, type GridShape, layoutGrid } from './grid-layout.ts';
import { wrapText } from './wrap-text.ts';

const SHAPE: GridShape = {
  columns: 3,
  rows: 2,
  count: 6,
  cellWidth: 512,
  cellHeight: 256,
  hasRowLabels: true,
  labelLines: 3,
  titleLines: 1,
  noteLines: 1,
};

const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const shapes = fc
  .record({
    columns: fc.integer({ min: 1, max: 20 }),
    rows: fc.integer({ min: 1, max: 20 }),
    missing: fc.nat(18),
    cellWidth: fc.integer({ min: 8, max: 256 }).map((n) => n * 8),
    cellHeight: fc.integer({ min: 8, max: 256 }).map((n) => n * 8),
    hasRowLabels: fc.boolean(),
    labelLines: fc.integer({ min: 1, max: 3 }),
    titleLines: fc.integer({ min: 0, max: 3 }),
    noteLines: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ missing, ...shape }): GridShape => {
    const left = shape.hasRowLabels ? 0 : Math.min(missing, shape.columns - 1);
    return { ...shape, count: shape.columns * shape.rows - left };
  });

test('nothing overlaps or leaves the canvas, which every browser can make', () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const { width, height, title, note, cells, columnLabels, rowLabels } = layoutGrid(shape);
      expect(cells).toHaveLength(shape.count);
      expect(columnLabels).toHaveLength(shape.hasRowLabels ? shape.columns : shape.count);
      expect(rowLabels).toHaveLength(shape.hasRowLabels ? shape.rows : 0);
      const boxes = [title, note, ...cells, ...columnLabels, ...rowLabels];
      const isInside = ({ x, y, width: w, height: h }: Box) =>
        w > 0 && x >= 0 && y >= 0 && x + w <= width && y + h <= height;
      expect(boxes.filter((box) => !isInside(box))).toEqual([]);
      // Neighbours are enough: the boxes lie in rows and columns.
      const touching = boxes
        .slice(0, 60)
        .filter((box, i) => boxes.slice(i + 1, i + 60).some((other) => overlap(box, other)));
      expect(touching).toEqual([]);
      expect(Math.max(width, height)).toBeLessThanOrEqual(16_384);
      expect(width * height).toBeLessThanOrEqual(100e6);
    }),
    { numRuns: 200 },
  );
});

test('pictures keep their size, but tiny ones are scaled up and too many are made smaller', () => {
  expect(layoutGrid(SHAPE).cells[0]).toMatchObject({ width: 512, height: 256 });
  expect(layoutGrid({ ...SHAPE, cellWidth: 64, cellHeight: 64 }).cells[0]).toMatchObject({ width: 128 });
  const many = layoutGrid({ ...SHAPE, columns: 20, rows: 20, count: 400, cellWidth: 1024, cellHeight: 1024 });
  expect(many.cells[0]?.width).toBeLessThan(500);
});

test('labels are above their column and to the left of their row', () => {
  const { cells, columnLabels, rowLabels } = layoutGrid(SHAPE);
  expect(columnLabels.map(({ x }) => x)).toEqual(cells.slice(0, 3).map(({ x }) => x));
  expect(rowLabels.map(({ y }) => y)).toEqual([cells[0]?.y, cells[3]?.y]);
});

const measure = (text: string) => [...text].length;

test('texts are broken between words or inside long ones, and cut off with an ellipsis', () => {
  expect(wrapText('a red apple on a table', 8, 9, measure)).toEqual(['a red', 'apple on', 'a table']);
  expect(wrapText('a red apple on a table', 8, 2, measure)).toEqual(['a red', 'apple o…']);
  expect(wrapText('abcdefghij k', 4, 9, measure)).toEqual(['abcd', 'efgh', 'ij k']);
  expect(wrapText('', 4, 2, measure)).toEqual([]);
});

test('no line is too wide, there are not too many, and a text that is not cut off is whole', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.integer({ min: 2, max: 30 }),
      fc.integer({ min: 1, max: 4 }),
      (text, width, max) => {
        const lines = wrapText(text, width, max, measure);
        expect(lines.length).toBeLessThanOrEqual(max);
        for (const line of lines) expect(measure(line)).toBeLessThanOrEqual(width);
        const letters = (value: string) => value.replaceAll(/\s/g, '');
        if (!lines.at(-1)?.endsWith('…')) expect(letters(lines.join(''))).toBe(letters(text));
      },
    ),
  );
});
