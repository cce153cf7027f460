import { roundHalfEven } from '../numerics/ranges.ts';
import { weightedSum } from '../numerics/weighted-sum.ts';
import type { PredictionType } from './config.ts';
import { boundOriginalSample, toEpsilon, toOriginalSample } from './prediction.ts';
import type { Scheduler } from './scheduler.ts';
import { type Grid, sigmaGrid } from './sigma-curves.ts';

const f = Math.fround;

/**
 * A noise level as the exponential-integrator solvers (DPM-Solver, UniPC, DEIS) have it: the sample is alpha · x₀ + sigma · ε
 * with alpha² + sigma² = 1, and time is lambda = log(alpha / sigma).
 */
export interface Level {
  readonly alpha: number;
  readonly sigma: number;
  readonly lambda: number;
}

/** The level whose ratio of noise to signal is `sigma`, 0 … ∞. */
export function levelOf(sigma: number): Level {
  const alpha = f(1 / f(Math.sqrt(f(f(sigma * sigma) + 1))));
  const scaled = f(sigma * alpha);
  return { alpha, sigma: scaled, lambda: f(f(Math.log(alpha)) - f(Math.log(scaled))) };
}

type GridConfig = Parameters<typeof sigmaGrid>[0];

/**
 * Timesteps and sigmas of a run. A curve spans the whole training schedule, and its timesteps are made integers; those of a
 * schedule type keep their fractions, as in k-diffusion.
 */
export function solverGrid(
  config: GridConfig,
  trainingSigmas: Float32Array,
  timesteps: readonly number[],
  roundKarras = roundHalfEven,
): Grid {
  const grid = sigmaGrid(config, trainingSigmas, timesteps, trainingSigmas);
  if (config.schedule_type) return grid;
  return { ...grid, timesteps: grid.timesteps.map(config.use_karras_sigmas ? roundKarras : Math.trunc) };
}

/** `add_noise`: original and noise [n] → [n]. */
export const addLevelNoise: Scheduler['addNoise'] = ({ sigmas }, original, noise, i) => {
  const { alpha, sigma } = levelOf(sigmas?.[i] as number);
  return weightedSum([
    [alpha, original],
    [sigma, noise],
  ]);
};

type ConversionConfig = Parameters<typeof boundOriginalSample>[0] & {
  readonly prediction_type: PredictionType;
};

/** `convert_model_output` of the solvers that integrate the clean sample: output and sample [n] → [n]. */
export function toBoundedOriginal(
  config: ConversionConfig,
  output: Float32Array,
  sample: Float32Array,
  { alpha, sigma }: Level,
): Float32Array {
  const original = toOriginalSample(config.prediction_type, output, sample, alpha, sigma);
  return boundOriginalSample(config, original);
}

/** `convert_model_output` of the solvers that integrate the noise: output and sample [n] → [n]. */
export function toBoundedEpsilon(
  config: ConversionConfig,
  output: Float32Array,
  sample: Float32Array,
  level: Level,
): Float32Array {
  const { alpha, sigma } = level;
  if (!config.thresholding) return toEpsilon(config.prediction_type, output, sample, alpha, sigma);
  return toEpsilon('sample', toBoundedOriginal(config, output, sample, level), sample, alpha, sigma);
}
