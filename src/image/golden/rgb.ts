import type { Picture } from '../picture.ts';

/** The largest difference of any colour of any pixel from an 8-bit RGB picture; infinite when the sizes differ. */
export function worstDifference({ rgba }: Picture, rgb: Uint8Array): number {
  const found = rgba.filter((_, i) => i % 4 !== 3);
  if (found.length !== rgb.length) return Number.POSITIVE_INFINITY;
  return found.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (rgb[i] as number))), 0);
}

/** Opaque RGBA from 8-bit RGB, row by row. */
export function fromRgb(rgb: Uint8Array, width: number, height: number): Picture {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (const [i, value] of rgb.entries()) rgba[Math.floor(i / 3) * 4 + (i % 3)] = value;
  return { width, height, rgba };
}
