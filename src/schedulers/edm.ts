import * as v from 'valibot';
import { numpyLinspace, torchLinspace } from '../numerics/ranges.ts';
import { noisePredictions, number } from './config.ts';
import type { Plan } from './scheduler.ts';

const f = Math.fround;

/**
 * What diffusers' EDM schedulers share: the sample is x₀ + sigma · ε, and the model's input, output and noise level are scaled
 * so that each has unit variance (Karras et al. 2022, table 1). Samples are [n]; every operation is rounded to float32.
 */

/** Keys of both schedulers' scheduler_config.json. */
export const edm = {
  num_train_timesteps: number('num_train_timesteps', 1000),
  sigma_min: number('sigma_min', 0.002),
  sigma_max: number('sigma_max', 80),
  /** The standard deviation of clean samples. */
  sigma_data: number('sigma_data', 0.5),
  sigma_schedule: v.optional(v.picklist(['karras', 'exponential']), 'karras'),
  rho: number('rho', 7),
  prediction_type: v.optional(noisePredictions, 'epsilon'),
  final_sigmas_type: v.optional(v.picklist(['zero', 'sigma_min']), 'zero'),
};
type EDMConfig = v.InferOutput<v.ObjectSchema<typeof edm, undefined>>;

/** The levels of a run, `steps` of them, descending. @param precision Math.fround for Karras’ ramp in float32 */
export function edmSigmas(
  config: EDMConfig,
  steps: number,
  precision = (value: number) => value,
): Float32Array {
  const isKarras = config.sigma_schedule === 'karras';
  return isKarras ? karrasSigmas(config, steps, precision) : exponentialSigmas(config, steps);
}

/** Equation 5 of the paper. */
function karrasSigmas(config: EDMConfig, steps: number, precision: (value: number) => number): Float32Array {
  const { sigma_min: min, sigma_max: max, rho } = config;
  const [low, high] = [min ** (1 / rho), max ** (1 / rho)];
  const ramp = precision === f ? torchLinspace(0, 1, steps) : numpyLinspace(0, 1, steps);
  const sigma = (at: number) => precision(precision(high) + precision(at * precision(low - high))) ** rho;
  return Float32Array.from({ length: steps }, (_, i) => sigma(ramp[i] as number));
}

/** Levels whose logarithms are evenly spaced. A single one is the lowest. */
function exponentialSigmas({ sigma_min: min, sigma_max: max }: EDMConfig, steps: number) {
  return torchLinspace(Math.log(min), Math.log(max), steps).map(Math.exp).toReversed();
}

/** `set_timesteps` and `init_noise_sigma`: a timestep is ¼ · ln sigma, and so below 0 where sigma is below 1. */
export function edmPlan({ sigma_max: max }: EDMConfig, sigmas: Float32Array, last: number): Plan {
  return {
    timesteps: Array.from(sigmas, (sigma) => f(0.25 * f(Math.log(sigma)))),
    sigmas: Float32Array.of(...sigmas, last),
    initNoiseSigma: Math.sqrt(max ** 2 + 1),
  };
}

/** sigma² + sigma_data². */
const variance = ({ sigma_data: data }: EDMConfig, sigma: number) => f(f(sigma * sigma) + f(data ** 2));

/** `precondition_inputs`: the sample scaled to unit variance, as the model takes it. */
export function preconditionInputs(config: EDMConfig, sample: Float32Array, sigma: number): Float32Array {
  const scale = f(1 / f(Math.sqrt(variance(config, sigma))));
  return sample.map((x) => x * scale);
}

/** `precondition_outputs`: the clean sample that a model output stands for. */
export function preconditionOutputs(
  config: EDMConfig,
  output: Float32Array,
  sample: Float32Array,
  sigma: number,
): Float32Array {
  const total = variance(config, sigma);
  const skip = f(f(config.sigma_data ** 2) / total);
  const sign = config.prediction_type === 'epsilon' ? 1 : -1;
  const out = f(f(sign * sigma * config.sigma_data) / f(Math.sqrt(total)));
  return sample.map((x, i) => f(skip * x) + f(out * (output[i] as number)));
}
