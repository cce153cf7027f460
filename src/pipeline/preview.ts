import { previewLatents } from '../image/latent-rgb.ts';
import type { RgbaImage } from '../image/rgba-image.ts';
import type { Family } from '../loaders/family.ts';
import type { Tensor } from '../numerics/tensor.ts';
import { decodeLatents } from './decode.ts';

/** An image of unfinished latents [1, C, h, w]: by the preview VAE when there is one, otherwise one pixel per latent. */
export async function previewOf({ previewVae, latentRgb }: Family, latents: Tensor): Promise<RgbaImage> {
  return previewVae ? decodeLatents(previewVae, latents, false) : previewLatents(latents, latentRgb);
}
