import { type Planes, tileByTile } from '../image/tiles.ts';
import type { Random } from '../numerics/random.ts';
import type { Tensor } from '../numerics/tensor.ts';
import type { Size } from '../protocol/placement.ts';
import type { Session } from '../runtime/session.ts';
import type { Vae, VaeDecoder } from './family.ts';
import { fromVae, type LatentScale, toVae } from './latent-scale.ts';

/** How a VAE's tiles lie, in latent pixels. */
export interface VaeTiles {
  readonly tile: number;
  readonly overlap: number;
}

/** As in diffusers' AutoencoderKL.tiled_decode and tiled_encode. */
export const VAE_TILES: VaeTiles = { tile: 64, overlap: 16 };

/**
 * Those tiles, or, where a device binds no tensor as large as their largest map, the largest below them; they overlap by a
 * quarter as well.
 * @param largestMap bytes of the largest feature map for a tile with sides of so many latent pixels
 * @param largestTensor the bytes that the device binds
 */
export function vaeTiles(largestMap: (tile: number) => number, largestTensor: number): VaeTiles {
  let { tile } = VAE_TILES;
  // A quarter is a whole number, too.
  while (tile > 4 && largestMap(tile) > largestTensor) tile -= 4;
  return { tile, overlap: tile / 4 };
}

/** What a VAE's configuration says of its latents, and how it goes through large ones. */
export interface LatentSpec extends LatentScale, Pick<VaeDecoder, 'pixelsPerLatent'> {
  readonly tiles: VaeTiles;
}

/**
 * The decoder of an AutoencoderKL or AutoencoderTiny, as a function on the denoiser's latents.
 * @param open for a shape in latent pixels: latent_sample [1, C, h, w] → sample [1, 3, H, W]
 */
export function decoderOf(spec: LatentSpec, open: (shape: Size) => Promise<Session>): VaeDecoder['decode'] {
  const decode = async ({ data, channels, height, width }: Planes) => {
    const decoder = await open({ height, width });
    const latents = toVae(spec, { data, shape: [1, channels, height, width] });
    const { sample } = await decoder.run({ latent_sample: latents });
    return sample as Float32Array;
  };
  return async ({ data, shape }, isTiled) => {
    const [, channels, height, width] = shape as [number, number, number, number];
    const latents = { data, channels, height, width };
    if (!isTiled) return decode(latents);
    return (await tileByTile(latents, { ...spec.tiles, from: 1, to: spec.pixelsPerLatent }, decode)).data;
  };
}

/**
 * The encoder, whole or in tiles (encode and tiled_encode of diffusers' AutoencoderKL).
 * @param open for a shape in pixels: sample [1, 3, H, W] → latent_parameters [1, 2C, h, w], means and logarithms of
 * variances; or `latents` [1, C, h, w] from a VAE that gives no distribution
 */
export function encoderOf(spec: LatentSpec, open: (shape: Size) => Promise<Session>): Vae['encode'] {
  return async (sample, { width, height }, isTiled) => {
    let isDistribution = false;
    const encode = async (tile: Planes) => {
      const encoder = await open({ width: tile.width, height: tile.height });
      const { latent_parameters, latents } = await encoder.run({ sample: tile.data });
      isDistribution = latent_parameters !== undefined;
      return (latent_parameters ?? latents) as Float32Array;
    };
    const whole: Planes = { data: sample, channels: 3, height, width };
    const data = isTiled
      ? (await tileByTile(whole, { ...spec.tiles, from: spec.pixelsPerLatent, to: 1 }, encode)).data
      : await encode(whole);
    const [h, w] = [height / spec.pixelsPerLatent, width / spec.pixelsPerLatent];
    const mean = isDistribution ? data.slice(0, data.length / 2) : data;
    const shape = [1, mean.length / (h * w), h, w];
    if (!isDistribution) return () => ({ shape, data: fromVae(spec, { shape, data: mean }) });
    const deviation = standardDeviation(data.subarray(data.length / 2));
    return (random) => ({ shape, data: fromVae(spec, draw(mean, deviation, shape, random)) });
  };
}

/** DiagonalGaussianDistribution: of the logarithm of the variance, clamped. */
const standardDeviation = (logVariance: Float32Array): Float32Array =>
  logVariance.map((v) => Math.exp(0.5 * Math.min(Math.max(v, -30), 20)));

/** `latent_dist.sample`. */
function draw(mean: Float32Array, deviation: Float32Array, shape: readonly number[], random: Random): Tensor {
  const noise = random.randn(shape).data;
  return { shape, data: mean.map((m, i) => m + (deviation[i] as number) * (noise[i] as number)) };
}
