import { previewLatents } from '../image/latent-rgb.ts';
import type { Picture } from '../image/picture.ts';
import type { Components } from '../loaders/components.ts';
import type { Tensor } from '../numerics/tensor.ts';
import { decodeWith } from './decode.ts';

/** A look at latents [1, C, h, w] on their way: by the tiny VAE that was given for it, else one pixel each. */
export async function lookAt(components: Components, latents: Tensor): Promise<Picture> {
  const { tinyVae, parts } = components;
  return tinyVae ? decodeWith(tinyVae, latents) : previewLatents(latents, parts.latentRgb);
}
