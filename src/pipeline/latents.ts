import type { Random } from '../numerics/random.ts';
import type { Tensor } from '../numerics/tensor.ts';

/**
 * The first sample, StableDiffusionPipeline.prepare_latents: unit noise [1, channels, height, width] of the image's
 * own generator, times the scheduler's init_noise_sigma. Height and width are in latent pixels.
 */
export function prepareLatents(
  random: Random,
  { channels, height, width }: { channels: number; height: number; width: number },
  initNoiseSigma: number,
): Tensor {
  const noise = random.randn([1, channels, height, width]);
  return { shape: noise.shape, data: noise.data.map((value) => value * initNoiseSigma) };
}

/** Whether latents are a picture at all: every value finite, and not all the same. */
export function areSound(latents: Float32Array): boolean {
  return latents.every(Number.isFinite) && latents.some((value) => value !== latents[0]);
}
