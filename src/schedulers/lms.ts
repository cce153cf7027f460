import * as v from 'valibot';
import { type Term, weightedSum } from '../numerics/weighted-sum.ts';
import { predictions, sigmaCurves, spacing, training } from './config.ts';
import { lastSigma } from './schedule-types.ts';
import type { Plan, Scheduler, Stepper } from './scheduler.ts';
import { trainingSigmas } from './training-sigmas.ts';
import {
  addSigmaNoise,
  derivativeOf,
  scaleBySigma,
  sigmaPlan,
  toOriginalSampleFromSigma,
} from './variance-exploding.ts';

const f = Math.fround;
const ORDER = 4;

/** LMSDiscreteScheduler's scheduler_config.json. */
export const LMSDiscreteConfig = v.object({
  ...training,
  ...spacing('linspace'),
  ...sigmaCurves,
  prediction_type: v.optional(predictions, 'epsilon'),
});

/** LMSDiscreteScheduler (diffusers schedulers/scheduling_lms_discrete.py; k-diffusion's sample_lms), order 4. */
export function lmsDiscrete(config: v.InferOutput<typeof LMSDiscreteConfig>): Scheduler {
  const training = trainingSigmas(config, false);

  // Unlike the other curves, and the other schedulers, this one's Karras takes its ends from the timesteps alone.
  const ends = config.use_karras_sigmas && { sigma_min: null, sigma_max: null };

  const plan = (numInferenceSteps: number) =>
    sigmaPlan({ ...config, ...ends }, training, numInferenceSteps, lastSigma(config.schedule_type, training));

  const start = ({ sigmas }: Plan): Stepper => {
    const sigmaAt = (i: number) => sigmas?.[i] as number;
    /** Newest first. */
    let derivatives: Float32Array[] = [];
    return {
      scaleModelInput: (sample, i) => scaleBySigma(sample, sigmaAt(i)),
      step: (output, sample, i) => {
        const original = toOriginalSampleFromSigma(config.prediction_type, output, sample, sigmaAt(i));
        derivatives = [derivativeOf(sample, original, sigmaAt(i)), ...derivatives].slice(0, ORDER);
        // A run that starts in the middle has fewer derivatives than steps before it; diffusers goes by the steps.
        const nodes = Array.from({ length: Math.min(i + 1, ORDER) }, (_, k) => sigmaAt(i - k));
        const terms = derivatives.map(
          (derivative, k): Term => [f(integralOfBasis(nodes, k, sigmaAt(i), sigmaAt(i + 1))), derivative],
        );
        return weightedSum([[1, sample], ...terms]);
      },
    };
  };
  return { order: 1, plan, start, addNoise: addSigmaNoise };
}

/** ∫ from → to of the Lagrange polynomial that is 1 at nodes[k] and 0 at the others. */
function integralOfBasis(nodes: readonly number[], k: number, from: number, to: number): number {
  const own = nodes[k] as number;
  const others = nodes.filter((_, j) => j !== k);
  const basis = (x: number) => others.reduce((product, node) => product * ((x - node) / (own - node)), 1);
  // Simpson's rule is exact for polynomials up to the third degree.
  return ((to - from) / 6) * (basis(from) + 4 * basis((from + to) / 2) + basis(to));
}
