import { postprocess } from '../image/image-processor.ts';
import type { Picture } from '../image/picture.ts';
import { tileByTile, VAE_TILES } from '../image/tiles.ts';
import type { VaeDecoder } from '../loaders/family.ts';
import type { Tensor } from '../numerics/tensor.ts';
import { toVae } from './latent-scale.ts';

/** Latents [1, C, h, w] of the denoiser → the picture: the VAE's decoder, then VaeImageProcessor. */
export async function decodeLatents(vae: VaeDecoder, latents: Tensor, isTiled: boolean): Promise<Picture> {
  const [, channels, height, width] = latents.shape as [number, number, number, number];
  if (!isTiled) {
    const sample = await decodeSample(vae, latents);
    return postprocess(sample, height * vae.pixelsPerLatent, width * vae.pixelsPerLatent);
  }
  const decoded = await tileByTile(
    { data: latents.data, channels, height, width },
    { ...VAE_TILES, from: 1, to: vae.pixelsPerLatent },
    (tile) => decodeSample(vae, { data: tile.data, shape: [1, tile.channels, tile.height, tile.width] }),
  );
  return postprocess(decoded.data, decoded.height, decoded.width);
}

/** Latents [1, C, h, w] → [3, H, W], about −1 … 1. */
async function decodeSample(vae: VaeDecoder, latents: Tensor): Promise<Float32Array> {
  const [, , height, width] = latents.shape as [number, number, number, number];
  const decoder = await vae.openDecoder({ height, width });
  const { sample } = await decoder.run({ latent_sample: toVae(vae, latents) });
  return sample as Float32Array;
}
