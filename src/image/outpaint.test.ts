import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markBorder, replicateEdges } from './outpaint.ts';

const length = fc.integer({ min: 1, max: 24 });
const axis = fc.tuple(length, length, length).map(([before, inside, after]) => ({
  start: before - 1,
  length: inside,
  all: before + inside + after - 2,
}));
const placed = fc.tuple(axis, axis).map(([x, y]) => ({
  width: x.all,
  height: y.all,
  window: { x: x.start, y: y.start, width: x.length, height: y.length },
}));

test('outside of the window the nearest edge pixel is repeated; inside nothing changes', () => {
  fc.assert(
    fc.property(placed, ({ width, height, window }) => {
      const rgba = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => (i * 37) % 256);
      const { rgba: result } = replicateEdges({ width, height, rgba }, window);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const nearestX = Math.min(Math.max(x, window.x), window.x + window.width - 1);
          const nearestY = Math.min(Math.max(y, window.y), window.y + window.height - 1);
          const [to, from] = [(y * width + x) * 4, (nearestY * width + nearestX) * 4];
          expect(result.slice(to, to + 4)).toEqual(rgba.slice(from, from + 4));
        }
      }
    }),
    { numRuns: 50 },
  );
});

test('the added border is masked, with eight pixels of the picture beside it; the other sides are not', () => {
  const mask = { width: 40, height: 24, data: new Uint8ClampedArray(40 * 24) };
  const marked = markBorder(mask, { x: 8, y: 0, width: 32, height: 24 });
  const row = Array.from(marked.data.subarray(0, 40));
  expect(row).toEqual([...Array(16).fill(255), ...Array(24).fill(0)]);
  expect(new Set(marked.data)).toEqual(new Set([0, 255]));
});

test('what the mask already covers stays covered', () => {
  fc.assert(
    fc.property(placed, fc.integer({ min: 0, max: 255 }), ({ width, height, window }, grey) => {
      const data = new Uint8ClampedArray(width * height).fill(grey);
      const marked = markBorder({ width, height, data }, window);
      expect(marked.data.every((value) => value === grey || value === 255)).toBe(true);
    }),
  );
});
