import { BICUBIC } from '../numerics/resample.ts';
import type { Picture } from './picture.ts';
import { crop } from './regions.ts';
import { resizeImage } from './resize.ts';

/** CLIPImageProcessorPil's image_mean and image_std. */
const MEAN = [0.48145466, 0.4578275, 0.40821073] as const;
const STD = [0.26862954, 0.26130258, 0.27577711] as const;

/** The square in the middle of a picture, `side` wide, as CLIPImageProcessorPil cuts it out: the shorter side is resized to it first. */
export function clipSquare(picture: Picture, side: number): Picture {
  const { width, height } = picture;
  const short = Math.min(width, height);
  const resized = (length: number) => Math.trunc((side * length) / short);
  const size = { width: resized(width), height: resized(height) };
  const isFitting = size.width === width && size.height === height;
  const whole = isFitting ? picture : resizeImage(picture, size, BICUBIC);
  const [x, y] = [Math.trunc((size.width - side) / 2), Math.trunc((size.height - side) / 2)];
  return crop(whole, { x, y, width: side, height: side });
}

/**
 * A picture as CLIP sees it (transformers models/clip/image_processing_pil_clip.py), cut into squares, row by row: [N, 3 · patch²], each
 * [3, patch, patch]. What is left at the right and below is not seen.
 * @param side of the picture that CLIP sees, in pixels @param patch of one square
 */
export function clipPatches(picture: Picture, side: number, patch: number): Float32Array {
  const { rgba } = clipSquare(picture, side);
  const across = Math.floor(side / patch);
  const numbers = 3 * patch ** 2;
  return Float32Array.from({ length: across ** 2 * numbers }, (_, i) => {
    const [square, within] = [Math.floor(i / numbers), i % numbers];
    const colour = Math.floor(within / patch ** 2) as 0 | 1 | 2;
    const [dy, dx] = [Math.floor((within % patch ** 2) / patch), within % patch];
    const [y, x] = [Math.floor(square / across) * patch + dy, (square % across) * patch + dx];
    return ((rgba[(y * side + x) * 4 + colour] as number) / 255 - MEAN[colour]) / STD[colour];
  });
}
