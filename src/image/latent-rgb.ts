import type { Tensor } from '../numerics/tensor.ts';
import type { Picture } from './picture.ts';

/** A linear map from latents of unit variance to RGB in −1 … 1: a row of factors per latent channel, and a bias. */
export interface LatentRgb {
  readonly factors: readonly (readonly number[])[];
  readonly bias: readonly number[];
}

/** Stable Diffusion 1 and 2: ComfyUI's fit (comfy/latent_formats.py, SD15). */
export const SD1_LATENT_RGB: LatentRgb = {
  factors: [
    [0.3512, 0.2297, 0.3227],
    [0.325, 0.4974, 0.235],
    [-0.2829, 0.1762, 0.2721],
    [-0.212, -0.2616, -0.7177],
  ],
  bias: [0, 0, 0],
};

/** SDXL: ComfyUI's fit. */
export const SDXL_LATENT_RGB: LatentRgb = {
  factors: [
    [0.3651, 0.4232, 0.4341],
    [-0.2533, -0.0042, 0.1068],
    [0.1076, 0.1111, -0.0362],
    [-0.3165, -0.2492, -0.2188],
  ],
  bias: [0.1084, -0.0175, -0.0011],
};

/** An approximate picture of latents [1, C, h, w], one pixel each, without a decoder. */
export function previewLatents({ shape, data }: Tensor, { factors, bias }: LatentRgb): Picture {
  const [, channels, height, width] = shape as [number, number, number, number];
  const pixels = height * width;
  const rgba = new Uint8ClampedArray(pixels * 4).fill(255);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let colour = 0; colour < 3; colour++) {
      let value = bias[colour] ?? 0;
      for (let c = 0; c < channels; c++)
        value += (data[c * pixels + pixel] as number) * (factors[c]?.[colour] ?? 0);
      rgba[pixel * 4 + colour] = (value / 2 + 0.5) * 255;
    }
  }
  return { width, height, rgba };
}
