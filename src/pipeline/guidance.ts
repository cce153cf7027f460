import {
  type Denoiser,
  type Family,
  HALVES,
  type PicturePromptRequest,
  type PromptEmbeds,
  type Reuse,
  type ReuseOf,
} from '../loaders/family.ts';
import { AppError } from '../protocol/errors.ts';
import type { Size } from '../protocol/placement.ts';
import { type Control, controlScales } from './controls.ts';
import { type Evaluation, inTurnOf, waysOf } from './evaluations.ts';

/** Classifier-free guidance (Ho and Salimans 2022), with the settings of diffusers' ClassifierFreeGuidance. */
export interface Guidance {
  readonly guidanceScale: number;
  /** 0 … 1: how far the guided output is brought back to the standard deviation of the prompt's own. */
  readonly guidanceRescale: number;
  /** The part of the run that is guided, 0 … 1 each. Outside of it only the prompt counts. */
  readonly guidanceStart: number;
  readonly guidanceEnd: number;
}

/** The encoded prompt and negative prompt at one step. */
export interface Conditioning {
  readonly prompt: PromptEmbeds;
  readonly negative: PromptEmbeds;
}

/** The model's outputs [1, C, h, w] for the negative prompt and for the prompt. */
interface Outputs {
  readonly uncond: Float32Array;
  readonly cond: Float32Array;
}

/** One evaluation: the denoiser's input at a timestep → the guided output [1, C, h, w]. `i` counts evaluations from 0. */
export type PredictNoise = (latents: Float32Array, timestep: number, i: number) => Promise<Float32Array>;

/** Whether the negative prompt counts: not with a scale of 1 or less, nor where the model takes the scale as an input. */
export function usesNegativePrompt(
  { hasGuidanceInput }: Pick<Family, 'hasGuidanceInput'>,
  guidanceScale: number,
): boolean {
  return guidanceScale > 1 && !hasGuidanceInput;
}

/**
 * Opens the denoiser for a run: both texts at once, one after the other where that is planned or memory turns out too
 * small; the prompt alone where nothing is guided.
 * @param conditioningAt the texts of evaluation `i`, all with as many tokens
 * @param onInTurn awaited where both at once were planned, and memory is too small
 * @throws AppError out-of-memory, device-lost
 */
export async function openGuidedDenoiser(
  family: Family,
  conditioningAt: (i: number) => Conditioning,
  request: Guidance &
    Size & {
      readonly controls: readonly Control[];
      readonly picturePrompts: readonly PicturePromptRequest[];
    },
  evaluations: readonly Evaluation[],
  isTogether: boolean,
  onInTurn: () => Promise<void>,
): Promise<PredictNoise> {
  const { width, height, guidanceScale, controls, picturePrompts } = request;
  const { sequenceLength } = conditioningAt(0).prompt;
  const isGuided = evaluations.some(({ texts }) => texts === 'both');
  const planned = (inOneRun: boolean) => (inOneRun ? evaluations : inTurnOf(evaluations));
  const sometimesOne = evaluations.some(({ texts }) => texts !== 'both');
  const open = (texts: 1 | 2) => {
    const reuses = waysOf(planned(texts === 2), texts === 2);
    const size = { width, height, texts, sometimesOne, sequenceLength, guidanceScale };
    const asked = { ...size, controls, picturePrompts };
    return family.openDenoiser(reuses.length > 0 ? { ...asked, reuses } : asked);
  };
  const isBoth = isGuided && isTogether;
  const both = isBoth ? await open(2).catch(ifTooLarge) : undefined;
  if (isBoth && !both) await onInTurn();
  const denoise = both ?? (await open(1));
  const predictBoth = both ? together(both) : inTurn(denoise);
  const plan = planned(both !== undefined);
  return async (latents, timestep, i) => {
    const { negative, prompt } = conditioningAt(i);
    const { texts, reuse } = plan[i] as Evaluation;
    const scales = controlScales(controls, i, evaluations.length);
    if (texts === 'both')
      return guide(await predictBoth(latents, timestep, negative, prompt, scales, reuse), request);
    return denoise(latents, timestep, [texts === 'prompt' ? prompt : negative], scales, of(reuse));
  };
}

/** @param prefix that of the text that is evaluated alone, though both count */
const of = (reuse: Reuse | undefined, prefix = ''): ReuseOf | undefined => reuse && { reuse, prefix };

type PredictBoth = (
  latents: Float32Array,
  timestep: number,
  negative: PromptEmbeds,
  prompt: PromptEmbeds,
  controlScales: readonly number[],
  reuse: Reuse | undefined,
) => Promise<Outputs>;

const together =
  (denoise: Denoiser): PredictBoth =>
  async (latents, timestep, negative, prompt, scales, reuse) => {
    const both = await denoise(latents, timestep, [negative, prompt], scales, of(reuse));
    return { uncond: both.subarray(0, both.length / 2), cond: both.subarray(both.length / 2) };
  };

/** Begins with the text that it ended with the last time: what depends on that text alone is computed. */
function inTurn(denoise: Denoiser): PredictBoth {
  let last: PromptEmbeds | undefined;
  return async (latents, timestep, negative, prompt, scales, reuse) => {
    const evaluate = (text: PromptEmbeds, prefix: string) => {
      last = text;
      return denoise(latents, timestep, [text], scales, of(reuse, prefix));
    };
    const [ofNegative, ofPrompt] = HALVES;
    if (last !== prompt)
      return { uncond: await evaluate(negative, ofNegative), cond: await evaluate(prompt, ofPrompt) };
    const cond = await evaluate(prompt, ofPrompt);
    return { uncond: await evaluate(negative, ofNegative), cond };
  };
}

/** Both texts at once may be too large for memory; then they go one after the other. */
function ifTooLarge(error: unknown): undefined {
  if (!(error instanceof AppError && error.code === 'out-of-memory')) throw error;
}

/** Of each evaluation of a run, whether it is guided: both texts count. */
export function guidedEvaluations(
  family: Pick<Family, 'hasGuidanceInput'>,
  request: Guidance,
  evaluations: number,
): boolean[] {
  const isEver = usesNegativePrompt(family, request.guidanceScale);
  return Array.from({ length: evaluations }, (_, i) => isEver && isGuided(request, i, evaluations));
}

/** Whether evaluation `i` is in the guided part: `_is_cfg_enabled` (diffusers guiders/classifier_free_guidance.py). */
export function isGuided({ guidanceStart, guidanceEnd }: Guidance, i: number, evaluations: number): boolean {
  return Math.trunc(guidanceStart * evaluations) <= i && i < Math.trunc(guidanceEnd * evaluations);
}

/** uncond + scale · (cond − uncond), then rescale_noise_cfg (Lin et al. 2023, section 3.4); all [1, C, h, w]. */
export function guide({ uncond, cond }: Outputs, { guidanceScale, guidanceRescale }: Guidance): Float32Array {
  const guided = uncond.map((value, i) => value + guidanceScale * ((cond[i] as number) - value));
  if (guidanceRescale === 0) return guided;
  const ratio = standardDeviation(cond) / standardDeviation(guided);
  const factor = guidanceRescale * ratio + 1 - guidanceRescale;
  return guided.map((value) => value * factor);
}

function standardDeviation(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}
