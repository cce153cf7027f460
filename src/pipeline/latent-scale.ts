import type { VaeDecoder } from '../loaders/family.ts';
import type { Tensor } from '../numerics/tensor.ts';

type Scale = Pick<VaeDecoder, 'scalingFactor' | 'shiftFactor' | 'statistics'>;

/** Latents [1, C, h, w] of the denoiser as the VAE decodes them. */
export function toVae({ scalingFactor, shiftFactor, statistics }: Scale, latents: Tensor): Float32Array {
  const channel = channelOf(latents);
  return latents.data.map((value, i) => {
    const [mean, std] = statisticsOf(statistics, channel(i));
    return (value * std) / scalingFactor + mean + shiftFactor;
  });
}

/** Latents [1, C, h, w] that the VAE has drawn as the denoiser takes them. */
export function fromVae({ scalingFactor, shiftFactor, statistics }: Scale, latents: Tensor): Float32Array {
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

function statisticsOf(statistics: Scale['statistics'], channel: number): [mean: number, std: number] {
  return statistics ? [statistics.mean[channel] as number, statistics.std[channel] as number] : [0, 1];
}
