import * as v from 'valibot';
import { weightedDifference, weightedSum } from '../numerics/weighted-sum.ts';
import { flag } from './config.ts';
import {
  advance,
  assertSupported,
  convertModelOutput,
  type Differences,
  dpmSolver,
  isStochastic,
  slope,
} from './dpm-solver.ts';
import type { Plan, Scheduler, Stepper } from './scheduler.ts';
import { addLevelNoise, type Level, levelOf, solverGrid } from './solver.ts';
import { spacedSolverTimesteps } from './spacing.ts';
import { trainingSigmas } from './training-sigmas.ts';

const f = Math.fround;

/** DPMSolverSinglestepScheduler's scheduler_config.json. */
export const DPMSolverSinglestepConfig = v.object({
  ...dpmSolver,
  lower_order_final: flag(false),
  algorithm_type: v.pipe(dpmSolver.algorithm_type, v.notValue('sde-dpmsolver')),
});
type DPMSolverSinglestepConfig = v.InferOutput<typeof DPMSolverSinglestepConfig>;

/**
 * DPMSolverSinglestepScheduler (diffusers schedulers/scheduling_dpmsolver_singlestep.py): steps of order 1, 2 and 3 in turn,
 * each from the sample that the last step of order 1 started from.
 */
export function dpmSolverSinglestep(config: DPMSolverSinglestepConfig): Scheduler {
  const training = trainingSigmas(config, false);
  assertSupported('DPMSolverSinglestepScheduler', config, training);
  const linspace = { ...config, timestep_spacing: 'linspace', steps_offset: 0 } as const;

  const plan = (numInferenceSteps: number): Plan => {
    const spaced = spacedSolverTimesteps(linspace, numInferenceSteps);
    const { timesteps, sigmas } = solverGrid(config, training, spaced);
    const last = config.final_sigmas_type === 'zero' ? 0 : (training[0] as number);
    return { timesteps, sigmas: Float32Array.of(...sigmas, last), initNoiseSigma: 1 };
  };

  const start: Scheduler['start'] = ({ timesteps, sigmas }, random): Stepper => {
    const levels = Array.from(sigmas ?? [], levelOf);
    const level = (i: number) => levels[i] as Level;
    const orders = orderList(config, timesteps.length);
    /** Newest first. */
    let outputs: Float32Array[] = [];
    let startSample: Float32Array | undefined;
    return {
      scaleModelInput: (sample) => sample,
      step: (output, sample, i) => {
        const converted = convertModelOutput(config, output, sample, level(i));
        outputs = [converted, ...outputs].slice(0, config.solver_order);
        const noise = isStochastic(config) ? random.randn([sample.length]).data : undefined;
        const order = Math.min(orders[i] as number, outputs.length);
        if (order === 1 || !startSample) startSample = sample;
        const from = level(i + 1 - order);
        const differences = forwardDifferences(
          config,
          outputs.slice(0, order),
          [i + 1, i, i - 1, i - 2].map(level),
        );
        return advance(config, startSample, from, level(i + 1), differences, noise);
      },
    };
  };
  return { order: 1, plan, start, addNoise: addLevelNoise };
}

/** `get_order_list`: the order of each step. */
function orderList(config: DPMSolverSinglestepConfig, steps: number): number[] {
  const { solver_order: order, final_sigmas_type: last } = config;
  const isLower = config.lower_order_final || steps % order !== 0 || last === 'zero';
  const orders = Array.from({ length: steps }, (_, i) => (i % order) + 1);
  if (isLower && order === 3 && steps % 3 === 0) orders.splice(-3, 3, 1, 2, 1);
  if (isLower && order === 2 && steps % 2 === 0) orders.splice(-2, 2, 1, 1);
  if (last === 'zero') orders[steps - 1] = 1;
  return orders;
}

/** The differences of the outputs [n] at s0, s1, s2, newest first, for the step from the oldest of them to t. */
function forwardDifferences(
  config: DPMSolverSinglestepConfig,
  [m0, m1, m2]: readonly Float32Array[],
  [t, s0, s1, s2]: readonly (Level | undefined)[],
): Differences {
  const lambda = (level: Level | undefined) => level?.lambda as number;
  const current = m0 as Float32Array;
  if (!m1) return { order: 1, d0: current };
  const begin = m2 ? s2 : s1;
  const h = f(lambda(t) - lambda(begin));
  const r0 = f(f(lambda(s0) - lambda(begin)) / h);
  const far = slope(r0, current, m2 ?? m1);
  if (!m2) return { order: 2, d0: m1, d1: far };
  if (config.solver_type === 'midpoint') return { order: 3, d0: m2, d1: far };
  const r1 = f(f(lambda(s1) - lambda(begin)) / h);
  const near = slope(r1, m1, m2);
  const gap = f(r0 - r1);
  const d1 = weightedSum([
    [r0, near],
    [-r1, far],
  ]).map((x) => x / gap);
  const d2 = weightedDifference(2, far, near).map((x) => x / gap);
  return { order: 3, d0: m2, d1, d2 };
}
