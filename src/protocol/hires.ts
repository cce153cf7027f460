import { LARGEST_AREA, type SettingValues } from './settings.ts';

/** How the first picture is enlarged: as latents, or decoded and resampled. */
export type HiresUpscaler = NonNullable<SettingValues['hiresUpscaler']>;

/** A second pass over the enlarged first picture: AUTOMATIC1111's “Hires. fix”, with its names and meanings. */
export interface Hires {
  /** Of either side, 1 … 4; `hiresSize` gives the size that results. */
  readonly scale: number;
  readonly upscaler: HiresUpscaler;
  /** Above 0, up to 1: how far back towards noise the enlarged picture goes (“Denoising strength”). */
  readonly strength: number;
  /** Steps of the second pass, whatever its strength (“Hires steps”). */
  readonly steps: number;
}

/**
 * Both sides times `scale`, or less where the picture would pass LARGEST_AREA, rounded down to multiples of 8 as A1111 does
 * (modules/processing.py, calculate_target_resolution).
 */
export function hiresSize(
  { width, height }: { readonly width: number; readonly height: number },
  scale: number,
): { width: number; height: number } {
  const factor = Math.min(scale, Math.sqrt(LARGEST_AREA / (width * height)));
  const snap = (pixels: number) => Math.max(8, Math.floor((pixels * factor) / 8) * 8);
  return { width: snap(width), height: snap(height) };
}

/** How many times as many pixels the enlarged picture has. */
export function growthOf(size: { readonly width: number; readonly height: number }, scale: number): number {
  const { width, height } = hiresSize(size, scale);
  return (width * height) / (size.width * size.height);
}
