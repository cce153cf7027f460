import type { Picture } from '../image/picture.ts';
import { tileByTile, VAE_TILES } from '../image/tiles.ts';
import type { Components } from '../loaders/components.ts';
import type { Decoder } from '../loaders/vae-facts.ts';
import type { PictureShape } from '../models/vae.ts';
import type { Tensor } from '../numerics/tensor.ts';

/** Latents [1, C, h, w] of the diffusion model → the picture: the VAE's decoder, then VaeImageProcessor. */
export function decodeLatents(components: Components, latents: Tensor, tiled: boolean): Promise<Picture> {
  const vae = { ...components.vae, decoder: (shape: PictureShape) => components.vaeDecoder(shape) };
  return tiled ? decodeTiled(vae, latents) : decodeWith(vae, latents);
}

/** Tile by tile, in latent pixels as diffusers' tiled_decode has them. */
async function decodeTiled(vae: Decoder, { data, shape }: Tensor): Promise<Picture> {
  const [, channels, height, width] = shape as [number, number, number, number];
  const decoded = await tileByTile(
    { data, channels, height, width },
    { ...VAE_TILES, from: 1, to: vae.scale },
    (piece) => decodeSample(vae, { data: piece.data, shape: [1, piece.channels, piece.height, piece.width] }),
  );
  return toPicture(decoded.data, decoded.height, decoded.width);
}

/** The same by any VAE of the family. */
export async function decodeWith(vae: Decoder, latents: Tensor): Promise<Picture> {
  const [, , height, width] = latents.shape as [number, number, number, number];
  return toPicture(await decodeSample(vae, latents), height * vae.scale, width * vae.scale);
}

/** Latents [1, C, h, w] → [3, H, W], about [-1, 1]. */
async function decodeSample(
  { scalingFactor, shiftFactor, decoder: open }: Decoder,
  { data, shape }: Tensor,
): Promise<Float32Array> {
  const [, , height, width] = shape as [number, number, number, number];
  const decoder = await open({ height, width });
  const { sample } = await decoder.run({
    latent_sample: data.map((value) => value / scalingFactor + shiftFactor),
  });
  return sample as Float32Array;
}

/**
 * VaeImageProcessor.postprocess (diffusers image_processor.py): [3, H, W] in [-1, 1] → 8-bit RGBA.
 * A Uint8ClampedArray rounds half to even and clamps, as numpy's round and torch's clamp do there.
 */
export function toPicture(sample: Float32Array, height: number, width: number): Picture {
  const pixels = height * width;
  const rgba = new Uint8ClampedArray(pixels * 4).fill(255);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let colour = 0; colour < 3; colour++) {
      rgba[pixel * 4 + colour] = ((sample[colour * pixels + pixel] as number) / 2 + 0.5) * 255;
    }
  }
  return { width, height, rgba };
}
