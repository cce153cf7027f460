import * as v from 'valibot';
import { roundHalfEven } from '../numerics/ranges.ts';
import { noisePredictions, number, sigmaCurves, spacing, training } from './config.ts';
import type { Plan, Scheduler, Stepper } from './scheduler.ts';
import { sigmaToTimestep } from './sigma-curves.ts';
import { trainingSigmas } from './training-sigmas.ts';
import {
  addSigmaNoise,
  ancestralStep,
  derivativeOf,
  moveAlong,
  scaleBySigma,
  sigmaPlan,
  toOriginalSampleFromSigma,
} from './variance-exploding.ts';

const f = Math.fround;

/** The scheduler_config.json of KDPM2DiscreteScheduler and KDPM2AncestralDiscreteScheduler. */
export const KDPM2Config = v.object({
  ...training,
  beta_start: number('beta_start', 0.00085),
  beta_end: number('beta_end', 0.012),
  ...spacing('linspace'),
  ...sigmaCurves,
  prediction_type: v.optional(noisePredictions, 'epsilon'),
});
type KDPM2Config = v.InferOutput<typeof KDPM2Config>;

/** √(a · b), computed as the exponential of the mean logarithm. */
const geometricMean = (a: number, b: number) => f(Math.exp(f(f(f(Math.log(a)) + f(Math.log(b))) / 2)));

/**
 * KDPM2DiscreteScheduler (diffusers schedulers/scheduling_k_dpm_2_discrete.py; k-diffusion's sample_dpm_2, after
 * Karras et al. 2022, algorithm 2): half a step, an evaluation there, and the whole step along its derivative.
 */
export function kdpm2Discrete(config: KDPM2Config): Scheduler {
  return dpm2(config, false);
}

/** KDPM2AncestralDiscreteScheduler (diffusers scheduling_k_dpm_2_ancestral_discrete.py): the same with fresh noise. */
export function kdpm2AncestralDiscrete(config: KDPM2Config): Scheduler {
  return dpm2(config, true);
}

function dpm2(config: KDPM2Config, ancestral: boolean): Scheduler {
  const training = trainingSigmas(config, false);

  /** Where a step from one level to the next ends, before fresh noise. */
  const target = (from: number, to: number) => (ancestral ? ancestralStep(from, to) : { down: to, up: 0 });

  const plan = (numInferenceSteps: number): Plan => {
    const whole = sigmaPlan(config, training, numInferenceSteps);
    const timesteps: number[] = [];
    const sigmas: number[] = [];
    for (const [i, timestep] of whole.timesteps.entries()) {
      const [sigma, next] = [whole.sigmas[i] as number, whole.sigmas[i + 1] as number];
      timesteps.push(config.use_karras_sigmas ? roundHalfEven(timestep) : timestep);
      sigmas.push(sigma);
      if (next === 0) continue;
      const half = geometricMean(sigma, target(sigma, next).down);
      timesteps.push(f(sigmaToTimestep(half, training)));
      sigmas.push(half);
    }
    return { timesteps, sigmas: Float32Array.of(...sigmas, 0), initNoiseSigma: whole.initNoiseSigma };
  };

  const start: Scheduler['start'] = ({ sigmas }, random): Stepper => {
    const sigmaAt = (i: number) => sigmas?.[i] as number;
    let startSample: Float32Array | undefined;
    return {
      scaleModelInput: (sample, i) => scaleBySigma(sample, sigmaAt(i)),
      step: (output, sample, i) => {
        const sigma = sigmaAt(i);
        const original = toOriginalSampleFromSigma(config.prediction_type, output, sample, sigma);
        const derivative = derivativeOf(sample, original, sigma);
        if (!startSample) {
          startSample = sample;
          return moveAlong(sample, derivative, f(sigmaAt(i + 1) - sigma));
        }
        const from = sigmaAt(i - 1);
        const { down, up } = target(from, sigmaAt(i + 1));
        const moved = moveAlong(startSample, derivative, f(down - from));
        startSample = undefined;
        return ancestral ? moveAlong(moved, random.randn([sample.length]).data, up) : moved;
      },
    };
  };
  return { order: 2, plan, start, addNoise: addSigmaNoise };
}
