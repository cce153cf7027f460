import { preprocess } from '../image/image-processor.ts';
import { binarize, hideMasked, shrinkMask } from '../image/masks.ts';
import type { InitImage } from '../image/prepare-init-image.ts';
import type { Family, Vae } from '../loaders/family.ts';
import { concatenate } from '../numerics/concatenate.ts';
import type { Random } from '../numerics/random.ts';
import type { Tensor } from '../numerics/tensor.ts';
import type { Pass } from './plan-passes.ts';

/** The picture that a run starts from, as latents [1, C, h, w]. */
export interface ImageLatents {
  /** Without noise; drawn again for each picture where the VAE gives a distribution. */
  readonly sample: (random: Random) => Tensor;
  /** Null to paint all of it. */
  readonly inpaint: InpaintLatents | null;
  /** The masked part starts as noise alone, without what the picture has there. */
  readonly isNoiseMasked: boolean;
}

interface InpaintLatents {
  /** [h · w]: 1 where the picture is repainted, 0 where it is kept. */
  readonly mask: Float32Array;
  /** Latents [1, C, h, w] of the picture with the masked part made grey. */
  readonly sampleMasked: (random: Random) => Tensor;
}

/** How one picture starts, and what keeps it to the picture it starts from. */
export interface PreparedLatents {
  /** The first sample [1, C, h, w]. */
  readonly latents: Tensor;
  /** What an inpainting model takes beside the sample: mask [1, h, w] and masked latents [C, h, w]; otherwise empty. */
  readonly extraChannels: Float32Array;
  /** For inpainting with any other model, before evaluation `i`: puts the unmasked part of the picture back. */
  readonly keepUnmasked: (latents: Float32Array, i: number) => Float32Array;
}

const NONE = new Float32Array(0);
const identity = (latents: Float32Array) => latents;

/** Encodes the picture once, however many are to be made from it. */
export async function encodeInitImage(
  vae: Vae,
  initImage: InitImage,
  isTiled: boolean,
): Promise<ImageLatents> {
  const { pixels } = initImage;
  return {
    sample: await vae.encode(preprocess(pixels), pixels, isTiled),
    inpaint: await encodeMasked(vae, initImage, isTiled),
    isNoiseMasked: initImage.isNoiseMasked ?? false,
  };
}

/** The mask and the masked picture; null for a picture without a mask. */
export async function encodeMasked(
  vae: Vae,
  { pixels, mask: maskImage }: InitImage,
  isTiled: boolean,
): Promise<InpaintLatents | null> {
  if (!maskImage) return null;
  const mask = binarize(maskImage);
  return {
    mask: shrinkMask(mask, pixels.width, vae.pixelsPerLatent),
    sampleMasked: await vae.encode(hideMasked(preprocess(pixels), mask), pixels, isTiled),
  };
}

/**
 * prepare_latents of StableDiffusionPipeline, StableDiffusionImg2ImgPipeline and StableDiffusionInpaintPipeline, with their
 * order of random draws: noise times init_noise_sigma, or the picture's latents with the noise of the evaluation
 * the pass starts with.
 */
export function prepareLatents(
  family: Family,
  pass: Pass,
  image: ImageLatents | null,
): (random: Random) => PreparedLatents {
  const { scheduler, plan, begin } = pass;
  const shape = family.latentShape(pass);
  const pureNoise = (noise: Tensor): Tensor => ({
    shape,
    data: noise.data.map((value) => value * plan.initNoiseSigma),
  });
  const noised = (latents: Tensor, noise: Tensor, i: number): Tensor => ({
    shape,
    data: scheduler.addNoise(plan, latents.data, noise.data, i),
  });
  const plain = { extraChannels: NONE, keepUnmasked: identity };
  if (!image) return (random) => ({ latents: pureNoise(random.randn(shape)), ...plain });
  const { inpaint } = image;
  if (!inpaint) {
    return (random) => {
      const clean = image.sample(random);
      return { latents: noised(clean, random.randn(shape), begin), ...plain };
    };
  }

  const fromPureNoise = begin === 0;
  // AUTOMATIC1111's “latent noise” (modules/processing.py): the masked latents become the seed's noise, which is then noised.
  const content = (clean: Tensor, noise: Tensor): Tensor =>
    image.isNoiseMasked ? { shape, data: blend(clean.data, noise.data, inpaint.mask) } : clean;
  return (random) => {
    // diffusers doesn't draw the picture's own latents when an inpainting model starts from pure noise.
    const clean = family.hasMaskInput && fromPureNoise ? undefined : image.sample(random);
    const noise = random.randn(shape);
    const latents = clean && !fromPureNoise ? noised(content(clean, noise), noise, begin) : pureNoise(noise);
    const masked = inpaint.sampleMasked(random);
    if (family.hasMaskInput)
      return {
        latents,
        extraChannels: concatenate([inpaint.mask, masked.data]),
        keepUnmasked: identity,
      };
    const original = clean as Tensor;
    const kept = (i: number) => (i < plan.timesteps.length ? noised(original, noise, i) : original);
    return {
      latents,
      extraChannels: NONE,
      keepUnmasked: (next, i) => blend(kept(i).data, next, inpaint.mask),
    };
  };
}

/** `kept` where the mask is 0, `painted` where it is 1; both [1, C, h, w], the mask [h · w]. */
function blend(kept: Float32Array, painted: Float32Array, mask: Float32Array): Float32Array {
  return kept.map((x, i) => {
    const m = mask[i % mask.length] as number;
    return (1 - m) * x + m * (painted[i] as number);
  });
}
