import type { UNet2DConditionConfig } from '../models/config.ts';
import type { UNetShape } from '../models/unet.ts';
import { concatenate } from '../numerics/concatenate.ts';
import type { Size } from '../protocol/placement.ts';
import type { Feeds, Session } from '../runtime/session.ts';
import type { Denoiser, DenoiserRequest, PromptEmbeds } from './family.ts';

/**
 * UNet2DConditionModel as a denoiser. A UNet takes only those of the inputs that its configuration asks for.
 * @param latents their height and width
 */
export async function openUNetDenoiser(
  config: UNet2DConditionConfig,
  latents: Size,
  { width, height, texts: batch, sequenceLength, guidanceScale }: DenoiserRequest,
  open: (shape: UNetShape) => Promise<Session>,
): Promise<Denoiser> {
  const session = await open({ ...latents, sequenceLength, batch });
  // SDXL: the original size, the crop's corner and the target size, each as height and width.
  const timeIds = [height, width, 0, 0, height, width];
  const timestepCond = guidanceEmbedding(guidanceScale - 1, config.time_cond_proj_dim ?? 0);
  return async (sample, timestep, texts) => {
    const { out_sample } = await session.run({
      ...stackedInputs(texts),
      sample,
      timestep: Float32Array.of(timestep),
      time_ids: Float32Array.from(texts.flatMap(() => timeIds)),
      timestep_cond: timestepCond,
    });
    return out_sample as Float32Array;
  };
}

/** The texts' inputs, one row per text. */
function stackedInputs(texts: readonly PromptEmbeds[]): Feeds {
  const names = Object.keys(texts[0]?.inputs ?? {});
  return Object.fromEntries(
    names.map((name) => [name, concatenate(texts.map(({ inputs }) => inputs[name] as Float32Array))]),
  );
}

/**
 * get_guidance_scale_embedding (diffusers pipelines/latent_consistency_models): sines and cosines of the guidance scale.
 * @param w the guidance scale − 1
 * @param dim the length of the result, even
 */
export function guidanceEmbedding(w: number, dim: number): Float32Array {
  const half = dim / 2;
  const f = Math.fround;
  const step = f(f(Math.log(10000)) / (half - 1));
  const angles = Float32Array.from({ length: half }, (_, i) => f(w * 1000) * f(Math.exp(f(i * -step))));
  return Float32Array.of(...angles.map(Math.sin), ...angles.map(Math.cos));
}
