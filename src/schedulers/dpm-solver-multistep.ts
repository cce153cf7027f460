import * as v from 'valibot';
import type { Random } from '../numerics/random.ts';
import { roundHalfEven } from '../numerics/ranges.ts';
import { weightedDifference, weightedSum } from '../numerics/weighted-sum.ts';
import { flag, spacing } from './config.ts';
import {
  advance,
  assertSupported,
  convertModelOutput,
  type Differences,
  dpmSolver,
  isStochastic,
  type SolverChoice,
  slope,
} from './dpm-solver.ts';
import type { Plan, Scheduler, Stepper } from './scheduler.ts';
import { addLevelNoise, type Level, levelOf, solverGrid } from './solver.ts';
import { spacedSolverTimesteps } from './spacing.ts';
import { trainingSigmas } from './training-sigmas.ts';

const f = Math.fround;
/** Runs shorter than this end in steps of lower order. */
const SHORT = 15;

/** DPMSolverMultistepScheduler's scheduler_config.json. */
export const DPMSolverMultistepConfig = v.object({
  ...dpmSolver,
  ...spacing('linspace'),
  rescale_betas_zero_snr: flag(false),
  euler_at_final: flag(false),
});

/** DPMSolverMultistepScheduler (diffusers schedulers/scheduling_dpmsolver_multistep.py). */
export function dpmSolverMultistep(config: v.InferOutput<typeof DPMSolverMultistepConfig>): Scheduler {
  const training = trainingSigmas(config, config.rescale_betas_zero_snr);
  assertSupported('DPMSolverMultistepScheduler', config, training);

  const plan = (numInferenceSteps: number): Plan => {
    const spaced = spacedSolverTimesteps(config, numInferenceSteps);
    const roundKarras = config.beta_schedule === 'squaredcos_cap_v2' ? Math.trunc : roundHalfEven;
    const { timesteps, sigmas } = solverGrid(config, training, spaced, roundKarras);
    const last = config.final_sigmas_type === 'zero' ? 0 : (training[0] as number);
    return { timesteps, sigmas: Float32Array.of(...sigmas, last), initNoiseSigma: 1 };
  };

  const start: Scheduler['start'] = ({ sigmas }, random): Stepper => {
    const levels = Array.from(sigmas ?? [], levelOf);
    const step = multistep(config, levels, random);
    return {
      scaleModelInput: (sample) => sample,
      step: (output, sample, i) =>
        step(convertModelOutput(config, output, sample, levels[i] as Level), sample, i),
    };
  };
  return { order: 1, plan, start, addNoise: addLevelNoise };
}

/** The keys that a run of updates goes by. */
type MultistepConfig = SolverChoice &
  Pick<
    v.InferOutput<typeof DPMSolverMultistepConfig>,
    'solver_order' | 'lower_order_final' | 'euler_at_final' | 'final_sigmas_type'
  >;

/** One update after another between `levels`, each from what is integrated, `converted` [n], and the sample [n] → [n]. */
export function multistep(
  config: MultistepConfig,
  levels: readonly Level[],
  random: Random,
): (converted: Float32Array, sample: Float32Array, i: number) => Float32Array {
  const steps = levels.length - 1;
  const level = (i: number) => levels[i] as Level;
  /** The highest order that step `i` may have. */
  const orderLimit = (i: number): number => {
    const short = config.lower_order_final && steps < SHORT;
    const isEuler = config.euler_at_final || short || config.final_sigmas_type === 'zero';
    if (i === steps - 1 && isEuler) return 1;
    return i === steps - 2 && short ? Math.min(config.solver_order, 2) : config.solver_order;
  };
  /** Newest first. */
  let outputs: Float32Array[] = [];
  return (converted, sample, i) => {
    outputs = [converted, ...outputs].slice(0, config.solver_order);
    const noise = isStochastic(config) ? random.randn([sample.length]).data : undefined;
    const known = outputs.slice(0, orderLimit(i));
    const differences = backwardDifferences(known, [i + 1, i, i - 1, i - 2].map(level));
    return advance(config, sample, level(i), level(i + 1), differences, noise);
  };
}

/** The differences of the outputs [n] at s0, s1, s2, newest first, for the step to t: one for each output. */
function backwardDifferences(
  [m0, m1, m2]: readonly Float32Array[],
  [t, s0, s1, s2]: readonly (Level | undefined)[],
): Differences {
  const [current, lambda] = [m0 as Float32Array, (level: Level | undefined) => level?.lambda as number];
  if (!m1) return { order: 1, d0: current };
  const h = f(lambda(t) - lambda(s0));
  const r0 = f(f(lambda(s0) - lambda(s1)) / h);
  const newer = slope(r0, current, m1);
  if (!m2) return { order: 2, d0: current, d1: newer };
  const r1 = f(f(lambda(s1) - lambda(s2)) / h);
  const change = weightedDifference(1, newer, slope(r1, m1, m2));
  const d1 = weightedSum([
    [1, newer],
    [f(r0 / f(r0 + r1)), change],
  ]);
  return { order: 3, d0: current, d1, d2: weightedSum([[f(1 / f(r0 + r1)), change]]) };
}
