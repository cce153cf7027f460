import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitBorder, fullSize, hasBorder, MIDDLE, NO_BORDER, place, roomWithin } from './placement.ts';

const pixels = fc.integer({ min: 1, max: 8000 });
const file = fc.record({ width: pixels, height: pixels });
const side = fc.integer({ min: 8, max: 128 }).map((n) => n * 8);
const canvas = fc.record({ width: side, height: side });
const part = fc.double({ min: 0, max: 1, noNaN: true });
const offset = fc.record({ x: part, y: part });
const added = fc.integer({ min: 0, max: 128 }).map((n) => n * 8);
const border = fc.record({ left: added, top: added, right: added, bottom: added });
const fit = fc.constantFrom('crop' as const, 'stretch' as const, 'fill' as const);
const PLACING = { fit: 'crop', offset: MIDDLE, border: NO_BORDER } as const;

test('a cropped picture covers its canvas, and an offset of 0 shows its left, 1 its right', () => {
  const [wide, square] = [
    { width: 200, height: 100 },
    { width: 64, height: 64 },
  ];
  const left = (x: number) => place(wide, square, { ...PLACING, offset: { x, y: 0.5 } }).whole.x;
  expect([left(0), left(0.5), left(1)]).toEqual([0, -32, -64]);
  expect(place(wide, square, PLACING).window).toEqual({ x: 0, y: 0, ...square });
});

test('a picture cropped at its own size begins on a whole pixel', () => {
  const { whole } = place({ width: 65, height: 64 }, { width: 64, height: 64 }, PLACING);
  expect(whole).toEqual({ x: 0, y: 0, width: 65, height: 64 });
});

test('a whole picture lies between its borders on whole pixels', () => {
  const { whole, window } = place(
    { width: 300, height: 101 },
    { width: 128, height: 128 },
    { ...PLACING, fit: 'fill' },
  );
  expect(whole).toEqual({ x: 0, y: 43, width: 128, height: 43 });
  expect(window).toEqual(whole);
});

test('wherever a picture is placed, the window is inside the canvas and the picture', () => {
  fc.assert(
    fc.property(file, canvas, fit, offset, border, (file, canvas, fit, offset, border) => {
      const { whole, window } = place(file, canvas, { fit, offset, border });
      const room = roomWithin(border, canvas);
      expect(window.width).toBeGreaterThan(0);
      expect(window.height).toBeGreaterThan(0);
      for (const [outer, slack] of [
        [whole, 1e-6],
        [room, 0],
      ] as const) {
        expect(window.x).toBeGreaterThanOrEqual(outer.x - slack);
        expect(window.y).toBeGreaterThanOrEqual(outer.y - slack);
        expect(window.x + window.width).toBeLessThanOrEqual(outer.x + outer.width + slack);
        expect(window.y + window.height).toBeLessThanOrEqual(outer.y + outer.height + slack);
      }
    }),
  );
});

test('borders that leave no room shrink in steps of 8, and borders that fit stay as they are', () => {
  const small = { width: 64, height: 64 };
  expect(fitBorder({ left: 64, top: 8, right: 64, bottom: 0 }, small)).toEqual({
    left: 24,
    top: 8,
    right: 24,
    bottom: 0,
  });
  fc.assert(
    fc.property(canvas, border, (canvas, border) => {
      const { left, right } = fitBorder(border, canvas);
      expect(left + right).toBeLessThanOrEqual(canvas.width - 8);
      expect([left % 8, right % 8]).toEqual([0, 0]);
      if (border.left + border.right <= canvas.width - 8)
        expect([left, right]).toEqual([border.left, border.right]);
    }),
  );
});

test('only a picture of another shape, or with a border, leaves a part of the canvas uncovered', () => {
  const canvas = { width: 64, height: 64 };
  const has = (file: { width: number; height: number }, change: object) =>
    hasBorder(place(file, canvas, { ...PLACING, ...change }), canvas);
  const wide = { width: 128, height: 64 };
  expect(has(wide, {})).toBe(false);
  expect(has(wide, { fit: 'stretch' })).toBe(false);
  expect(has(wide, { fit: 'fill' })).toBe(true);
  expect(has(canvas, { fit: 'fill' })).toBe(false);
  expect(has(canvas, { border: { ...NO_BORDER, top: 8 } })).toBe(true);
});

test('a canvas at full size has the requested shape and all the pixels of the file, and is never smaller than requested', () => {
  const asked = { width: 512, height: 512 };
  expect(fullSize({ width: 4032, height: 3024 }, asked, 'crop')).toEqual({ width: 3024, height: 3024 });
  expect(fullSize({ width: 4032, height: 3024 }, asked, 'stretch')).toEqual({ width: 4032, height: 4032 });
  expect(fullSize({ width: 100, height: 100 }, asked, 'crop')).toEqual(asked);
});
