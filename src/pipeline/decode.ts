import type { PictureShape } from '../models/vae.ts';
import type { Tensor } from '../numerics/tensor.ts';
import type { Components, Decoder } from './components.ts';
import type { Picture } from './picture.ts';
import { blendTiles, type Tile, tilePositions } from './tiles.ts';

/** Latents [1, C, h, w] of the diffusion model → the picture: the VAE's decoder, then VaeImageProcessor. */
export function decodeLatents(components: Components, latents: Tensor, tiled: boolean): Promise<Picture> {
  const vae = { ...components.vae, decoder: (shape: PictureShape) => components.vaeDecoder(shape) };
  return tiled ? decodeTiled(vae, latents) : decodeWith(vae, latents);
}

/** Latent pixels of a tile, each way, and how many of them two neighbours share: those of diffusers' tiled_decode. */
const TILE = 64;
const OVERLAP = 16;

/**
 * The same tile by tile. Unlike AutoencoderKL.tiled_decode's all tiles are of one shape, so that one graph decodes them all
 * and none is so small that its norms see another picture.
 */
async function decodeTiled(vae: Decoder, latents: Tensor): Promise<Picture> {
  const [, channels, height, width] = latents.shape as [number, number, number, number];
  const size = { height: Math.min(TILE, height), width: Math.min(TILE, width) };
  const { scale } = vae;
  const tiles: Tile[] = [];
  for (const top of tilePositions(height, size.height, OVERLAP)) {
    for (const left of tilePositions(width, size.width, OVERLAP)) {
      const data = new Float32Array(channels * size.height * size.width);
      for (let row = 0; row < channels * size.height; row++) {
        const from = (Math.floor(row / size.height) * height + top + (row % size.height)) * width + left;
        data.set(latents.data.subarray(from, from + size.width), row * size.width);
      }
      const sample = await decodeSample(vae, { data, shape: [1, channels, size.height, size.width] });
      const place = { top: top * scale, left: left * scale };
      tiles.push({ data: sample, ...place, height: size.height * scale, width: size.width * scale });
    }
  }
  const shape = { channels: 3, height: height * scale, width: width * scale };
  return toPicture(blendTiles(tiles, shape, OVERLAP * scale), shape.height, shape.width);
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
