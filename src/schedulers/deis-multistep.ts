import * as v from 'valibot';
import { type Term, weightedSum } from '../numerics/weighted-sum.ts';
import {
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

const f = Math.fround;
/** Runs shorter than this end in steps of lower order. */
const SHORT = 15;

/** DEISMultistepScheduler's scheduler_config.json. */
export const DEISMultistepConfig = v.object({
  ...training,
  ...spacing('linspace'),
  ...sigmaCurves,
  ...thresholding,
  prediction_type: v.optional(predictions, 'epsilon'),
  algorithm_type: v.pipe(
    v.optional(v.picklist(['deis', 'dpmsolver', 'dpmsolver++']), 'deis'),
    v.transform(() => 'deis' as const),
  ),
  solver_order: v.optional(v.picklist([1, 2, 3]), 2),
  solver_type: solverType(['logrho'], 'logrho'),
  lower_order_final: flag(true),
  use_flow_sigmas: off,
});

/**
 * DEISMultistepScheduler (diffusers schedulers/scheduling_deis_multistep.py; Zhang and Chen 2023): the noise is a polynomial
 * in log rho, rho = sigma / alpha, which is integrated exactly.
 */
export function deisMultistep(config: v.InferOutput<typeof DEISMultistepConfig>): Scheduler {
  const training = trainingSigmas(config, false);

  const plan = (numInferenceSteps: number): Plan => {
    const grid = solverGrid(config, training, spacedSolverTimesteps(config, numInferenceSteps));
    const isCurve =
      config.schedule_type ||
      config.use_karras_sigmas ||
      config.use_exponential_sigmas ||
      config.use_beta_sigmas;
    const last = isCurve ? (grid.sigmas.at(-1) as number) : (training[0] as number);
    return { timesteps: grid.timesteps, sigmas: Float32Array.of(...grid.sigmas, last), initNoiseSigma: 1 };
  };

  const orderLimit = (i: number, steps: number): number =>
    config.lower_order_final && steps < SHORT
      ? Math.min(config.solver_order, steps - i)
      : config.solver_order;

  const start = ({ timesteps, sigmas }: Plan): Stepper => {
    const levels = Array.from(sigmas ?? [], levelOf);
    const level = (i: number) => levels[i] as Level;
    /** Newest first. */
    let outputs: Float32Array[] = [];
    return {
      scaleModelInput: (sample) => sample,
      step: (output, sample, i) => {
        const [here, next] = [level(i), level(i + 1)];
        const original = toBoundedOriginal(config, output, sample, here);
        const epsilon = toEpsilon('sample', original, sample, here.alpha, here.sigma);
        outputs = [epsilon, ...outputs].slice(0, config.solver_order);
        const known = outputs.slice(0, orderLimit(i, timesteps.length));
        if (known.length === 1) {
          const growth = f(f(Math.exp(f(next.lambda - here.lambda))) - 1);
          return weightedSum([
            [f(next.alpha / here.alpha), sample],
            [-f(next.sigma * growth), epsilon],
          ]);
        }
        const rho = ({ alpha, sigma }: Level) => f(sigma / alpha);
        const nodes = known.map((_, k) => rho(level(i - k)));
        const terms = known.map((past, k): Term => {
          const [own, ...others] = [...nodes.slice(k), ...nodes.slice(0, k)] as [number, ...number[]];
          return [f(integral(rho(next), own, others) - integral(rho(here), own, others)), past];
        });
        const sum = weightedSum([[f(1 / here.alpha), sample], ...terms]);
        return sum.map((x) => next.alpha * x);
      },
    };
  };
  return { order: 1, plan, start, addNoise: addLevelNoise };
}

/** `ind_fn`: the antiderivative at rho of the Lagrange polynomial in log rho that is 1 at `own` and 0 at the others. */
function integral(rho: number, own: number, others: readonly number[]): number {
  const log = (x: number) => f(Math.log(x));
  const [t, b, c] = [log(rho), log(own), log(others[0] as number)];
  if (others.length === 1) return f(f(rho * f(f(t - c) - 1)) / f(b - c));
  const d = log(others[1] as number);
  const inner = f(f(f(f(f(c * f(f(d - t) + 1)) - f(d * t)) + d) + f(t * t)) - f(2 * t)) + 2;
  return f(f(rho * f(inner)) / f(f(b - c) * f(b - d)));
}
