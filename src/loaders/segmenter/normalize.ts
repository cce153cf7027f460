import * as v from 'valibot';
import type { Picture } from '../../image/picture.ts';
import type { Size } from '../../protocol/placement.ts';

const colour = v.pipe(v.number(), v.finite());
/** One number for each of red, green and blue. */
export const threeNumbers = v.tuple([colour, colour, colour]);

interface Normalization {
  /** Of each colour, where the brightest is 1. */
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
  /** The 8-bit value that counts as 1. */
  readonly scale: number;
}

/** 8-bit RGBA → float32 [3, height, width], (value / scale − mean) / std; zeros where the picture does not reach. */
export function normalized(
  { rgba, ...picture }: Picture,
  { width, height }: Size,
  { mean, std, scale }: Normalization,
): Float32Array {
  const data = new Float32Array(3 * width * height);
  for (const [c, average] of mean.entries()) {
    const deviation = std[c] as number;
    for (let y = 0; y < picture.height; y++)
      for (let x = 0; x < picture.width; x++) {
        const value = (rgba[(y * picture.width + x) * 4 + c] as number) / scale;
        data[(c * height + y) * width + x] = (value - average) / deviation;
      }
  }
  return data;
}
