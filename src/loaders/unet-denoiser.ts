import type { UNet2DConditionConfig } from '../models/config.ts';
import type { UNetShape } from '../models/unet.ts';
import { concatenate } from '../numerics/concatenate.ts';
import type { Size } from '../protocol/placement.ts';
import type { Session } from '../runtime/session.ts';
import type { Controls } from './control/controls.ts';
import type { Denoiser, DenoiserRequest } from './family.ts';
import { steadyFeeds } from './steady-feeds.ts';

/** A UNet's sessions: the one that is open, or a new one. */
export interface UNetSessions {
  open(shape: UNetShape): Promise<Session>;
  /** One over the weights of that which is open; undefined where they would be loaded again. */
  openBeside(shape: UNetShape): Promise<Session | undefined>;
}

/**
 * UNet2DConditionModel as a denoiser. A UNet takes only those of the inputs that its configuration asks for.
 * @param latents their height and width
 * @param controls what is added between its blocks; none for a run without ControlNets
 */
export async function openUNetDenoiser(
  config: UNet2DConditionConfig,
  latents: Size,
  { width, height, texts: batch, sometimesOne, sequenceLength, guidanceScale }: DenoiserRequest,
  sessions: UNetSessions,
  controls?: Controls,
): Promise<Denoiser> {
  const addends = controls && { addends: controls.addends };
  const shape = { ...latents, sequenceLength, ...addends };
  const open = () => sessions.open({ ...shape, batch });
  const openOne = async () => {
    await open();
    return sessions.openBeside({ ...shape, batch: 1 });
  };
  // Now, so that what does not fit is known before the first evaluation.
  await (batch === 2 && sometimesOne ? openOne() : open());
  const feedsOf = steadyFeeds(
    { width, height },
    { timestep_cond: guidanceEmbedding(guidanceScale - 1, config.time_cond_proj_dim ?? 0) },
  );
  return async (sample, timestep, texts, control) => {
    // And again, because a picture that was decoded meanwhile may have taken its room.
    const one = texts.length < batch ? await openOne() : undefined;
    const session = one ?? (await open());
    // Where one text cannot be evaluated alone, it is evaluated twice.
    const isTwice = texts.length < batch && !one;
    const rows = isTwice ? [...texts, ...texts] : texts;
    const feeds = { ...feedsOf(rows), timestep: Float32Array.of(timestep) };
    const residuals = (await controls?.residuals(sample, timestep, texts, control)) ?? {};
    const added = isTwice ? doubled(residuals) : residuals;
    const { out_sample } = await session.run({ ...feeds, ...added, sample });
    const outputs = out_sample as Float32Array;
    return outputs.subarray(0, (outputs.length / rows.length) * texts.length);
  };
}

/** What is added for one text, for both halves of a run; an adapter's is the same for any number of texts. */
const doubled = (residuals: Readonly<Record<string, Float32Array>>) =>
  Object.fromEntries(
    Object.entries(residuals).map(([name, of]) => [
      name,
      name.startsWith('down_intrablock') ? of : concatenate([of, of]),
    ]),
  );

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
