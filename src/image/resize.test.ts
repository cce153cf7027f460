import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fromRgb, worstDifference } from './golden/rgb.ts';
import { resizeImage, resizeLatents } from './resize.ts';

/** Results of torch's interpolate and Pillow's resize, from golden/hires.py. */
const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, '../pipeline/golden/hires/enlarged.json'), 'utf8'),
) as Record<'latents' | 'interpolated' | 'pixels' | 'lanczos', number[]>;

test('latents are resized as torch does it', () => {
  const latents = { shape: [1, 4, 5, 7], data: Float32Array.from(golden.latents) };
  const { shape, data } = resizeLatents(latents, { width: 18, height: 8 });
  expect(shape).toEqual([1, 4, 8, 18]);
  expect(data).toHaveLength(golden.interpolated.length);
  const off = data.map((value, i) => Math.abs(value - (golden.interpolated[i] as number)));
  expect(Math.max(...off)).toBeLessThan(1e-6);
});

test('a picture is resized as Pillow does it with Lanczos', () => {
  const image = fromRgb(Uint8Array.from(golden.pixels), 6, 9);
  const resized = resizeImage(image, { width: 11, height: 20 });
  expect(worstDifference(resized, Uint8Array.from(golden.lanczos))).toBe(0);
  expect(resized.rgba.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
});
