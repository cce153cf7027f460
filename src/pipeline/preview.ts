import { previewLatents } from '../image/latent-rgb.ts';
import type { Picture } from '../image/picture.ts';
import type { Family } from '../loaders/family.ts';
import type { Tensor } from '../numerics/tensor.ts';
import { decodeLatents } from './decode.ts';

/** A picture of unfinished latents [1, C, h, w]: by the preview VAE when there is one, otherwise one pixel per latent. */
export async function previewOf({ previewVae, latentRgb }: Family, latents: Tensor): Promise<Picture> {
  return previewVae ? decodeLatents(previewVae, latents, false) : previewLatents(latents, latentRgb);
}
