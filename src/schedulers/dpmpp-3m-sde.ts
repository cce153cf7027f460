import * as v from 'valibot';
import { type Term, weightedDifference, weightedSum } from '../numerics/weighted-sum.ts';
import { flag, predictions, sigmaCurves, spacing, training } from './config.ts';
import { slope } from './dpm-solver.ts';
import { lastSigma } from './schedule-types.ts';
import type { Plan, Scheduler, Stepper } from './scheduler.ts';
import { sigmaGrid } from './sigma-curves.ts';
import { spacedTimesteps } from './spacing.ts';
import { trainingSigmas } from './training-sigmas.ts';
import { addSigmaNoise, scaleBySigma, toOriginalSampleFromSigma } from './variance-exploding.ts';

const f = Math.fround;

/** What is read of a scheduler_config.json. */
export const DPMPP3MSDEConfig = v.object({
  ...training,
  ...spacing('linspace'),
  ...sigmaCurves,
  prediction_type: v.optional(predictions, 'epsilon'),
  rescale_betas_zero_snr: flag(false),
});

/** A step that was done: its clean sample, and how far it went in the logarithm of sigma. */
interface Past {
  readonly original: Float32Array;
  readonly h: number;
}

/**
 * DPM-Solver++(3M) SDE: k-diffusion's sample_dpmpp_3m_sde with eta 1, on the levels that A1111 gives it: of one step more, without
 * the last but one. Curves span the whole training. Each step but one that ends without noise draws fresh noise. diffusers'
 * sde-dpmsolver++ of order 3 has another weight for the curvature, and steps of lower order at the end.
 */
export function dpmpp3mSDE(config: v.InferOutput<typeof DPMPP3MSDEConfig>): Scheduler {
  const training = trainingSigmas(config, config.rescale_betas_zero_snr);

  const plan = (numInferenceSteps: number): Plan => {
    const spaced = spacedTimesteps(config, numInferenceSteps + 1);
    const { timesteps, sigmas } = sigmaGrid(config, training, spaced, training);
    return {
      timesteps: timesteps.slice(0, -1).map(f),
      sigmas: Float32Array.of(...sigmas.slice(0, -1), lastSigma(config.schedule_type, training)),
      initNoiseSigma: f(sigmas[0] as number),
    };
  };

  const start: Scheduler['start'] = ({ sigmas }, random): Stepper => {
    const sigmaAt = (i: number) => sigmas?.[i] as number;
    /** Newest first. */
    let past: readonly Past[] = [];
    return {
      scaleModelInput: (sample, i) => scaleBySigma(sample, sigmaAt(i)),
      step: (output, sample, i) => {
        const [from, to] = [sigmaAt(i), sigmaAt(i + 1)];
        const original = toOriginalSampleFromSigma(config.prediction_type, output, sample, from);
        if (to === 0) return original;
        const h = f(f(Math.log(from)) - f(Math.log(to)));
        const terms = historyTerms(original, h, past);
        past = [{ original, h }, ...past].slice(0, 2);
        const noise = random.randn([sample.length]).data;
        const deviation = f(to * f(Math.sqrt(f(-Math.expm1(-2 * h)))));
        return weightedSum([...baseTerms(sample, original, h), ...terms, [deviation, noise]]);
      },
    };
  };
  return { order: 1, plan, start, addNoise: addSigmaNoise };
}

/** The step of first order, without its noise. */
const baseTerms = (sample: Float32Array, original: Float32Array, h: number): [Term, Term] => [
  [f(Math.exp(-2 * h)), sample],
  [f(-Math.expm1(-2 * h)), original],
];

/** What the one or two steps before add: the slope, and then the curvature, of the clean sample. */
function historyTerms(original: Float32Array, h: number, [last, before]: readonly Past[]): Term[] {
  if (!last) return [];
  const phi2 = f(f(Math.expm1(-2 * h) / (2 * h)) + 1);
  const r0 = f(last.h / h);
  const newer = slope(r0, original, last.original);
  if (!before) return [[phi2, newer]];
  const r1 = f(before.h / h);
  const change = weightedDifference(1, newer, slope(r1, last.original, before.original));
  const phi3 = f(f(phi2 / (2 * h)) - 0.5);
  const weight = f(f(phi2 * f(r0 / f(r0 + r1))) - f(phi3 / f(r0 + r1)));
  return [
    [phi2, newer],
    [weight, change],
  ];
}
