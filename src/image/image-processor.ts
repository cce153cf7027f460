import type { Picture } from './picture.ts';

/** VaeImageProcessor.preprocess (diffusers image_processor.py): 8-bit RGBA → [3, H, W] in −1 … 1. Alpha is not read. */
export const preprocess = (picture: Picture): Float32Array =>
  toUnitPlanes(picture).map((value) => value * 2 - 1);

/** The same with `do_normalize=False`: 8-bit RGBA → [3, H, W] in 0 … 1. */
export function toUnitPlanes({ rgba, width, height }: Picture): Float32Array {
  const pixels = width * height;
  return Float32Array.from({ length: 3 * pixels }, (_, i) => {
    return (rgba[(i % pixels) * 4 + Math.floor(i / pixels)] as number) / 255;
  });
}

/**
 * VaeImageProcessor.postprocess: [3, H, W] in −1 … 1 → 8-bit RGBA. A Uint8ClampedArray rounds halves to even and clamps,
 * as numpy's round and torch's clamp do there.
 */
export function postprocess(sample: Float32Array, height: number, width: number): Picture {
  const pixels = height * width;
  const rgba = new Uint8ClampedArray(pixels * 4).fill(255);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let colour = 0; colour < 3; colour++) {
      rgba[pixel * 4 + colour] = ((sample[colour * pixels + pixel] as number) / 2 + 0.5) * 255;
    }
  }
  return { width, height, rgba };
}
