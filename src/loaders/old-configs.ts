import type { ModelIndex } from './repository-layout.ts';

/**
 * What diffusers' pipelines change in old configurations when they are built: StableDiffusionPipeline and its
 * image-to-image and inpainting siblings do, those of SDXL and of LCM do not (diffusers pipelines/stable_diffusion).
 */

/** Whether a repository's pipeline changes old configurations. */
export const mendsOldConfigs = ({ pipelineClass = '' }: ModelIndex, isXl: boolean): boolean =>
  !isXl && !pipelineClass.includes('LatentConsistencyModel');

const MENDED = { steps_offset: 1, clip_sample: false };
const MENDED_FOR_INPAINTING = { steps_offset: 1, skip_prk_steps: true };

/**
 * The scheduler_config.json with which a sampler is made. Another sampler than the repository's own takes over what the file
 * says, mended, but not what the pipeline mended in the own one's defaults (`from_config`, `_use_default_values`).
 * @param isOwn whether it is the repository's own sampler
 */
export function mendedSchedulerConfig(
  config: Readonly<Record<string, unknown>>,
  isOwn: boolean,
  isInpainting: boolean,
): Readonly<Record<string, unknown>> {
  const mended = Object.entries(isInpainting ? MENDED_FOR_INPAINTING : MENDED);
  return { ...config, ...Object.fromEntries(mended.filter(([key]) => isOwn || key in config)) };
}

/** Stable Diffusion 1's first repositories say that it was trained on 32 × 32 latents, which is the UNet's default. */
const OLD_SAMPLE_SIZE = 64;

/** The UNet's sample_size, mended where its config.json is from before diffusers 0.9.0. */
export function mendedSampleSize<T>(sampleSize: T, diffusersVersion: string | null | undefined): T | number {
  const [major = 0, minor = 0] = (diffusersVersion ?? '0.9').split('.').map(Number);
  const isOld = major === 0 && minor < 9;
  return isOld && typeof sampleSize === 'number' ? Math.max(sampleSize, OLD_SAMPLE_SIZE) : sampleSize;
}
