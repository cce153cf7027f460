import { expect, test } from 'vitest';
import { MIDDLE, NO_BORDER, place } from '../../protocol/placement.ts';
import { en } from './en.ts';
import { placementText } from './placement-text.ts';

const text = (
  file: [number, number],
  canvas: [number, number],
  change: Partial<Parameters<typeof place>[2]>,
) => {
  const [from, to] = [file, canvas].map(([width, height]) => ({ width, height })) as [Size, Size];
  const placing = { fit: 'crop', offset: MIDDLE, border: NO_BORDER, ...change } as const;
  return placementText(en.startImage, { file: from, canvas: to, placement: place(from, to, placing) });
};
type Size = { width: number; height: number };

test.each([
  ['the size of both', [512, 512], [64, 64], {}, '512 × 512 in the file, 64 × 64 here.'],
  [
    'what is cut, in the file’s pixels',
    [4032, 3024],
    [512, 512],
    { offset: { x: 1, y: 0.5 } },
    '4032 × 3024 in the file, 512 × 512 here. Cropped: 1008 left of the file’s pixels.',
  ],
  [
    'what is added',
    [100, 50],
    [64, 64],
    { fit: 'fill' as const },
    '100 × 50 in the file, 64 × 32 here. To paint: 16 top, 16 bottom pixels.',
  ],
  [
    'that it is stretched',
    [100, 50],
    [64, 64],
    { fit: 'stretch' as const },
    '100 × 50 in the file, 64 × 64 here, stretched.',
  ],
] as [
  string,
  [number, number],
  [number, number],
  object,
  string,
][])('%s', (_, file, canvas, change, expected) => {
  expect(text(file, canvas, change)).toBe(expected);
});
