import { type Planes, tileByTile, VAE_TILES } from '../image/tiles.ts';
import type { Components } from '../loaders/components.ts';
import type { Random } from '../numerics/random.ts';
import type { Tensor } from '../numerics/tensor.ts';

/** What the VAE makes of a picture: a normal distribution of latents [1, C, h, w], or, from AutoencoderTiny, the latents. */
export interface EncodedImage {
  readonly shape: readonly number[];
  readonly mean: Float32Array;
  readonly deviation?: Float32Array;
}

/** [3, H, W] through the VAE's encoder, of AutoencoderKL.encode and AutoencoderTiny.encode; in tiles as their tiled_encode. */
export async function encodeImage(
  components: Components,
  sample: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  tiled: boolean,
): Promise<EncodedImage> {
  const { scale } = components.vae;
  let isMoments = false;
  const encode = async (piece: Planes) => {
    const encoder = await components.vaeEncoder({ width: piece.width, height: piece.height });
    const { latent_parameters, latents } = await encoder.run({ sample: piece.data });
    isMoments = latent_parameters !== undefined;
    return (latent_parameters ?? latents) as Float32Array;
  };
  const whole: Planes = { data: sample, channels: 3, height, width };
  const data = tiled
    ? (await tileByTile(whole, { ...VAE_TILES, from: scale, to: 1 }, encode)).data
    : await encode(whole);
  const space = (height / scale) * (width / scale);
  const shape = (channels: number) => [1, channels, height / scale, width / scale];
  if (!isMoments) return { shape: shape(data.length / space), mean: data };
  const half = data.length / 2;
  const deviation = data.subarray(half).map((v) => Math.exp(0.5 * Math.min(Math.max(v, -30), 20)));
  return { shape: shape(half / space), mean: data.slice(0, half), deviation };
}

/** Latents as the UNet knows them: one draw of the distribution (`latent_dist.sample`), scaled. */
export function sampleLatents(
  { shape, mean, deviation }: EncodedImage,
  random: Random,
  { scalingFactor, shiftFactor }: Components['vae'],
): Tensor {
  const noise = deviation && random.randn(shape).data;
  const drawn = mean.map((m, i) => (noise ? m + (deviation[i] as number) * (noise[i] as number) : m));
  return { shape, data: drawn.map((x) => (x - shiftFactor) * scalingFactor) };
}
