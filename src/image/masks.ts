import type { GreyPicture, Picture } from './picture.ts';

/** Masks say which part of a picture is repainted: white is, black is kept. */

/** A mask [H·W]: 1 from the middle grey on, 0 below (VaeImageProcessor with do_binarize). */
export function binarize({ data }: GreyPicture): Float32Array {
  return Float32Array.from(data, (value) => (value >= 127.5 ? 1 : 0));
}

/**
 * The mask [H·W] in latent pixels [h·w]: torch's interpolate, nearest.
 * @param width of the picture in pixels
 * @param pixelsPerLatent each way
 */
export function shrinkMask(mask: Float32Array, width: number, pixelsPerLatent: number): Float32Array {
  const columns = width / pixelsPerLatent;
  return Float32Array.from({ length: mask.length / pixelsPerLatent ** 2 }, (_, i) => {
    const row = Math.floor(i / columns) * pixelsPerLatent;
    const column = (i % columns) * pixelsPerLatent;
    return mask[row * width + column] as number;
  });
}

/** The sample [3, H, W] with the masked part made grey. @param mask [H·W] */
export function hideMasked(sample: Float32Array, mask: Float32Array): Float32Array {
  return sample.map((value, i) => (mask[i % mask.length] === 1 ? 0 : value));
}

/**
 * A finished picture with the unmasked part replaced by the original, pixel for pixel. From the middle grey of the mask on the
 * painted picture shows; below, it fades into the original, like AUTOMATIC1111's overlay (mask_for_overlay).
 */
export function pasteBack(painted: Picture, original: Picture, { data }: GreyPicture): Picture {
  const rgba = painted.rgba.map((value, i) => {
    const kept = original.rgba[i] as number;
    return kept + ((value - kept) * Math.min(255, 2 * (data[i >> 2] as number))) / 255;
  });
  return { ...painted, rgba };
}
