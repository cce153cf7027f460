import { preprocess } from '../image/image-processor.ts';
import type { Picture } from '../image/picture.ts';
import { type Planes, tileByTile, VAE_TILES } from '../image/tiles.ts';
import type { Vae } from '../loaders/family.ts';
import type { Random } from '../numerics/random.ts';
import type { Tensor } from '../numerics/tensor.ts';
import type { Size } from '../protocol/placement.ts';
import { fromVae } from './latent-scale.ts';

/** What a VAE makes of a picture: a normal distribution of latents [1, C, h, w], or the latents themselves. */
export interface EncodedImage {
  readonly shape: readonly number[];
  readonly mean: Float32Array;
  /** Absent when `mean` is the latents. */
  readonly standardDeviation?: Float32Array;
}

/** Encodes a picture. */
export const encodeImage = (vae: Vae, image: Picture, isTiled: boolean): Promise<EncodedImage> =>
  encodeSample(vae, preprocess(image), image, isTiled);

/** Encodes [3, H, W] in −1 … 1, whole or in tiles (encode and tiled_encode of diffusers' AutoencoderKL). */
export async function encodeSample(
  { pixelsPerLatent, openEncoder }: Vae,
  sample: Float32Array,
  { width, height }: Size,
  isTiled: boolean,
): Promise<EncodedImage> {
  let isDistribution = false;
  const encode = async (tile: Planes) => {
    const encoder = await openEncoder({ width: tile.width, height: tile.height });
    const { latent_parameters, latents } = await encoder.run({ sample: tile.data });
    isDistribution = latent_parameters !== undefined;
    return (latent_parameters ?? latents) as Float32Array;
  };
  const whole: Planes = { data: sample, channels: 3, height, width };
  const data = isTiled
    ? (await tileByTile(whole, { ...VAE_TILES, from: pixelsPerLatent, to: 1 }, encode)).data
    : await encode(whole);
  const [h, w] = [height / pixelsPerLatent, width / pixelsPerLatent];
  const shape = (values: number) => [1, values / (h * w), h, w];
  if (!isDistribution) return { shape: shape(data.length), mean: data };
  const half = data.length / 2;
  // DiagonalGaussianDistribution: the second half is the logarithm of the variance, clamped.
  const standardDeviation = data.subarray(half).map((v) => Math.exp(0.5 * Math.min(Math.max(v, -30), 20)));
  return { shape: shape(half), mean: data.slice(0, half), standardDeviation };
}

/** Draws the denoiser's latents [1, C, h, w] from an encoded picture (`latent_dist.sample`, then scaled). */
export function sampleLatents(
  { shape, mean, standardDeviation }: EncodedImage,
  random: Random,
  vae: Vae,
): Tensor {
  const noise = standardDeviation && random.randn(shape).data;
  const drawn = mean.map((m, i) => (noise ? m + (standardDeviation[i] as number) * (noise[i] as number) : m));
  return { shape, data: fromVae(vae, { shape, data: drawn }) };
}
