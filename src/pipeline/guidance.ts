import type { Components } from '../loaders/components.ts';
import { AppError } from '../protocol/errors.ts';
import type { Feeds, Session } from '../runtime/session.ts';
import type { Conditioning, PromptEmbeds } from './conditioning.ts';

/** One evaluation of the UNet: model input [1, C, h, w] at a timestep, `i` from 0 → model output of the same shape. */
export type Denoiser = (sample: Float32Array, timestep: number, i: number) => Promise<Float32Array>;

/** Classifier-free guidance (Ho and Salimans 2022) as diffusers' ClassifierFreeGuidance has it. */
export interface Guidance {
  readonly guidanceScale: number;
  /** How far the guided output is brought back to the spread of the prompt's own, 0 … 1. */
  readonly guidanceRescale: number;
  /** The part of the run that is guided, 0 … 1 each; outside it the prompt alone speaks. */
  readonly guidanceStart: number;
  readonly guidanceEnd: number;
}

export interface DenoiserRequest extends Guidance {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** Model outputs of the two texts. */
interface Halves {
  readonly uncond: Float32Array;
  readonly cond: Float32Array;
}

/** Whether the prompt alone speaks: a scale of 1 or less, or a model that takes the scale as an input (LCM's time_cond_proj_dim). */
export function isGuidanceFree(
  { parts }: Components,
  { guidanceScale }: Pick<Guidance, 'guidanceScale'>,
): boolean {
  return guidanceScale <= 1 || Boolean(parts.unet.time_cond_proj_dim);
}

/**
 * Opens the UNet for a request: both halves of guidance in one run; in two where that is planned, or memory turns out
 * short; the prompt alone where there is no guidance. `conditioningAt` tells the texts of an evaluation, all of one length.
 */
export async function openDenoiser(
  components: Components,
  conditioningAt: (i: number) => Conditioning,
  request: DenoiserRequest,
  evaluations: number,
  together: boolean,
): Promise<Denoiser> {
  const { unet } = components.parts;
  const { scale } = components.vae;
  const { guidanceScale, width, height } = request;
  const size = { height: height / scale, width: width / scale };
  const sequenceLength = conditioningAt(0).prompt.states.length / unet.cross_attention_dim;
  const open = (batch: 1 | 2) => components.unet({ ...size, sequenceLength, batch });
  const evaluate = async (
    session: Session,
    texts: readonly PromptEmbeds[],
    sample: Float32Array,
    timestep: number,
  ) => {
    const feeds = textFeeds(texts, [height, width, 0, 0, height, width]);
    const condition = guidanceEmbedding(guidanceScale - 1, unet.time_cond_proj_dim ?? 0);
    const { out_sample } = await session.run({
      ...feeds,
      sample,
      timestep: Float32Array.of(timestep),
      timestep_cond: condition,
    });
    return out_sample as Float32Array;
  };

  if (isGuidanceFree(components, request)) {
    const session = await open(1);
    return (sample, timestep, i) => evaluate(session, [conditioningAt(i).prompt], sample, timestep);
  }

  const ofBoth = together ? await open(2).catch(unlessShort) : undefined;
  const session = ofBoth ?? (await open(1));
  const halves = async ({ prompt, negative }: Conditioning, sample: Float32Array, timestep: number) => {
    if (!ofBoth)
      return {
        uncond: await evaluate(session, [negative], sample, timestep),
        cond: await evaluate(session, [prompt], sample, timestep),
      };
    const both = await evaluate(session, [negative, prompt], sample, timestep);
    return { uncond: both.subarray(0, both.length / 2), cond: both.subarray(both.length / 2) };
  };
  return async (sample, timestep, i) => {
    const output: Halves = await halves(conditioningAt(i), sample, timestep);
    return isGuided(request, i, evaluations) ? guide(output, request) : output.cond;
  };
}

/** Too little memory for both is no fault yet. */
function unlessShort(error: unknown): undefined {
  if (!(error instanceof AppError && error.code === 'out-of-memory')) throw error;
}

/** Whether evaluation `i` lies in the guided part: diffusers' `_is_cfg_enabled` (guiders/classifier_free_guidance.py). */
export function isGuided({ guidanceStart, guidanceEnd }: Guidance, i: number, evaluations: number): boolean {
  return Math.trunc(guidanceStart * evaluations) <= i && i < Math.trunc(guidanceEnd * evaluations);
}

/** Away from the one and towards the other; then rescale_noise_cfg (Lin et al. 2023, section 3.4). */
export function guide({ uncond, cond }: Halves, { guidanceScale, guidanceRescale }: Guidance): Float32Array {
  const guided = uncond.map((value, i) => value + guidanceScale * ((cond[i] as number) - value));
  if (guidanceRescale === 0) return guided;
  const factor = guidanceRescale * (deviation(cond) / deviation(guided)) + 1 - guidanceRescale;
  return guided.map((value) => value * factor);
}

function deviation(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** The texts' inputs, one row each; a UNet without text_time takes only the states. */
function textFeeds(texts: readonly PromptEmbeds[], timeIds: readonly number[]): Feeds {
  const stack = (rows: readonly ArrayLike<number>[]) =>
    Float32Array.from(rows.flatMap((row) => Array.from(row)));
  return {
    encoder_hidden_states: stack(texts.map(({ states }) => states)),
    text_embeds: stack(texts.map(({ pooled }) => pooled ?? [])),
    time_ids: stack(texts.map(() => timeIds)),
  };
}

/**
 * get_guidance_scale_embedding (diffusers pipelines/latent_consistency_models): w = guidance scale − 1 as sines and
 * cosines, float32 [dim], dim even.
 */
export function guidanceEmbedding(w: number, dim: number): Float32Array {
  const half = dim / 2;
  const f = Math.fround;
  const step = f(f(Math.log(10000)) / (half - 1));
  const angles = Float32Array.from({ length: half }, (_, i) => f(w * 1000) * f(Math.exp(f(i * -step))));
  return Float32Array.of(...angles.map(Math.sin), ...angles.map(Math.cos));
}
