import { expect, test } from 'vitest';
import { boxOf, promptAt, promptIn } from './pick-prompt.ts';
import type { PlacedOnCanvas } from './use-placement.ts';

/** A wide picture in the middle of a square canvas, whole, with room above and below. */
const PLACED = {
  canvas: { width: 100, height: 100 },
  file: { width: 400, height: 200 },
  placement: { whole: { x: 0, y: 25, width: 100, height: 50 } },
} as PlacedOnCanvas;

test('a point of the canvas is one of the picture, or beside it', () => {
  expect(promptAt({ x: 0.25, y: 0.5 }, PLACED)).toEqual({
    points: [{ x: 0.25, y: 0.5, isPart: true }],
    box: null,
  });
  expect(promptAt({ x: 0.25, y: 0.2 }, PLACED)).toBeNull();
});

test('of a box that reaches over the picture’s edge what is on the picture counts', () => {
  const box = boxOf({ x: 0.75, y: 0.5 }, { x: 0.25, y: 0 });
  expect(box).toEqual({ x: 0.25, y: 0, width: 0.5, height: 0.5 });
  expect(promptIn(box, PLACED)).toEqual({ points: [], box: { x: 0.25, y: 0, width: 0.5, height: 0.5 } });
  expect(promptIn(boxOf({ x: 0, y: 0 }, { x: 1, y: 0.2 }), PLACED)).toBeNull();
});
