import { binarize, hideMasked, type InitImage, shrinkMask, toSample } from '../image/init-image.ts';
import type { Components } from '../loaders/components.ts';
import { concatenate } from '../numerics/concatenate.ts';
import type { Random } from '../numerics/random.ts';
import type { Tensor } from '../numerics/tensor.ts';
import type { Plan, Scheduler } from '../schedulers/scheduler.ts';
import { encodeImage, sampleLatents } from './encode-image.ts';

/** How one image begins, and what holds it to its picture along the way. */
export interface Start {
  /** The first sample [1, C, h, w]. */
  readonly first: Tensor;
  /** What an inpainting UNet sees beside the sample: mask [1, h, w] and masked latents [C, h, w]; else nothing. */
  readonly channels: Float32Array;
  /** What inpainting with any other UNet does before evaluation `i`: the kept part is the picture's again. */
  readonly keep: (sample: Float32Array, i: number) => Float32Array;
}

/** The picture that a run begins from, as latents [1, C, h, w]. */
export interface Origin {
  /** Clean ones, drawn where the VAE gives a distribution. */
  readonly latents: (random: Random) => Tensor;
  /** Null to paint all of it. */
  readonly inpaint: Inpaint | null;
  /** That part begins as noise alone, and not with what the picture has there. */
  readonly isNoiseMasked: boolean;
}

/** The part of a picture that is painted anew. */
interface Inpaint {
  /** 1 where it is, 0 where the picture is kept; [h · w]. */
  readonly mask: Float32Array;
  /** The picture without that part, drawn as above. */
  readonly masked: (random: Random) => Tensor;
}

const NOTHING = new Float32Array(0);
const asItIs = (sample: Float32Array) => sample;

/** Through the VAE once, whatever the number of images; in tiles when told so. */
export async function encodeOrigin(
  components: Components,
  image: InitImage,
  tiled: boolean,
): Promise<Origin> {
  const encoded = await encodeImage(components, toSample(image.picture), image.picture, tiled);
  return {
    latents: (random) => sampleLatents(encoded, random, components.vae),
    inpaint: await encodeMasked(components, image, tiled),
    isNoiseMasked: image.isNoiseMasked ?? false,
  };
}

/** The part that is painted anew, if it is only a part. */
export async function encodeMasked(
  components: Components,
  { picture, mask: file }: InitImage,
  tiled: boolean,
): Promise<Inpaint | null> {
  if (!file) return null;
  const { vae } = components;
  const mask = binarize(file);
  const hidden = await encodeImage(components, hideMasked(toSample(picture), mask), picture, tiled);
  return {
    mask: shrinkMask(mask, picture.width, vae.scale),
    masked: (random) => sampleLatents(hidden, random, vae),
  };
}

/**
 * prepare_latents of StableDiffusionPipeline, StableDiffusionImg2ImgPipeline and StableDiffusionInpaintPipeline, drawing in
 * their order: unit noise times init_noise_sigma; or the origin's latents with the noise of evaluation `begin`.
 * @param size of the picture, pixels
 */
export function openStart(
  { vae, parts }: Components,
  { width, height }: { readonly width: number; readonly height: number },
  origin: Origin | null,
  scheduler: Scheduler,
  plan: Plan,
  begin: number,
): (random: Random) => Start {
  const shape = [1, parts.unet.out_channels, height / vae.scale, width / vae.scale];
  const fromNoise = (noise: Tensor): Tensor => ({
    shape,
    data: noise.data.map((value) => value * plan.initNoiseSigma),
  });
  if (!origin)
    return (random) => ({ first: fromNoise(random.randn(shape)), channels: NOTHING, keep: asItIs });

  const noised = (latents: Tensor, noise: Tensor, i: number): Tensor => ({
    shape,
    data: scheduler.addNoise(plan, latents.data, noise.data, i),
  });
  const { inpaint } = origin;
  if (!inpaint) {
    return (random) => {
      const latents = origin.latents(random);
      return { first: noised(latents, random.randn(shape), begin), channels: NOTHING, keep: asItIs };
    };
  }

  const isInpainting = parts.unet.in_channels > parts.unet.out_channels;
  const isAnew = begin === 0;
  // AUTOMATIC1111's “latent noise” (modules/processing.py): the noise of the same seed in the picture's place, noised with it.
  const content = (latents: Tensor, noise: Tensor): Tensor =>
    origin.isNoiseMasked ? { shape, data: blend(latents.data, noise.data, inpaint.mask) } : latents;
  return (random) => {
    // An inpainting UNet that begins with noise alone never asks for the picture's own latents.
    const latents = isInpainting && isAnew ? undefined : origin.latents(random);
    const noise = random.randn(shape);
    const first = latents && !isAnew ? noised(content(latents, noise), noise, begin) : fromNoise(noise);
    const masked = inpaint.masked(random);
    if (isInpainting) return { first, channels: concatenate([inpaint.mask, masked.data]), keep: asItIs };
    const kept = (i: number) => {
      const original = latents as Tensor;
      return i < plan.timesteps.length ? noised(original, noise, i) : original;
    };
    return { first, channels: NOTHING, keep: (next, i) => blend(kept(i).data, next, inpaint.mask) };
  };
}

/** The one where the mask is 0, the other where it is 1; the mask is of one channel. */
function blend(kept: Float32Array, painted: Float32Array, mask: Float32Array): Float32Array {
  return kept.map((x, i) => {
    const m = mask[i % mask.length] as number;
    return (1 - m) * x + m * (painted[i] as number);
  });
}

/** Whether latents are a picture at all: every value finite, and not all the same. */
export function areSound(latents: Float32Array): boolean {
  return latents.every(Number.isFinite) && latents.some((value) => value !== latents[0]);
}
