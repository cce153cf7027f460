import type { PredictionType } from './config.ts';
import { toOriginalSample } from './prediction.ts';
import type { Plan, Scheduler } from './scheduler.ts';

/** A scheduler that knows what its model's output says. */
export interface Sampler extends Scheduler {
  /**
   * The clean sample x₀ [n] that a model output [n] stands for, with the sample [n] before evaluation `i`: diffusers'
   * `pred_original_sample`, without the limits that some configurations set.
   */
  originalSample(plan: Plan, output: Float32Array, sample: Float32Array, i: number): Float32Array;
}

const ONE = Float32Array.of(1);
const NONE = Float32Array.of(0);

/** @param type what the output is; `flow` for the slope from the clean sample to the noise */
export function withOriginalSample(scheduler: Scheduler, type: PredictionType | 'flow'): Sampler {
  const originalSample: Sampler['originalSample'] = (plan, output, sample, i) => {
    // What `add_noise` makes of a clean sample of 1, and of noise of 1, is how much of either there is.
    const alpha = scheduler.addNoise(plan, ONE, NONE, i)[0] as number;
    const sigma = scheduler.addNoise(plan, NONE, ONE, i)[0] as number;
    if (type === 'flow') return sample.map((x, n) => x - sigma * (output[n] as number));
    // At unit variance, as the model sees it: some schedulers' samples grow with their noise.
    const size = Math.hypot(alpha, sigma);
    const seen = sample.map((x) => x / size);
    return toOriginalSample(type, output, seen, alpha / size, sigma / size);
  };
  return { ...scheduler, originalSample };
}
