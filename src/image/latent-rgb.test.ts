import { expect, test } from 'vitest';
import { postprocess } from './image-processor.ts';
import { previewLatents } from './latent-rgb.ts';

const FACTORS = [
  [0.3512, 0.2297, 0.3227],
  [0.325, 0.4974, 0.235],
  [-0.2829, 0.1762, 0.2721],
  [-0.212, -0.2616, -0.7177],
];

test('each latent pixel becomes one pixel by the factors and the bias, clamped', () => {
  const data = new Float32Array(4 * 2 * 3);
  data[0 * 6 + 1] = 1; // channel 0 at row 0, column 1
  data[3 * 6 + 5] = -9; // channel 3 at row 1, column 2
  const latents = { shape: [1, 4, 2, 3], data };
  const preview = previewLatents(latents, { factors: FACTORS, bias: [0, 0.2, 0] });
  expect([preview.width, preview.height]).toEqual([3, 2]);
  const pixel = (i: number) => [...preview.rgba.subarray(4 * i, 4 * i + 4)];
  const grey = (value: number) => Math.round((value / 2 + 0.5) * 255);
  expect(pixel(1)).toEqual([grey(0.3512), grey(0.4297), grey(0.3227), 255]);
  expect(pixel(5)).toEqual([255, 255, 255, 255]);
  expect(pixel(2)).toEqual([128, grey(0.2), 128, 255]);
});

test('samples become 8-bit pixels as in numpy: clamped, and halves rounded to even', () => {
  const sample = Float32Array.of(-1, -2, 1, 3, 0, -1 / 255, 1 / 255, 0.5, -0.5, 1, 1, 1, 1, 1, 1, 1, 1, 1);
  const { width, height, rgba } = postprocess(sample, 2, 3);
  expect([width, height]).toEqual([3, 2]);
  const red = [0, 1, 2, 3, 4, 5].map((i) => rgba[4 * i]);
  // 127.5 → 128, 127 → 127
  expect(red).toEqual([0, 0, 255, 255, 128, 127]);
  expect([rgba[1], rgba[5], rgba[9]]).toEqual([128, 191, 64]);
  expect(rgba.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
});
