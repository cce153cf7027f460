import type { Tensor } from '../numerics/tensor.ts';

/** How a VAE's latents relate to those of the denoiser that was trained with it. */
export interface LatentScale {
  /** The denoiser's latents are (the VAE's − shiftFactor) · scalingFactor. */
  readonly scalingFactor: number;
  readonly shiftFactor: number;
  /** The mean and the standard deviation of each channel of the VAE's latents, which the denoiser's do without. */
  readonly statistics?: { readonly mean: readonly number[]; readonly std: readonly number[] } | undefined;
}

/** Latents [1, C, h, w] of the denoiser as the VAE decodes them. */
export function toVae(
  { scalingFactor, shiftFactor, statistics }: LatentScale,
  latents: Tensor,
): Float32Array {
  const channel = channelOf(latents);
  return latents.data.map((value, i) => {
    const [mean, std] = statisticsOf(statistics, channel(i));
    return (value * std) / scalingFactor + mean + shiftFactor;
  });
}

/** Latents [1, C, h, w] that the VAE has drawn as the denoiser takes them. */
export function fromVae(
  { scalingFactor, shiftFactor, statistics }: LatentScale,
  latents: Tensor,
): Float32Array {
  const channel = channelOf(latents);
  return latents.data.map((value, i) => {
    const [mean, std] = statisticsOf(statistics, channel(i));
    return ((value - mean - shiftFactor) * scalingFactor) / std;
  });
}

function channelOf({ shape }: Tensor): (i: number) => number {
  const [, , height, width] = shape as [number, number, number, number];
  return (i) => Math.floor(i / (height * width));
}

function statisticsOf(statistics: LatentScale['statistics'], channel: number): [mean: number, std: number] {
  return statistics ? [statistics.mean[channel] as number, statistics.std[channel] as number] : [0, 1];
}
