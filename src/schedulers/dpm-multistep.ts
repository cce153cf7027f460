import type * as v from 'valibot';
import { interpolate, roundHalfEven } from '../numerics/ranges.ts';
import type { DPMSolverMultistepConfig } from './config.ts';
import { toOriginalSample } from './prediction.ts';
import type { Plan, Scheduler, Stepper } from './scheduler.ts';
import { karrasSigmas, sigmaToTimestep } from './sigma-curves.ts';
import { spacedSolverTimesteps } from './spacing.ts';
import { trainingSigmas } from './training-sigmas.ts';

const f = Math.fround;

/** A noise level in the solver's terms: alpha² + sigma² = 1, lambda = log(alpha / sigma). */
interface Level {
  readonly alpha: number;
  readonly sigma: number;
  readonly lambda: number;
}

function levelOf(sigma: number): Level {
  const alpha = f(1 / f(Math.sqrt(f(f(sigma * sigma) + 1))));
  const scaled = f(sigma * alpha);
  return { alpha, sigma: scaled, lambda: f(f(Math.log(alpha)) - f(Math.log(scaled))) };
}

/**
 * DPMSolverMultistepScheduler, "dpmsolver++" of order 1 and 2
 * (diffusers schedulers/scheduling_dpmsolver_multistep.py; Lu et al. 2022).
 */
export function dpmSolverMultistep(config: v.InferOutput<typeof DPMSolverMultistepConfig>): Scheduler {
  const training = trainingSigmas(config, config.rescale_betas_zero_snr);

  const plan = (numInferenceSteps: number): Plan => {
    let timesteps = spacedSolverTimesteps(config, numInferenceSteps);
    let levels = timesteps.map((timestep) => interpolate(timestep, training));
    if (config.use_karras_sigmas) {
      levels = karrasSigmas(training[0] as number, training.at(-1) as number, numInferenceSteps);
      timesteps = levels.map((sigma) => sigmaToTimestep(sigma, training));
      timesteps = timesteps.map(config.beta_schedule === 'squaredcos_cap_v2' ? Math.trunc : roundHalfEven);
    }
    const last = config.final_sigmas_type === 'zero' ? 0 : (training[0] as number);
    return { timesteps, sigmas: Float32Array.of(...levels, last), initNoiseSigma: 1 };
  };

  const start = ({ timesteps, sigmas }: Plan): Stepper => {
    const levels = Array.from(sigmas ?? [], levelOf);
    const level = (i: number) => levels[i] as Level;
    const lastStep = timesteps.length - 1;
    const short = config.lower_order_final && timesteps.length < 15;
    const eulerAtEnd = config.euler_at_final || short || config.final_sigmas_type === 'zero';
    let before: Float32Array | undefined;
    return {
      scaleModelInput: (sample) => sample,
      step: (output, sample, i) => {
        const [here, next] = [level(i), level(i + 1)];
        const original = toOriginalSample(config.prediction_type, output, sample, here.alpha, here.sigma);
        const firstOrder = config.solver_order === 1 || !before || (i === lastStep && eulerAtEnd);
        const correction =
          firstOrder || !before ? undefined : secondOrder(original, before, level(i - 1), here, next);
        before = original;
        return advance(sample, original, here, next, correction);
      },
    };
  };

  /** D1 and its factor: how the clean sample has been moving. */
  const secondOrder = (
    original: Float32Array,
    before: Float32Array,
    previous: Level,
    here: Level,
    next: Level,
  ) => {
    const [h, h0] = [f(next.lambda - here.lambda), f(here.lambda - previous.lambda)];
    const inverse = f(1 / f(h0 / h));
    const shrink = f(f(Math.exp(-h)) - 1);
    const factor =
      config.solver_type === 'midpoint'
        ? -f(0.5 * f(next.alpha * shrink))
        : f(next.alpha * f(f(shrink / h) + 1));
    return { factor, slope: original.map((x, i) => inverse * f(x - (before[i] as number))) };
  };
  return { plan, start };
}

/** (σₜ / σₛ) x − αₜ (e⁻ʰ − 1) D0 + factor · D1. */
function advance(
  sample: Float32Array,
  original: Float32Array,
  here: Level,
  next: Level,
  correction: { factor: number; slope: Float32Array } | undefined,
): Float32Array {
  const ratio = f(next.sigma / here.sigma);
  const weight = f(next.alpha * f(f(Math.exp(-f(next.lambda - here.lambda))) - 1));
  return sample.map((x, i) => {
    const moved = f(f(ratio * x) - f(weight * (original[i] as number)));
    return correction ? moved + f(correction.factor * (correction.slope[i] as number)) : moved;
  });
}
