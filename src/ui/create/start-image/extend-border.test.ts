import { expect, test } from 'vitest';
import { NO_BORDER } from '../../../protocol/placement.ts';
import { borderWith, mostOf } from './extend-border.ts';

const INNER = { width: 512, height: 768 };

test('a side has steps of 8 and is never negative, and the canvas never becomes larger than the form accepts', () => {
  const left = (pixels: number, border = NO_BORDER) => borderWith(border, 'left', pixels, INNER).left;
  expect([left(13), left(11), left(-40), left(9999)]).toEqual([16, 8, 0, 1536]);
  expect(left(9999, { ...NO_BORDER, right: 200 })).toBe(1336);
  expect(mostOf('top', { ...NO_BORDER, bottom: 8 }, INNER)).toBe(1272);
});

test('NaN leaves the border as it is', () => {
  expect(borderWith({ ...NO_BORDER, top: 8 }, 'top', Number.NaN, INNER).top).toBe(8);
});
