import { expect, test } from 'vitest';
import { keepRatioOf, keptBy, withSide } from './kept-ratio.ts';

test('the side that is typed takes the other along, whichever was typed before, and rounding changes no ratio', () => {
  const square = keepRatioOf({ width: 128, height: 128 });
  const wide = withSide(square, 'width', 135);
  expect(wide.sides).toEqual({ width: 136, height: 136 });
  // The field has been rounded when it was left.
  const left = keptBy(wide, { width: 136, height: 136 });
  expect(withSide(left, 'height', 256).sides).toEqual({ width: 256, height: 256 });

  const screen = keepRatioOf({ width: 1344, height: 768 });
  const small = withSide(screen, 'width', 135);
  expect(small.sides).toEqual({ width: 136, height: 80 });
  expect(withSide(keptBy(small, { width: 136, height: 80 }), 'width', 1344).sides.height).toBe(768);
});

test('a side ends at its limit, and the ratio outlives that', () => {
  const tall = keepRatioOf({ width: 640, height: 1536 });
  const most = withSide(tall, 'width', 2048);
  expect(most.sides).toEqual({ width: 2048, height: 2048 });
  expect(withSide(keptBy(most, most.sides), 'height', 1536).sides).toEqual({ width: 640, height: 1536 });
});

test('sides that a model, a picture or Undo has put there have the ratio that is kept', () => {
  const square = keepRatioOf({ width: 128, height: 128 });
  const kept = keptBy(square, { width: 1344, height: 768 });
  expect(withSide(kept, 'height', 384).sides).toEqual({ width: 672, height: 384 });
});
