import type { Feeds } from '../graph/graph.ts';
import type { UNet2DConditionConfig } from '../models/config.ts';
import type { UNetShape } from '../models/unet.ts';
import { concatenate } from '../numerics/concatenate.ts';
import type { Size } from '../protocol/placement.ts';
import type { Session } from '../runtime/session.ts';
import type { Denoiser, DenoiserRequest, PromptEmbeds } from './family.ts';

/** A UNet's sessions: the one that is open, or a new one. */
export interface UNetSessions {
  open(shape: UNetShape): Promise<Session>;
  /** One over the weights of that which is open; undefined where they would be loaded again. */
  openBeside(shape: UNetShape): Promise<Session | undefined>;
}

/**
 * UNet2DConditionModel as a denoiser. A UNet takes only those of the inputs that its configuration asks for.
 * @param latents their height and width
 */
export async function openUNetDenoiser(
  config: UNet2DConditionConfig,
  latents: Size,
  { width, height, texts: batch, sometimesOne, sequenceLength, guidanceScale }: DenoiserRequest,
  sessions: UNetSessions,
): Promise<Denoiser> {
  const shape = { ...latents, sequenceLength };
  const open = () => sessions.open({ ...shape, batch });
  const openOne = async () => {
    await open();
    return sessions.openBeside({ ...shape, batch: 1 });
  };
  // Now, so that what does not fit is known before the first evaluation.
  await (batch === 2 && sometimesOne ? openOne() : open());
  const timestepCond = guidanceEmbedding(guidanceScale - 1, config.time_cond_proj_dim ?? 0);
  const steadyFeeds = (texts: readonly PromptEmbeds[]): Feeds => ({
    ...stackedInputs(texts),
    time_ids: Float32Array.from(texts.flatMap((text) => timeIds(config, { width, height }, text))),
    timestep_cond: timestepCond,
  });
  // The same arrays as long as the texts are the same: a session computes anew what depends on other ones.
  let fed: { readonly texts: readonly PromptEmbeds[]; readonly feeds: Feeds } | undefined;
  return async (sample, timestep, texts) => {
    // And again, because a picture that was decoded meanwhile may have taken its room.
    const one = texts.length < batch ? await openOne() : undefined;
    const session = one ?? (await open());
    // Where one text cannot be evaluated alone, it is evaluated twice.
    const rows = texts.length < batch && !one ? [...texts, ...texts] : texts;
    if (!fed || rows.length !== fed.texts.length || rows.some((text, i) => text !== fed?.texts[i]))
      fed = { texts: rows, feeds: steadyFeeds(rows) };
    const { out_sample } = await session.run({ ...fed.feeds, sample, timestep: Float32Array.of(timestep) });
    const outputs = out_sample as Float32Array;
    return outputs.subarray(0, (outputs.length / rows.length) * texts.length);
  };
}

/** What SDXL Refiner is told of the picture, as StableDiffusionXLImg2ImgPipeline has it by default. */
const AESTHETIC_SCORE = { wanted: 6, negative: 2.5 };

/** SDXL: the original size, the crop's corner, and the target size or an aesthetic score; sizes as height and width. */
function timeIds(
  config: UNet2DConditionConfig,
  { width, height }: Size,
  { isNegative }: PromptEmbeds,
): number[] {
  const { wanted, negative } = AESTHETIC_SCORE;
  const end = config.requires_aesthetics_score ? [isNegative ? negative : wanted] : [height, width];
  return [height, width, 0, 0, ...end];
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
