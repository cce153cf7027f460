import type { Tensor } from '../numerics/tensor.ts';

/** How a VAE's latents relate to those of the denoiser that was trained with it. */
export interface LatentScale {
  /** The denoiser's latents are the VAE's · scalingFactor; Stable Diffusion's pipelines do not read shift_factor. */
  readonly scalingFactor: number;
  /** The mean and the standard deviation of each channel of the VAE's latents, which the denoiser's do without. */
  readonly statistics?: { readonly mean: readonly number[]; readonly std: readonly number[] } | undefined;
}

/** Latents [1, C, h, w] of the denoiser as the VAE decodes them. */
export const toVae = ({ scalingFactor, statistics }: LatentScale, latents: Tensor): Float32Array =>
  byChannel(statistics, latents, (value, mean, std) => (value * std) / scalingFactor + mean);

/** Latents [1, C, h, w] that the VAE has drawn as the denoiser takes them. */
export const fromVae = ({ scalingFactor, statistics }: LatentScale, latents: Tensor): Float32Array =>
  byChannel(statistics, latents, (value, mean, std) => ((value - mean) * scalingFactor) / std);

function byChannel(
  statistics: LatentScale['statistics'],
  { data, shape }: Tensor,
  convert: (value: number, mean: number, std: number) => number,
): Float32Array {
  const [, , height, width] = shape as [number, number, number, number];
  return data.map((value, i) => {
    const channel = Math.floor(i / (height * width));
    return convert(value, statistics?.mean[channel] ?? 0, statistics?.std[channel] ?? 1);
  });
}
