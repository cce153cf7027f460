import { gaussianFilter } from './gaussian-filter.ts';
import type { GreyPicture, Picture } from './picture.ts';

/** Deviations in pixels: what is finer is grain, what is coarser is no line. */
const SCRIBBLE = { fine: 0.5, coarse: 5, least: 16 } as const;
const LINEART = { coarse: 6, least: 8, usual: 16, grey: 127 } as const;

/**
 * A scribble of a picture, white on black and without greys: the `scribble_xdog` of ControlNet 1.1's annotators at its threshold
 * of 32. A pixel is ink where it is darker than what is round it.
 */
export function scribble(picture: Picture): GreyPicture {
  const { width, height } = picture;
  const depth = darkness(picture, SCRIBBLE.fine, SCRIBBLE.coarse);
  return { width, height, data: Uint8ClampedArray.from(depth, (dark) => (dark > SCRIBBLE.least ? 255 : 0)) };
}

/**
 * The lines of a picture, white on black: `lineart_standard` of ControlNet 1.1's annotators (controlnet_aux's
 * LineartStandardDetector) with its defaults. A line of the usual darkness is grey, and what is twice as dark white.
 */
export function lineart(picture: Picture): GreyPicture {
  const { width, height } = picture;
  const depth = darkness(picture, 0, LINEART.coarse).map((dark) => Math.min(255, Math.max(0, dark)));
  const usual = Math.max(LINEART.usual, median(depth.filter((dark) => dark > LINEART.least)));
  const data = Uint8ClampedArray.from(depth, (dark) =>
    Math.floor(Math.min(255, (dark / usual) * LINEART.grey)),
  );
  return { width, height, data };
}

/**
 * How much darker each pixel is than what is round it, in the colour in which it is that least: the difference of two Gaussian
 * blurs, −255 … 255.
 */
function darkness({ rgba, width, height }: Picture, fine: number, coarse: number): Float32Array {
  const least = new Float32Array(width * height).fill(Number.POSITIVE_INFINITY);
  for (let channel = 0; channel < 3; channel++) {
    const data = new Float32Array(least.length);
    for (let i = 0; i < data.length; i++) data[i] = rgba[i * 4 + channel] as number;
    const own = gaussianFilter({ width, height, data }, fine);
    const around = gaussianFilter({ width, height, data }, coarse);
    for (let i = 0; i < least.length; i++)
      least[i] = Math.min(least[i] as number, (around.data[i] as number) - (own.data[i] as number));
  }
  return least;
}

/** The middle of some numbers, or the mean of both middles; 0 of none. */
function median(numbers: Float32Array): number {
  const sorted = numbers.toSorted();
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}
