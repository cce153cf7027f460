import { weightedSum } from '../numerics/weighted-sum.ts';
import type { PredictionType } from './config.ts';
import type { Plan, Scheduler } from './scheduler.ts';
import { sigmaGrid } from './sigma-curves.ts';
import { spacedTimesteps } from './spacing.ts';

const f = Math.fround;

/**
 * What the schedulers share whose sample is x₀ + sigma · ε (Karras et al. 2022; k-diffusion): Euler, Heun, LMS, DPM2. Samples
 * are [n]. Every operation is rounded to float32, as torch rounds it.
 */

type PlanConfig = Parameters<typeof spacedTimesteps>[0] & Parameters<typeof sigmaGrid>[0];

/** `set_timesteps` and `init_noise_sigma`: one evaluation for each step, down to the noise level `last`. */
export function sigmaPlan(
  config: PlanConfig,
  trainingSigmas: Float32Array,
  numInferenceSteps: number,
  last = 0,
): Plan & { readonly sigmas: Float32Array } {
  const spaced = spacedTimesteps(config, numInferenceSteps).map(f);
  const grid = sigmaGrid(config, trainingSigmas, spaced);
  const sigmas = Float32Array.of(...grid.sigmas, last);
  const largest = sigmas.reduce((a, b) => Math.max(a, b));
  const isLeading = config.timestep_spacing === 'leading' && !config.schedule_type;
  const initNoiseSigma = isLeading ? f(Math.sqrt(f(f(largest * largest) + 1))) : largest;
  return { timesteps: grid.timesteps.map(f), sigmas, initNoiseSigma };
}

/** `scale_model_input`: the sample [n] scaled to unit variance → [n]. */
export function scaleBySigma(sample: Float32Array, sigma: number): Float32Array {
  const scale = f(Math.sqrt(f(f(sigma * sigma) + 1)));
  return sample.map((x) => x / scale);
}

/** `add_noise`: original and noise [n] → [n]. */
export const addSigmaNoise: Scheduler['addNoise'] = ({ sigmas }, original, noise, i) =>
  weightedSum([
    [1, original],
    [sigmas?.[i] as number, noise],
  ]);

/** The clean sample that a model output stands for, the model's input being the scaled `sample`: [n] → [n]. */
export function toOriginalSampleFromSigma(
  type: PredictionType,
  output: Float32Array,
  sample: Float32Array,
  sigma: number,
): Float32Array {
  if (type === 'sample') return output;
  if (type === 'epsilon') return sample.map((x, i) => x - f(sigma * (output[i] as number)));
  const variance = f(f(sigma * sigma) + 1);
  const scale = f(-sigma / f(Math.sqrt(variance)));
  return sample.map((x, i) => f((output[i] as number) * scale) + f(x / variance));
}

/** dx/dσ = (sample − original) / sigma: [n] → [n]. */
export const derivativeOf = (sample: Float32Array, original: Float32Array, sigma: number) =>
  sample.map((x, i) => f(x - (original[i] as number)) / sigma);

/** sample + derivative · dt: [n] → [n]. */
export const moveAlong = (sample: Float32Array, derivative: Float32Array, dt: number) =>
  weightedSum([
    [1, sample],
    [dt, derivative],
  ]);

/** An ancestral step between two sigmas: the lower sigma to go down to, and the deviation of the noise that is then added. */
export function ancestralStep(from: number, to: number): { readonly down: number; readonly up: number } {
  const [from2, to2] = [f(from * from), f(to * to)];
  const up = f(Math.sqrt(f(f(to2 * f(from2 - to2)) / from2)));
  return { down: f(Math.sqrt(f(to2 - f(up * up)))), up };
}
