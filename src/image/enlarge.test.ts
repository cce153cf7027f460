import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fromRgb, worstDifference } from '../pipeline/golden/runs.ts';
import { enlargeLatents, enlargePicture } from './enlarge.ts';

/** What golden/hires.py wrote of torch's interpolate and Pillow's resize. */
const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, '../pipeline/golden/hires/enlarged.json'), 'utf8'),
) as Record<'latents' | 'interpolated' | 'pixels' | 'lanczos', number[]>;

test('latents are interpolated as torch does it', () => {
  const latents = { shape: [1, 4, 5, 7], data: Float32Array.from(golden.latents) };
  const { shape, data } = enlargeLatents(latents, { width: 18, height: 8 });
  expect(shape).toEqual([1, 4, 8, 18]);
  expect(data).toHaveLength(golden.interpolated.length);
  const off = data.map((value, i) => Math.abs(value - (golden.interpolated[i] as number)));
  expect(Math.max(...off)).toBeLessThan(1e-6);
});

test('a picture is resampled as Pillow does it, with Lanczos, within 1 of 255', () => {
  const picture = fromRgb(Uint8Array.from(golden.pixels), 6, 9);
  const enlarged = enlargePicture(picture, { width: 11, height: 20 });
  expect(worstDifference(enlarged, Uint8Array.from(golden.lanczos))).toBeLessThanOrEqual(1);
  expect(enlarged.rgba.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
});
