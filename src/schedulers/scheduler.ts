import type { Random } from '../numerics/random.ts';

/** What a run will do, as data: one entry per model evaluation (Heun and PNDM repeat theirs). */
export interface Plan {
  readonly timesteps: readonly number[];
  /** Noise level before each evaluation, and the last one after; absent where the sampler does not speak in sigmas. */
  readonly sigmas?: Float32Array;
  /** What unit noise is multiplied by to become the first sample. */
  readonly initNoiseSigma: number;
}

/** One run. Born with its history empty; `i` counts model evaluations from 0. Neither call changes its arguments. */
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
  plan(numInferenceSteps: number): Plan;
  start(plan: Plan, random: Random, options: StepOptions): Stepper;
}
