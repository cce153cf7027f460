import { expect, test } from 'vitest';
import { pixelPrompt, within } from './pixel-prompt.ts';

const SIZE = { width: 128, height: 128 };

test('a point is the pixel that it lies in, also at the very edge', () => {
  const points = [
    { x: 0.5, y: 0.25, isPart: true },
    { x: 1, y: 0, isPart: false },
  ];
  expect(pixelPrompt({ points, box: null }, { width: 200, height: 100 })).toEqual({
    points: [
      { x: 100, y: 25, isPart: true },
      { x: 199, y: 0, isPart: false },
    ],
    box: null,
  });
});

test('a box is its middle without what lies beyond its edges, as in golden/segmenter.py', () => {
  const box = { x: 30 / 128, y: 20 / 128, width: 59.5 / 128, height: 79.5 / 128 };
  expect(pixelPrompt({ points: [], box }, SIZE)).toEqual({
    points: [
      { x: 60, y: 60, isPart: true },
      ...[
        [60, 14],
        [60, 105],
        [24, 60],
        [95, 60],
      ].map(([x, y]) => ({ x, y, isPart: false })),
    ],
    box: { x: 30, y: 20, width: 60, height: 80 },
  });
});

test('nothing beyond the picture is named, and a box without a size is a pixel', () => {
  const all = { x: -0.2, y: -0.2, width: 2, height: 2 };
  expect(pixelPrompt({ points: [], box: all }, SIZE)).toEqual({
    points: [{ x: 64, y: 64, isPart: true }],
    box: { x: 0, y: 0, width: 128, height: 128 },
  });
  const none = { x: 0, y: 0, width: 0, height: 0 };
  expect(pixelPrompt({ points: [], box: none }, SIZE).box).toEqual({ x: 0, y: 0, width: 1, height: 1 });
});

test('what lies outside a box is no part of what is in it', () => {
  const mask = { width: 3, height: 3, data: new Uint8ClampedArray(9).fill(255) };
  expect([...within(mask, { x: 1, y: 0, width: 2, height: 2 }).data]).toEqual([
    ...[0, 255, 255],
    ...[0, 255, 255],
    ...[0, 0, 0],
  ]);
  expect(within(mask, null)).toEqual(mask);
});
