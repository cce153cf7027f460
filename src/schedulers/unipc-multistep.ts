import * as v from 'valibot';
import { type Term, weightedDifference, weightedSum } from '../numerics/weighted-sum.ts';
import {
  finalSigmas,
  flag,
  off,
  predictions,
  sigmaCurves,
  solverType,
  spacing,
  thresholding,
  training,
} from './config.ts';
import type { Plan, Scheduler, Stepper } from './scheduler.ts';
import {
  addLevelNoise,
  type Level,
  levelOf,
  solverGrid,
  toBoundedEpsilon,
  toBoundedOriginal,
} from './solver.ts';
import { spacedSolverTimesteps } from './spacing.ts';
import { trainingSigmas } from './training-sigmas.ts';

const f = Math.fround;

export const UniPCMultistepConfig = v.object({
  ...training,
  ...spacing('linspace'),
  ...sigmaCurves,
  ...finalSigmas,
  ...thresholding,
  prediction_type: v.optional(predictions, 'epsilon'),
  solver_order: v.optional(v.picklist([1, 2, 3]), 2),
  solver_type: solverType(['bh1', 'bh2'], 'bh2'),
  predict_x0: flag(true),
  lower_order_final: flag(true),
  disable_corrector: v.optional(v.array(v.number()), []),
  rescale_betas_zero_snr: flag(false),
  solver_p: v.nullish(v.never()),
  use_flow_sigmas: off,
});

/**
 * UniPCMultistepScheduler (diffusers schedulers/scheduling_unipc_multistep.py; Zhao et al. 2023): each model output first
 * corrects the step that led to it, then predicts the next.
 */
export function uniPCMultistep(config: v.InferOutput<typeof UniPCMultistepConfig>): Scheduler {
  const training = trainingSigmas(config, config.rescale_betas_zero_snr);

  const plan = (numInferenceSteps: number): Plan => {
    const grid = solverGrid(config, training, spacedSolverTimesteps(config, numInferenceSteps));
    const isCurve = config.use_karras_sigmas || config.use_exponential_sigmas || config.use_beta_sigmas;
    const least = isCurve ? (grid.sigmas.at(-1) as number) : (training[0] as number);
    const last = config.final_sigmas_type === 'zero' ? 0 : least;
    return { timesteps: grid.timesteps, sigmas: Float32Array.of(...grid.sigmas, last), initNoiseSigma: 1 };
  };

  /**
   * The update from level `i` to level `i + 1`, of order `outputs.length` (newest, m at level `i`, first);
   * `reached` is the output at level `i + 1`, if it is known by now.
   */
  const update = (
    level: (i: number) => Level,
    i: number,
    sample: Float32Array,
    outputs: readonly Float32Array[],
    reached?: Float32Array,
  ): Float32Array => {
    const [from, to] = [level(i), level(i + 1)];
    const [m0, ...older] = outputs as [Float32Array, ...Float32Array[]];
    const h = f(to.lambda - from.lambda);
    const hh = config.predict_x0 ? -h : h;
    const growth = f(Math.expm1(hh));
    const steps = older.map((_, k) => f(f(level(i - k - 1).lambda - from.lambda) / h));
    const rhos = reached ? correctorWeights(steps, hh) : predictorWeights(steps, hh);

    const kept = f(config.predict_x0 ? to.sigma / from.sigma : to.alpha / from.alpha);
    const signal = config.predict_x0 ? to.alpha : to.sigma;
    const scale = -f(signal * (config.solver_type === 'bh1' ? hh : growth));
    const differences = older.map(
      (m, k): Term => [1, weightedDifference(f(1 / (steps[k] as number)), m, m0)],
    );
    if (reached) differences.push([1, weightedDifference(1, reached, m0)]);
    const [first, ...rest] = differences.map(([, d], k): Term => [rhos[k] as number, d]);
    const base: [Term, Term] = [
      [kept, sample],
      [-f(signal * growth), m0],
    ];
    return weightedSum(first ? [...base, [scale, weightedSum([first, ...rest])]] : base);
  };

  /** R and b of the paper's equation (11), order by order. */
  const system = (steps: readonly number[], hh: number, order: number) => {
    const divisor = config.solver_type === 'bh1' ? hh : f(Math.expm1(hh));
    let phi = f(f(f(Math.expm1(hh)) / hh) - 1);
    let factorial = 1;
    const rows: number[][] = [];
    const right: number[] = [];
    for (let k = 1; k <= order; k++) {
      rows.push([...steps, 1].map((r) => f(r ** (k - 1))));
      right.push(f(f(phi * factorial) / divisor));
      factorial *= k + 1;
      phi = f(f(phi / hh) - f(1 / factorial));
    }
    return { rows, right };
  };

  const predictorWeights = (steps: readonly number[], hh: number): number[] => {
    if (steps.length === 0) return [];
    if (steps.length === 1) return [0.5];
    const { rows, right } = system(steps, hh, steps.length);
    return solve(
      rows.map((row) => row.slice(0, -1)),
      right,
    );
  };

  const correctorWeights = (steps: readonly number[], hh: number): number[] => {
    if (steps.length === 0) return [0.5];
    const { rows, right } = system(steps, hh, steps.length + 1);
    return solve(rows, right);
  };

  const start = ({ timesteps, sigmas }: Plan): Stepper => {
    const levels = Array.from(sigmas ?? [], levelOf);
    const level = (i: number) => levels[i] as Level;
    /** Newest first. */
    let outputs: Float32Array[] = [];
    let last: { readonly sample: Float32Array; readonly order: number } | undefined;
    return {
      scaleModelInput: (sample) => sample,
      step: (output, sample, i) => {
        const convert = config.predict_x0 ? toBoundedOriginal : toBoundedEpsilon;
        const converted = convert(config, output, sample, level(i));
        const isCorrected = last && !config.disable_corrector.includes(i - 1);
        const corrected =
          last && isCorrected
            ? update(level, i - 1, last.sample, outputs.slice(0, last.order), converted)
            : sample;
        const known = outputs.length + 1;
        outputs = [converted, ...outputs].slice(0, config.solver_order);
        const limit = config.lower_order_final ? timesteps.length - i : config.solver_order;
        last = { sample: corrected, order: Math.min(config.solver_order, limit, known) };
        return update(level, i, corrected, outputs.slice(0, last.order));
      },
    };
  };
  return { order: 1, plan, start, addNoise: addLevelNoise };
}

/** rows · x = right by Gaussian elimination; at most three unknowns. */
function solve(rows: readonly (readonly number[])[], right: readonly number[]): number[] {
  const matrix = rows.map((row, i) => [...row, right[i] as number]);
  const at = (i: number, j: number) => matrix[i]?.[j] as number;
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    const below = Array.from({ length: size - column }, (_, k) => column + k);
    const pivot = below.reduce((best, i) =>
      Math.abs(at(i, column)) > Math.abs(at(best, column)) ? i : best,
    );
    [matrix[column], matrix[pivot]] = [matrix[pivot] as number[], matrix[column] as number[]];
    for (const [i, row] of matrix.entries()) {
      if (i === column) continue;
      const factor = (row[column] as number) / at(column, column);
      matrix[i] = row.map((value, j) => value - factor * at(column, j));
    }
  }
  return matrix.map((row, i) => f((row[size] as number) / (row[i] as number)));
}
