import type { PredictionType } from './config.ts';

const f = Math.fround;

/**
 * The clean sample x₀ that a model output stands for, where sample = alpha · x₀ + sigma · ε and v = alpha · ε − sigma · x₀
 * (Salimans and Ho 2022): output and sample [n] → [n]. Every operation is rounded to float32, as torch rounds it.
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

/** The noise ε that a model output stands for: output and sample [n] → [n]. */
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

interface BoundConfig {
  readonly thresholding?: boolean | null | undefined;
  readonly dynamic_thresholding_ratio?: number;
  readonly sample_max_value?: number;
  readonly clip_sample?: boolean;
  readonly clip_sample_range?: number;
}

/** A clean sample [n] limited as the configuration says: by dynamic thresholding, by a fixed range, or not at all. */
export function boundOriginalSample(config: BoundConfig, original: Float32Array): Float32Array {
  if (config.thresholding) {
    const { dynamic_thresholding_ratio: ratio = 0.995, sample_max_value: most = 1 } = config;
    return threshold(original, ratio, most);
  }
  if (!config.clip_sample) return original;
  return clamp(original, config.clip_sample_range ?? 1);
}

/** `_threshold_sample` (Saharia et al. 2022, section 2.3) of one image: −s … s becomes −1 … 1. */
function threshold(original: Float32Array, ratio: number, most: number): Float32Array {
  const sizes = original.map(Math.abs).sort();
  const s = Math.min(Math.max(quantile(sizes, ratio), 1), most);
  return clamp(original, s).map((x) => x / s);
}

/** torch.quantile of ascending values, linear between the two nearest. */
function quantile(ascending: Float32Array, ratio: number): number {
  const rank = f(f(ratio) * (ascending.length - 1));
  const below = Math.floor(rank);
  const [low, high] = [ascending[below] as number, ascending[Math.ceil(rank)] as number];
  return f(low + f(f(rank - below) * f(high - low)));
}

const clamp = (values: Float32Array, range: number) =>
  values.map((x) => Math.min(Math.max(x, -range), range));
