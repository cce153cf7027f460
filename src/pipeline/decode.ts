import { postprocess } from '../image/image-processor.ts';
import type { Picture } from '../image/picture.ts';
import type { VaeDecoder } from '../loaders/family.ts';
import type { Tensor } from '../numerics/tensor.ts';

/** Latents [1, C, h, w] of the denoiser → the picture: the VAE's decoder, then VaeImageProcessor. */
export async function decodeLatents(vae: VaeDecoder, latents: Tensor, isTiled: boolean): Promise<Picture> {
  const [, , height, width] = latents.shape as [number, number, number, number];
  const sample = await vae.decode(latents, isTiled);
  return postprocess(sample, height * vae.pixelsPerLatent, width * vae.pixelsPerLatent);
}
