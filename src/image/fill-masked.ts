import { gaussianBlur } from './gaussian-blur.ts';
import type { GreyPicture, Picture } from './picture.ts';

/** The blurs' radii in pixels, and how often each is laid over the ones before, widest first. */
const LAYERS = [
  [256, 1],
  [64, 1],
  [16, 2],
  [4, 4],
  [2, 2],
  [0, 1],
] as const;

/**
 * AUTOMATIC1111's masked content “fill” (modules/masking.py, fill): the masked part gets the colours around it, from ever
 * finer blurs of the rest.
 * @param mask [H·W], 1 where the picture is filled; the rest stays as it is
 */
export function fillMasked({ width, height, rgba }: Picture, mask: Float32Array): Picture {
  const unmasked = [0, 1, 2, 3].map((channel) => {
    const data = new Uint8ClampedArray(width * height);
    for (let i = 0; i < data.length; i++) data[i] = mask[i] === 1 ? 0 : (rgba[i * 4 + channel] as number);
    return { width, height, data };
  });
  const filled = new Float32Array(rgba.length);
  for (const [radius, times] of LAYERS) {
    const blurred = unmasked.map((plane) => gaussianBlur(plane, radius));
    for (let time = 0; time < times; time++) compositeOver(filled, blurred);
  }
  const result = new Uint8ClampedArray(filled);
  for (let i = 3; i < result.length; i += 4) result[i] = 255;
  return { width, height, rgba: result };
}

/**
 * Pillow's alpha_composite: a layer whose colours are premultiplied with their alpha, over a picture whose are not.
 * @param below [H·W·4], 0 … 255; is changed
 */
function compositeOver(below: Float32Array, [red, green, blue, alpha]: readonly GreyPicture[]): void {
  const colours = [red, green, blue] as const;
  for (const [i, value] of (alpha as GreyPicture).data.entries()) {
    if (value === 0) continue;
    const left = ((below[i * 4 + 3] as number) * (255 - value)) / 255;
    const total = value + left;
    for (const [channel, plane] of colours.entries()) {
      const straight = Math.min(255, Math.floor((255 * ((plane as GreyPicture).data[i] as number)) / value));
      below[i * 4 + channel] = (straight * value + (below[i * 4 + channel] as number) * left) / total;
    }
    below[i * 4 + 3] = total;
  }
}
