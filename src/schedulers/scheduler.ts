import type { Random } from '../numerics/random.ts';

/** What a run will do, as data: one entry per model evaluation (Heun and PNDM repeat theirs). */
export interface Plan {
  readonly timesteps: readonly number[];
  /** Noise level before each evaluation, and the last one after; absent where the sampler does not speak in sigmas. */
  readonly sigmas?: Float32Array;
  /** What unit noise is multiplied by to become the first sample. */
  readonly initNoiseSigma: number;
}

/** One run. Born with its history empty; `i` is an index into the plan. Neither call changes its arguments. */
export interface Stepper {
  /** diffusers' `scale_model_input`. */
  scaleModelInput(sample: Float32Array, i: number): Float32Array;
  /** diffusers' `step`: the sample after evaluation `i`. */
  step(modelOutput: Float32Array, sample: Float32Array, i: number): Float32Array;
}

/** What diffusers' `step` takes beside the sample, in the schedulers that read it. */
export interface StepOptions {
  /** 0 … 1: the weight of the fresh noise of each step (DDIM, TCD). */
  readonly eta: number;
}

export interface Scheduler {
  /** Model evaluations per inference step, but for the last. */
  readonly order: 1 | 2;
  /** @param imageSequenceLength the denoiser's image tokens, by which some samplers shift their noise levels */
  plan(numInferenceSteps: number, imageSequenceLength?: number): Plan;
  start(plan: Plan, random: Random, options: StepOptions): Stepper;
  /** diffusers' `add_noise`: a clean sample as it would be before evaluation `i`. */
  addNoise(plan: Plan, original: Float32Array, noise: Float32Array, i: number): Float32Array;
}

/**
 * The evaluation that a run begins with when it starts from a picture: get_timesteps of
 * diffusers' StableDiffusionImg2ImgPipeline. A run of which nothing is left begins after its last evaluation.
 * @param strength 0 … 1, how much of the run is left
 */
export function beginIndex(scheduler: Scheduler, numInferenceSteps: number, strength: number): number {
  const left = Math.min(Math.floor(numInferenceSteps * strength), numInferenceSteps);
  return beginWith(scheduler, numInferenceSteps, left);
}

/** The same where the steps that are left to do are known. */
export function beginWith({ order }: Scheduler, numInferenceSteps: number, left: number): number {
  return order * (numInferenceSteps - left);
}
