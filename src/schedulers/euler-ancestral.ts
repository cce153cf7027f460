import * as v from 'valibot';
import { flag, noisePredictions, sigmaCurves, spacing, training } from './config.ts';
import { lastSigma } from './schedule-types.ts';
import type { Scheduler, Stepper } from './scheduler.ts';
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

/** EulerAncestralDiscreteScheduler's scheduler_config.json. */
export const EulerAncestralDiscreteConfig = v.object({
  ...training,
  ...spacing('linspace'),
  ...sigmaCurves,
  prediction_type: v.optional(noisePredictions, 'epsilon'),
  rescale_betas_zero_snr: flag(false),
});

/**
 * EulerAncestralDiscreteScheduler (diffusers schedulers/scheduling_euler_ancestral_discrete.py; k-diffusion's
 * sample_euler_ancestral). diffusers has no curves for it.
 */
export function eulerAncestralDiscrete(
  config: v.InferOutput<typeof EulerAncestralDiscreteConfig>,
): Scheduler {
  const training = trainingSigmas(config, config.rescale_betas_zero_snr);

  const last = lastSigma(config.schedule_type, training);
  const plan = (numInferenceSteps: number) => sigmaPlan(config, training, numInferenceSteps, last);

  const start: Scheduler['start'] = ({ sigmas }, random): Stepper => {
    const sigmaAt = (i: number) => sigmas?.[i] as number;
    return {
      scaleModelInput: (sample, i) => scaleBySigma(sample, sigmaAt(i)),
      step: (output, sample, i) => {
        const sigma = sigmaAt(i);
        const { down, up } = ancestralStep(sigma, sigmaAt(i + 1));
        const original = toOriginalSampleFromSigma(config.prediction_type, output, sample, sigma);
        const moved = moveAlong(sample, derivativeOf(sample, original, sigma), f(down - sigma));
        return moveAlong(moved, random.randn([sample.length]).data, up);
      },
    };
  };
  return { order: 1, plan, start, addNoise: addSigmaNoise };
}
