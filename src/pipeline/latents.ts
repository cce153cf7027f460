import { concatenate } from '../numerics/concatenate.ts';
import type { Random } from '../numerics/random.ts';
import type { Tensor } from '../numerics/tensor.ts';
import type { Plan, Scheduler } from '../schedulers/scheduler.ts';
import type { Components } from './components.ts';
import {
  encodeImage,
  hideMasked,
  type InitImage,
  sampleLatents,
  shrinkMask,
  toMask,
  toSample,
} from './init-image.ts';

/** How one image begins, and what holds it to its picture along the way. */
export interface Start {
  /** The first sample [1, C, h, w]. */
  readonly first: Tensor;
  /** What an inpainting UNet sees beside the sample: mask [1, h, w] and masked latents [C, h, w]; else nothing. */
  readonly channels: Float32Array;
  /** What inpainting with any other UNet does before evaluation `i`: the kept part is the picture's again. */
  readonly keep: (sample: Float32Array, i: number) => Float32Array;
}

interface StartRequest {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly image: InitImage | null;
}

const NOTHING = new Float32Array(0);
const asItIs = (sample: Float32Array) => sample;

/**
 * prepare_latents of StableDiffusionPipeline, StableDiffusionImg2ImgPipeline and StableDiffusionInpaintPipeline, drawing in
 * their order: unit noise times init_noise_sigma; or the picture's latents with the noise of evaluation `begin`.
 * Pictures go through the VAE once, whatever the number of images.
 */
export async function openStart(
  components: Components,
  { width, height, image }: StartRequest,
  scheduler: Scheduler,
  plan: Plan,
  begin: number,
): Promise<(random: Random) => Start> {
  const { vae, parts } = components;
  const shape = [1, parts.unet.out_channels, height / vae.scale, width / vae.scale];
  const fromNoise = (noise: Tensor): Tensor => ({
    shape,
    data: noise.data.map((value) => value * plan.initNoiseSigma),
  });
  if (!image) return (random) => ({ first: fromNoise(random.randn(shape)), channels: NOTHING, keep: asItIs });

  const sample = toSample(image.picture);
  const encoded = await encodeImage(components, sample, image.picture);
  const noised = (latents: Tensor, noise: Tensor, i: number): Tensor => ({
    shape,
    data: scheduler.addNoise(plan, latents.data, noise.data, i),
  });
  if (!image.mask) {
    return (random) => {
      const latents = sampleLatents(encoded, random, vae);
      return { first: noised(latents, random.randn(shape), begin), channels: NOTHING, keep: asItIs };
    };
  }

  const mask = toMask(image.mask);
  const small = shrinkMask(mask, width, vae.scale);
  const hidden = await encodeImage(components, hideMasked(sample, mask), image.picture);
  const isInpainting = parts.unet.in_channels > parts.unet.out_channels;
  const isAnew = image.strength === 1;
  return (random) => {
    // An inpainting UNet that begins with noise alone never asks for the picture's own latents.
    const latents = isInpainting && isAnew ? undefined : sampleLatents(encoded, random, vae);
    const noise = random.randn(shape);
    const first = latents && !isAnew ? noised(latents, noise, begin) : fromNoise(noise);
    const masked = sampleLatents(hidden, random, vae);
    if (isInpainting) return { first, channels: concatenate([small, masked.data]), keep: asItIs };
    const kept = (i: number) => {
      const original = latents as Tensor;
      return i < plan.timesteps.length ? noised(original, noise, i) : original;
    };
    return { first, channels: NOTHING, keep: (next, i) => blend(kept(i).data, next, small) };
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
