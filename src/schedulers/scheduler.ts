import type { Random } from '../numerics/random.ts';

/** A run as data: one entry for each model evaluation (Heun and PNDM repeat some timesteps). */
export interface Plan {
  readonly timesteps: readonly number[];
  /** The noise level before each evaluation, and the one after the last; absent for samplers that have no sigmas. */
  readonly sigmas?: Float32Array;
  /** The first sample is noise of unit variance times this. */
  readonly initNoiseSigma: number;
}

/** One run, with its history. `i` is an index into the plan, samples are [n]. No call changes its arguments. */
export interface Stepper {
  /** diffusers' `scale_model_input`: the sample as the model takes it. */
  scaleModelInput(sample: Float32Array, i: number): Float32Array;
  /** diffusers' `step`: the sample after evaluation `i`. */
  step(modelOutput: Float32Array, sample: Float32Array, i: number): Float32Array;
}

/** What some of diffusers' schedulers take as arguments of `step`. */
export interface StepOptions {
  /** The weight of each step's fresh noise, 0 … 1 (DDIM, TCD). */
  readonly eta: number;
}

/** A sampler of diffusers with its configuration. */
export interface Scheduler {
  /** Model evaluations for each inference step except the last. */
  readonly order: 1 | 2;
  /** The standard deviation of clean samples, 1 where nothing is said: what a model's input of unit variance is scaled from. */
  readonly sigmaData?: number;
  /**
   * @param imageSequenceLength how many image tokens the denoiser has, by which some samplers shift their noise levels
   * @throws AppError invalid-request for more or fewer steps than the sampler takes (LCM, TCD, PNDM)
   */
  plan(numInferenceSteps: number, imageSequenceLength?: number): Plan;
  /** @param random draws the fresh noise of the steps */
  start(plan: Plan, random: Random, options: StepOptions): Stepper;
  /** diffusers' `add_noise`: a clean sample [n] with as much noise [n] as there is before evaluation `i` → [n]. */
  addNoise(plan: Plan, original: Float32Array, noise: Float32Array, i: number): Float32Array;
}

/**
 * The evaluation that a run from an image starts with: get_timesteps of diffusers' StableDiffusionImg2ImgPipeline. At strength
 * 0 it is the one after the last.
 * @param strength the part of the run that is left to do, 0 … 1
 */
export function beginIndex(scheduler: Scheduler, numInferenceSteps: number, strength: number): number {
  const left = Math.min(Math.floor(numInferenceSteps * strength), numInferenceSteps);
  return beginWith(scheduler, numInferenceSteps, left);
}

/** The same, given the number of steps that are left to do. */
export function beginWith({ order }: Scheduler, numInferenceSteps: number, left: number): number {
  return order * (numInferenceSteps - left);
}
