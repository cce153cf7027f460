import { interpolate, numpyLinspace } from '../numerics/ranges.ts';
import { type ScheduleType, scheduledSigmas } from './schedule-types.ts';

const RHO = 7;

interface CurveConfig {
  readonly schedule_type?: ScheduleType | null | undefined;
  readonly align_your_steps?: readonly number[] | null | undefined;
  readonly use_karras_sigmas?: boolean | null | undefined;
  readonly use_exponential_sigmas?: boolean | null | undefined;
  readonly use_beta_sigmas?: boolean | null | undefined;
  readonly sigma_min?: number | null | undefined;
  readonly sigma_max?: number | null | undefined;
}

/** Karras et al. 2022, equation 5: `steps` sigmas, descending, in float64. */
function karrasSigmas(min: number, max: number, steps: number): number[] {
  const [low, high] = [min ** (1 / RHO), max ** (1 / RHO)];
  return numpyLinspace(0, 1, steps).map((ramp) => (high + ramp * (low - high)) ** RHO);
}

/** Sigmas whose logarithms are evenly spaced (k-diffusion's get_sigmas_exponential). */
function exponentialSigmas(min: number, max: number, steps: number): number[] {
  return numpyLinspace(Math.log(max), Math.log(min), steps).map(Math.exp);
}

/** Quantiles of Beta(0.6, 0.6), denser at both ends (Lee et al. 2024, "Beta Sampling is All You Need"). */
function betaSigmas(min: number, max: number, steps: number): number[] {
  return numpyLinspace(0, 1, steps).map((ramp) => min + betaQuantile(1 - ramp) * (max - min));
}

const SHAPE = 0.6;

/** The incomplete beta function B(x; 0.6, 0.6) for x ≤ ½, by the series of DLMF 8.17.8. */
function lowerBeta(x: number): number {
  let [term, sum] = [1, 1];
  for (let n = 0; term > sum * 1e-17; n++) {
    term *= ((2 * SHAPE + n) / (SHAPE + 1 + n)) * x;
    sum += term;
  }
  return (x ** SHAPE * (1 - x) ** SHAPE * sum) / SHAPE;
}

/** scipy.stats.beta.ppf(p, 0.6, 0.6), within 1e-15, by bisection. */
function betaQuantile(p: number): number {
  if (p > 0.5) return 1 - betaQuantile(1 - p);
  const target = p * 2 * lowerBeta(0.5);
  let [low, high] = [0, 0.5];
  for (let i = 0; i < 100 && p > 0; i++) {
    const middle = (low + high) / 2;
    if (lowerBeta(middle) < target) low = middle;
    else high = middle;
  }
  return p === 0.5 ? 0.5 : low;
}

/**
 * `count` sigmas from sigma_max down to sigma_min on the configured curve, from `highest` down to `lowest` where the configuration
 * doesn't say; undefined where no curve is configured.
 */
export function curvedSigmas(
  config: CurveConfig,
  lowest: number,
  highest: number,
  count: number,
): number[] | undefined {
  const [min, max] = [config.sigma_min ?? lowest, config.sigma_max ?? highest];
  if (config.use_karras_sigmas) return karrasSigmas(min, max, count);
  if (config.use_exponential_sigmas) return exponentialSigmas(min, max, count);
  if (config.use_beta_sigmas) return betaSigmas(min, max, count);
  return undefined;
}

/**
 * `_sigma_to_t` of diffusers' schedulers: the training step, with a fraction, that has this sigma; linear in log sigma.
 * @param trainingSigmas ascending
 */
export function sigmaToTimestep(sigma: number, trainingSigmas: Float32Array): number {
  const logs = trainingSigmas.map(Math.log);
  const log = Math.log(Math.max(sigma, 1e-10));
  const above = logs.findIndex((value) => value > log);
  const low = Math.min(Math.max((above < 0 ? logs.length : above) - 1, 0), logs.length - 2);
  const [from, to] = [logs[low] as number, logs[low + 1] as number];
  const weight = Math.min(Math.max((from - log) / Math.fround(from - to), 0), 1);
  return (1 - weight) * low + weight * (low + 1);
}

/** A run's timesteps and the noise level at each, before the scheduler rounds the timesteps and adds the last level. */
export interface Grid {
  readonly timesteps: readonly number[];
  readonly sigmas: readonly number[];
}

/**
 * The noise levels of `timesteps`; with a configured curve or schedule type, its levels and their timesteps.
 * @param span the levels that the curve spans where the configuration doesn't say; those of the timesteps by default
 */
export function sigmaGrid(
  config: CurveConfig,
  trainingSigmas: Float32Array,
  timesteps: readonly number[],
  span?: Float32Array,
): Grid {
  const toTimesteps = (levels: readonly number[]): Grid => ({
    timesteps: levels.map((sigma) => sigmaToTimestep(sigma, trainingSigmas)),
    sigmas: levels,
  });
  if (config.schedule_type) {
    const { schedule_type, align_your_steps } = config;
    const source = { training: trainingSigmas, alignYourSteps: align_your_steps ?? undefined };
    return toTimesteps(scheduledSigmas(schedule_type, source, timesteps.length));
  }
  const sigmas = timesteps.map((timestep) => interpolate(timestep, trainingSigmas));
  const [lowest, highest] = span ? [span[0], span.at(-1)] : [sigmas.at(-1), sigmas[0]];
  const curved = curvedSigmas(config, lowest as number, highest as number, timesteps.length);
  return curved ? toTimesteps(curved) : { timesteps, sigmas };
}
