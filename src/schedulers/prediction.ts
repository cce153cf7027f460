import type { PredictionType } from './config.ts';

const f = Math.fround;

/**
 * The clean sample x₀ that a model output stands for, where sample = alpha · x₀ + sigma · ε and v = alpha · ε − sigma · x₀
 * (Salimans and Ho 2022). Every operation is rounded to float32, as torch rounds it.
 */
export function toOriginalSample(
  type: PredictionType,
  output: Float32Array,
  sample: Float32Array,
  alpha: number,
  sigma: number,
): Float32Array {
  if (type === 'sample') return output;
  if (type === 'epsilon') return sample.map((x, i) => f(x - f(sigma * (output[i] as number))) / alpha);
  return sample.map((x, i) => f(alpha * x) - f(sigma * (output[i] as number)));
}

/** The same where the sample is x₀ + sigma · ε, before scale_model_input (Karras et al. 2022; EulerDiscreteScheduler). */
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

/** scale_model_input of those schedulers: unit variance again. */
export function scaleBySigma(sample: Float32Array, sigma: number): Float32Array {
  const scale = f(Math.sqrt(f(f(sigma * sigma) + 1)));
  return sample.map((x) => x / scale);
}

/** The noise ε that a model output stands for. */
export function toEpsilon(
  type: PredictionType,
  output: Float32Array,
  sample: Float32Array,
  alpha: number,
  sigma: number,
): Float32Array {
  if (type === 'epsilon') return output;
  if (type === 'sample') return sample.map((x, i) => f(x - f(alpha * (output[i] as number))) / sigma);
  return output.map((v, i) => f(alpha * v) + f(sigma * (sample[i] as number)));
}
