import { expect, test } from 'vitest';
import { markable } from './mask-area.ts';

const file = { width: 200, height: 100 };
const canvas = { width: 100, height: 100 };
const ALL = { x: 0, y: 0, width: 1, height: 1 };

test('of a picture that is cut off by the canvas all can be marked, and of one that is not all of the canvas', () => {
  expect(markable({ file, canvas, whole: { x: -50, y: 0, width: 200, height: 100 } })).toEqual(ALL);
  expect(markable({ file, canvas, whole: { x: 0, y: 25, width: 100, height: 50 } })).toEqual({
    ...{ x: 0, y: -0.5 },
    ...{ width: 1, height: 2 },
  });
});

test('what a mask has marked beyond both stays marked', () => {
  const marked = { x: -1, y: 0.5, width: 1.5, height: 1 };
  expect(markable({ file, canvas: file, whole: { x: 0, y: 0, ...file } }, marked)).toEqual({
    ...{ x: -1, y: 0 },
    ...{ width: 2, height: 1.5 },
  });
});
