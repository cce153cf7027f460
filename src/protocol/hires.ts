/** How the first picture is enlarged: as latents, or decoded and resampled. */
export type Upscaler = 'latent' | 'image';

/** A second pass over an enlarged first picture: AUTOMATIC1111's “Hires. fix”, in its words and with their meaning. */
export interface Hires {
  /** Of either side, 1 … 4; what comes of it is `enlargedSize`. */
  readonly scale: number;
  readonly upscaler: Upscaler;
  /** Above 0, up to 1: how far back towards noise the enlarged picture goes (“Denoising strength”). */
  readonly strength: number;
  /** Steps that are done in the second pass, whatever its strength (“Hires steps”). */
  readonly steps: number;
}

/** Pixels: no side gets longer. */
export const LARGEST_SIDE = 2048;

/** Both sides times `scale`, or times what the longer side allows, each at the nearest multiple of 8. */
export function enlargedSize(
  { width, height }: { readonly width: number; readonly height: number },
  scale: number,
): { width: number; height: number } {
  const factor = Math.min(scale, LARGEST_SIDE / Math.max(width, height));
  const snap = (pixels: number) => Math.max(8, Math.round((pixels * factor) / 8) * 8);
  return { width: snap(width), height: snap(height) };
}

/** How many times the pixels there are of the enlarged picture. */
export function growthOf(size: { readonly width: number; readonly height: number }, scale: number): number {
  const { width, height } = enlargedSize(size, scale);
  return (width * height) / (size.width * size.height);
}
