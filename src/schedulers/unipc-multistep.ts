import * as v from 'valibot';
import { type Term, weightedDifference, weightedSum } from '../numerics/weighted-sum.ts';
import {
  disabledCorrector,
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
import { toEpsilon } from './prediction.ts';
import type { Plan, Scheduler, Stepper } from './scheduler.ts';
import { addLevelNoise, type Level, levelOf, solverGrid, toBoundedOriginal } from './solver.ts';
import { spacedSolverTimesteps } from './spacing.ts';
import { trainingSigmas } from './training-sigmas.ts';
import { correctorWeights, predictorWeights } from './unipc-weights.ts';

const f = Math.fround;

/** UniPCMultistepScheduler's scheduler_config.json. */
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
  disable_corrector: disabledCorrector,
  rescale_betas_zero_snr: flag(false),
  solver_p: v.nullish(v.never()),
  use_flow_sigmas: off,
  use_dynamic_shifting: off,
  shift_terminal: v.nullish(v.never()),
});
type UniPCMultistepConfig = v.InferOutput<typeof UniPCMultistepConfig>;

/**
 * UniPCMultistepScheduler (diffusers schedulers/scheduling_unipc_multistep.py; Zhao et al. 2023): each model output first
 * corrects the step that led to it, then predicts the next step.
 */
export function uniPCMultistep(config: UniPCMultistepConfig): Scheduler {
  const training = trainingSigmas(config, config.rescale_betas_zero_snr);

  const plan = (numInferenceSteps: number): Plan => {
    const grid = solverGrid(config, training, spacedSolverTimesteps(config, numInferenceSteps));
    const isCurve = config.use_karras_sigmas || config.use_exponential_sigmas || config.use_beta_sigmas;
    const least = isCurve ? (grid.sigmas.at(-1) as number) : (training[0] as number);
    const last = config.final_sigmas_type === 'zero' ? 0 : least;
    return { timesteps: grid.timesteps, sigmas: Float32Array.of(...grid.sigmas, last), initNoiseSigma: 1 };
  };

  const start = ({ timesteps, sigmas }: Plan): Stepper => {
    const levels = Array.from(sigmas ?? [], levelOf);
    /** Newest first. */
    let outputs: Float32Array[] = [];
    let last: { readonly sample: Float32Array; readonly order: number } | undefined;
    return {
      scaleModelInput: (sample) => sample,
      step: (output, sample, i) => {
        const level = levels[i] as Level;
        // The noise is not thresholded.
        const converted = config.predict_x0
          ? toBoundedOriginal(config, output, sample, level)
          : toEpsilon(config.prediction_type, output, sample, level.alpha, level.sigma);
        const isCorrected = last && !config.disable_corrector.includes(i - 1);
        const corrected =
          last && isCorrected
            ? advance(config, levels, i - 1, last.sample, outputs.slice(0, last.order), converted)
            : sample;
        const known = outputs.length + 1;
        outputs = [converted, ...outputs].slice(0, config.solver_order);
        const limit = config.lower_order_final ? timesteps.length - i : config.solver_order;
        last = { sample: corrected, order: Math.min(config.solver_order, limit, known) };
        return advance(config, levels, i, corrected, outputs.slice(0, last.order));
      },
    };
  };
  return { order: 1, plan, start, addNoise: addLevelNoise };
}

/**
 * A sample at level `i` updated to level `i + 1`, all of them [n].
 * @param outputs the model's, newest first, the first of them at level `i`; as many as the order of the update
 * @param reached the output at level `i + 1`, where it is known already
 */
function advance(
  config: UniPCMultistepConfig,
  levels: readonly Level[],
  i: number,
  sample: Float32Array,
  outputs: readonly Float32Array[],
  reached?: Float32Array,
): Float32Array {
  const [from, to] = [levels[i] as Level, levels[i + 1] as Level];
  const [m0, ...older] = outputs as [Float32Array, ...Float32Array[]];
  const h = f(to.lambda - from.lambda);
  const hh = config.predict_x0 ? -h : h;
  const growth = f(Math.expm1(hh));
  const divisor = config.solver_type === 'bh1' ? hh : growth;
  const steps = older.map((_, k) => f(f((levels[i - k - 1] as Level).lambda - from.lambda) / h));
  const rhos = reached ? correctorWeights(steps, hh, divisor) : predictorWeights(steps, hh, divisor);

  const kept = f(config.predict_x0 ? to.sigma / from.sigma : to.alpha / from.alpha);
  const signal = config.predict_x0 ? to.alpha : to.sigma;
  const scale = -f(signal * divisor);
  const differences = older.map((m, k): Term => [1, weightedDifference(f(1 / (steps[k] as number)), m, m0)]);
  if (reached) differences.push([1, weightedDifference(1, reached, m0)]);
  const [first, ...rest] = differences.map(([, d], k): Term => [rhos[k] as number, d]);
  const base: [Term, Term] = [
    [kept, sample],
    [-f(signal * growth), m0],
  ];
  return weightedSum(first ? [...base, [scale, weightedSum([first, ...rest])]] : base);
}
