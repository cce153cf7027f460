import type { Tensor } from '../numerics/tensor.ts';
import type { Picture } from './picture.ts';

/** A linear map from latents of unit variance to RGB in −1 … 1: a row of factors per latent channel, and a bias. */
export interface LatentRgb {
  readonly factors: readonly (readonly number[])[];
  readonly bias: readonly number[];
}

/** An approximate picture of latents [1, C, h, w], one pixel each, without a decoder. */
export function previewLatents({ shape, data }: Tensor, { factors, bias }: LatentRgb): Picture {
  const [, channels, height, width] = shape as [number, number, number, number];
  const pixels = height * width;
  const rgba = new Uint8ClampedArray(pixels * 4).fill(255);
  for (let colour = 0; colour < 3; colour++) {
    const first = bias[colour] ?? 0;
    const factor = Float64Array.from({ length: channels }, (_, c) => factors[c]?.[colour] ?? 0);
    for (let pixel = 0; pixel < pixels; pixel++) {
      let value = first;
      for (let c = 0; c < channels; c++)
        value += (data[c * pixels + pixel] as number) * (factor[c] as number);
      rgba[pixel * 4 + colour] = (value / 2 + 0.5) * 255;
    }
  }
  return { width, height, rgba };
}
