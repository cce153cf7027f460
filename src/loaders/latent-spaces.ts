import type { LatentRgb } from '../image/latent-rgb.ts';
import type { LatentScale } from './latent-scale.ts';

/** The latents of Stable Diffusion 1 and 2, and those of SDXL. */
type KnownLatents = 'sd1' | 'sdxl';

/** The scaling_factor of their VAEs. */
export const SCALING_FACTOR: Readonly<Record<KnownLatents, number>> = { sd1: 0.18215, sdxl: 0.13025 };

/** What they look like: ComfyUI's fits (comfy/latent_formats.py, SD15 and SDXL). */
const LATENT_RGB: Readonly<Record<KnownLatents, LatentRgb>> = {
  sd1: {
    factors: [
      [0.3512, 0.2297, 0.3227],
      [0.325, 0.4974, 0.235],
      [-0.2829, 0.1762, 0.2721],
      [-0.212, -0.2616, -0.7177],
    ],
    bias: [0, 0, 0],
  },
  sdxl: {
    factors: [
      [0.3651, 0.4232, 0.4341],
      [-0.2533, -0.0042, 0.1068],
      [0.1076, 0.1111, -0.0362],
      [-0.3165, -0.2492, -0.2188],
    ],
    bias: [0.1084, -0.0175, -0.0011],
  },
};

/**
 * What a denoiser's latents look like, as a row of factors per channel: those of SDXL or of Stable Diffusion 1, also where
 * the denoiser was trained on another scale of the same VAE's latents.
 */
export function latentRgbOf(known: KnownLatents, { scalingFactor, statistics }: LatentScale): LatentRgb {
  const { factors, bias } = LATENT_RGB[known];
  if (!statistics) return LATENT_RGB[known];
  const { mean, std } = statistics;
  const own = SCALING_FACTOR[known];
  return {
    factors: factors.map((row, c) => row.map((factor) => (factor * (std[c] ?? 1) * own) / scalingFactor)),
    bias: bias.map((value, i) =>
      factors.reduce((sum, row, c) => sum + (row[i] as number) * (mean[c] ?? 0) * own, value),
    ),
  };
}
