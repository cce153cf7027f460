import * as v from 'valibot';
import { type Term, weightedDifference, weightedSum } from '../numerics/weighted-sum.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import { finalSigmas, flag, predictions, sigmaCurves, solverType, thresholding, training } from './config.ts';
import { type Level, levelOf, toBoundedEpsilon, toBoundedOriginal } from './solver.ts';

const f = Math.fround;

/**
 * What diffusers' DPMSolverMultistepScheduler and DPMSolverSinglestepScheduler share: the updates of DPM-Solver (Lu et al.
 * 2022) and DPM-Solver++ (Lu et al. 2022b), for the ODE and for the SDE.
 */

const algorithms = ['dpmsolver++', 'dpmsolver', 'sde-dpmsolver++', 'sde-dpmsolver'] as const;
export type AlgorithmType = (typeof algorithms)[number];

/** Keys of both schedulers' scheduler_config.json. */
export const dpmSolver = {
  ...training,
  ...sigmaCurves,
  ...finalSigmas,
  ...thresholding,
  prediction_type: v.optional(predictions, 'epsilon'),
  algorithm_type: v.pipe(
    v.optional(v.picklist([...algorithms, 'deis']), 'dpmsolver++'),
    v.transform((type): AlgorithmType => (type === 'deis' ? 'dpmsolver++' : type)),
  ),
  solver_order: v.optional(v.picklist([1, 2, 3]), 2),
  solver_type: solverType(['midpoint', 'heun'], 'midpoint'),
  lower_order_final: flag(true),
  variance_type: v.nullish(v.picklist(['fixed_small', 'fixed_small_log', 'fixed_large', 'fixed_large_log'])),
  /** Training steps below this lambda are left out: none of them by default, −Infinity. */
  lambda_min_clipped: v.nullish(v.number()),
  use_lu_lambdas: v.nullish(v.literal(false)),
  use_flow_sigmas: v.nullish(v.literal(false)),
};
export type DPMSolverConfig = v.InferOutput<v.ObjectSchema<typeof dpmSolver, undefined>>;

/** The keys that an update goes by. */
export type SolverChoice = Pick<DPMSolverConfig, 'algorithm_type' | 'solver_type'>;

/** Whether each step adds fresh noise. */
export const isStochastic = ({ algorithm_type }: SolverChoice) => algorithm_type.startsWith('sde');
const integratesNoise = ({ algorithm_type }: DPMSolverConfig) => !algorithm_type.endsWith('++');

/**
 * Refuses a run that integrates the noise and ends without any, whose last lambda would be infinite, and one that leaves
 * out training steps.
 * @param trainingSigmas ascending
 * @throws AppError unsupported-model
 */
export function assertSupported(
  className: string,
  config: DPMSolverConfig,
  trainingSigmas: Float32Array,
): void {
  const { algorithm_type, final_sigmas_type, lambda_min_clipped } = config;
  const refuse = (key: string, expected: string, found: string) => {
    const message = `${className}: ${key} is ${found}; ${algorithm_type} takes ${expected}.`;
    const details = { kind: 'sampler-setting', component: className, key, expected, found } satisfies Fault;
    return new AppError('unsupported-model', message, details);
  };
  if (integratesNoise(config) && final_sigmas_type === 'zero')
    throw refuse('final_sigmas_type', 'sigma_min', final_sigmas_type);
  const { lambda } = levelOf(trainingSigmas.at(-1) as number);
  if ((lambda_min_clipped ?? Number.NEGATIVE_INFINITY) > lambda)
    throw refuse('lambda_min_clipped', `${lambda.toFixed(2)} or less`, String(lambda_min_clipped));
}

/** The quantity that is integrated, the clean sample or the noise: output and sample [n] → [n]. */
export function convertModelOutput(
  config: DPMSolverConfig,
  output: Float32Array,
  sample: Float32Array,
  level: Level,
): Float32Array {
  const convert = integratesNoise(config) ? toBoundedEpsilon : toBoundedOriginal;
  return convert(config, output, sample, level);
}

/** The weights in x at `to` = sample · x + d0 · D0 + half · D1 (or slope · D1 + curve · D2) + noise · z. */
interface StepWeights {
  readonly sample: number;
  readonly d0: number;
  readonly half: number;
  readonly slope: number;
  readonly curve: number;
  readonly noise: number;
}

function weightsOf(algorithm: AlgorithmType, from: Level, to: Level): StepWeights {
  const h = f(to.lambda - from.lambda);
  const h2 = f(h * h);
  if (algorithm === 'dpmsolver++') {
    const e = f(f(Math.exp(-h)) - 1);
    return {
      sample: f(to.sigma / from.sigma),
      d0: -f(to.alpha * e),
      half: -f(0.5 * f(to.alpha * e)),
      slope: f(to.alpha * f(f(e / h) + 1)),
      curve: -f(to.alpha * f(f(f(e + h) / h2) - 0.5)),
      noise: 0,
    };
  }
  if (algorithm === 'sde-dpmsolver++') {
    const decay = f(Math.exp(f(-2 * h)));
    const e = f(1 - decay);
    return {
      sample: f(f(to.sigma / from.sigma) * f(Math.exp(-h))),
      d0: f(to.alpha * e),
      half: f(0.5 * f(to.alpha * e)),
      slope: f(to.alpha * f(f(e / f(-2 * h)) + 1)),
      curve: f(to.alpha * f(f(f(e - f(2 * h)) / f(f(2 * h) * f(2 * h))) - 0.5)),
      noise: f(to.sigma * f(Math.sqrt(e))),
    };
  }
  const e = f(f(Math.exp(h)) - 1);
  const weight = f(to.sigma * e);
  const slope = f(to.sigma * f(f(e / h) - 1));
  const sample = f(to.alpha / from.alpha);
  if (algorithm === 'dpmsolver') {
    const curve = -f(to.sigma * f(f(f(e - h) / h2) - 0.5));
    return { sample, d0: -weight, half: -f(0.5 * weight), slope: -slope, curve, noise: 0 };
  }
  const noise = f(to.sigma * f(Math.sqrt(f(f(Math.exp(f(2 * h))) - 1))));
  // diffusers has no third order for this algorithm, and the schedulers never ask for it.
  return { sample, d0: -2 * weight, half: -weight, slope: -2 * slope, curve: Number.NaN, noise };
}

/** D0 of an update, [n], and as its order asks for them D1, the slope, and D2, the curvature. */
export interface Differences {
  readonly order: 1 | 2 | 3;
  readonly d0: Float32Array;
  readonly d1?: Float32Array;
  readonly d2?: Float32Array;
}

/** One update of `sample` [n] between two levels → [n]. @param noise standard normal [n], for the SDE */
export function advance(
  config: SolverChoice,
  sample: Float32Array,
  from: Level,
  to: Level,
  { order, d0, d1, d2 }: Differences,
  noise: Float32Array | undefined,
): Float32Array {
  const weights = weightsOf(config.algorithm_type, from, to);
  const terms: Term[] = [[weights.d0, d0]];
  const isHalf = config.solver_type === 'midpoint' && order === 2;
  if (d1) terms.push([isHalf ? weights.half : weights.slope, d1]);
  if (d2) terms.push([weights.curve, d2]);
  if (noise) terms.push([weights.noise, noise]);
  return weightedSum([[weights.sample, sample], ...terms]);
}

/** (a − b) / r: the slope between two model outputs [n] that are `r` of the coming step apart in lambda. */
export const slope = (r: number, a: Float32Array, b: Float32Array) => weightedDifference(f(1 / r), a, b);
