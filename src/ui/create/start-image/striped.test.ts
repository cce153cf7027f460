import { expect, test } from 'vitest';
import { striped } from './striped.ts';

/** A mask all of which is this grey. */
const mask = (grey: number) =>
  ({
    width: 32,
    height: 32,
    data: Uint8ClampedArray.from({ length: 32 * 32 * 4 }, (_, i) => (i % 4 === 3 ? 255 : grey)),
  }) as ImageData;

/** Relative luminance of 8-bit sRGB (WCAG 2.2, definitions). */
const luminance = (rgb: readonly number[]) => {
  const [r, g, b] = rgb.map((value) =>
    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * (r as number) + 0.7152 * (g as number) + 0.0722 * (b as number);
};

test.each([
  ['a red apple', [222, 40, 30]],
  ['the mask’s own red', [255, 70, 40]],
  ['black', [0, 0, 0]],
  ['white', [255, 255, 255]],
  ['grey', [128, 128, 128]],
  ['brown', [90, 40, 20]],
  ['green', [40, 160, 60]],
] as const)('what is marked can be told from what is not, on %s', (_, under) => {
  const { data } = striped(mask(255));
  const seen = (at: number) => {
    const alpha = (data[at + 3] as number) / 255;
    return under.map((value, channel) => value * (1 - alpha) + (data[at + channel] as number) * alpha);
  };
  const lights = Array.from({ length: 32 }, (_, x) => luminance(seen(4 * x)) + 0.05);
  const light = luminance(under) + 0.05;
  const contrast = Math.max(...lights.map((one) => Math.max(one / light, light / one)));
  expect(contrast).toBeGreaterThan(1.9);
  expect(Math.max(...lights) / Math.min(...lights)).toBeGreaterThan(1.6);
});

test('nothing covers what is not marked', () => {
  const { data } = striped(mask(0));
  expect(data.filter((value, i) => i % 4 === 3 && value > 0)).toHaveLength(0);
});
