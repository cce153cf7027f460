import { gaussianBlur, type Plane } from './gaussian-blur.ts';
import type { Picture } from './picture.ts';

/** Radius in pixels and how often it is laid on, the widest first. */
const LAYERS = [
  [256, 1],
  [64, 1],
  [16, 2],
  [4, 4],
  [2, 2],
  [0, 1],
] as const;

/**
 * AUTOMATIC1111's masked content “fill” (modules/masking.py, fill): what is masked gets the colours around it, out of ever
 * finer blurs of what is not. `mask` [H·W] is 1 where the picture is to be filled; the rest stays as it is.
 */
export function fillMasked({ width, height, rgba }: Picture, mask: Float32Array): Picture {
  const kept = [0, 1, 2, 3].map((channel) => {
    const data = new Uint8ClampedArray(width * height);
    for (let i = 0; i < data.length; i++) data[i] = mask[i] === 1 ? 0 : (rgba[i * 4 + channel] as number);
    return { width, height, data };
  });
  const filled = new Float32Array(rgba.length);
  for (const [radius, times] of LAYERS) {
    const blurred = kept.map((plane) => gaussianBlur(plane, radius));
    for (let time = 0; time < times; time++) layOver(filled, blurred);
  }
  const result = new Uint8ClampedArray(filled);
  for (let i = 3; i < result.length; i += 4) result[i] = 255;
  return { width, height, rgba: result };
}

/** Pillow's alpha_composite: colours premultiplied with their alpha over straight ones [H·W·4], 0 … 255. */
function layOver(below: Float32Array, [red, green, blue, alpha]: readonly Plane[]): void {
  const colours = [red, green, blue] as const;
  for (const [i, value] of (alpha as Plane).data.entries()) {
    if (value === 0) continue;
    const left = ((below[i * 4 + 3] as number) * (255 - value)) / 255;
    const total = value + left;
    for (const [channel, plane] of colours.entries()) {
      const straight = Math.min(255, Math.floor((255 * ((plane as Plane).data[i] as number)) / value));
      below[i * 4 + channel] = (straight * value + (below[i * 4 + channel] as number) * left) / total;
    }
    below[i * 4 + 3] = total;
  }
}
