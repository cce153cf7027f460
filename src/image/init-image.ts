import type { Plane } from './gaussian-blur.ts';
import type { Picture } from './picture.ts';

/** The picture a run begins with (image to image), and the part of it that is painted anew (inpainting). */
export interface InitImage {
  /** Of the request's size. */
  readonly picture: Picture;
  /** 0 … 1: how much of the run is left to do. */
  readonly strength: number;
  /** Of the same size: from the middle grey on it is painted anew, below it is kept. Without one all of it is painted. */
  readonly mask?: Plane;
  /** What is painted anew begins as noise alone, and not with what the picture has there. */
  readonly isNoiseMasked?: boolean;
}

/** VaeImageProcessor.preprocess: 8-bit RGBA → [3, H, W] in [-1, 1]; alpha is not read. */
export function toSample({ rgba, width, height }: Picture): Float32Array {
  const pixels = width * height;
  return Float32Array.from({ length: 3 * pixels }, (_, i) => {
    const value = rgba[(i % pixels) * 4 + Math.floor(i / pixels)] as number;
    return Math.fround(value / 255) * 2 - 1;
  });
}

/** Pillow's conversion to grey, ITU-R 601-2. */
export function toGrey({ width, height, rgba }: Picture): Plane {
  const data = new Uint8ClampedArray(width * height);
  for (let i = 0; i < data.length; i++) {
    const [r, g, b] = [rgba[i * 4], rgba[i * 4 + 1], rgba[i * 4 + 2]] as [number, number, number];
    data[i] = (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16;
  }
  return { width, height, data };
}

/** A mask in pixels [H·W], 1 where it is light, 0 where it is dark (VaeImageProcessor with do_binarize). */
export function binarize({ data }: Plane): Float32Array {
  return Float32Array.from(data, (value) => (value >= 127.5 ? 1 : 0));
}

/** The same in latent pixels: torch's interpolate, nearest. */
export function shrinkMask(mask: Float32Array, width: number, scale: number): Float32Array {
  const columns = width / scale;
  return Float32Array.from({ length: mask.length / scale ** 2 }, (_, i) => {
    const [row, column] = [Math.floor(i / columns) * scale, (i % columns) * scale];
    return mask[row * width + column] as number;
  });
}

/** The picture with what is painted anew made grey. */
export function hideMasked(sample: Float32Array, mask: Float32Array): Float32Array {
  return sample.map((value, i) => (mask[i % mask.length] === 1 ? 0 : value));
}

/**
 * A finished picture with what the mask keeps of the original as it was, pixel for pixel. What is painted anew is so from
 * the middle grey on; below it fades into the original, as AUTOMATIC1111's overlay has it (mask_for_overlay).
 */
export function pasteBack(painted: Picture, original: Picture, { data }: Plane): Picture {
  const rgba = painted.rgba.map((value, i) => {
    const kept = original.rgba[i] as number;
    return kept + ((value - kept) * Math.min(255, 2 * (data[i >> 2] as number))) / 255;
  });
  return { ...painted, rgba };
}
