import * as v from 'valibot';
import { finalSigmas, flag, predictions, sigmaCurves, spacing, training } from './config.ts';
import type { Plan, Scheduler, Stepper } from './scheduler.ts';
import { trainingSigmas } from './training-sigmas.ts';
import {
  addSigmaNoise,
  derivativeOf,
  moveAlong,
  scaleBySigma,
  sigmaPlan,
  toOriginalSampleFromSigma,
} from './variance-exploding.ts';

const f = Math.fround;

/** EulerDiscreteScheduler's scheduler_config.json. */
export const EulerDiscreteConfig = v.object({
  ...training,
  ...spacing('linspace'),
  ...sigmaCurves,
  ...finalSigmas,
  prediction_type: v.optional(predictions, 'epsilon'),
  rescale_betas_zero_snr: flag(false),
  interpolation_type: v.nullish(v.literal('linear')),
  timestep_type: v.nullish(v.literal('discrete')),
});

/** EulerDiscreteScheduler (diffusers schedulers/scheduling_euler_discrete.py; Karras et al. 2022, algorithm 2, no churn). */
export function eulerDiscrete(config: v.InferOutput<typeof EulerDiscreteConfig>): Scheduler {
  const training = trainingSigmas(config, config.rescale_betas_zero_snr);

  const plan = (numInferenceSteps: number): Plan => {
    const last = config.final_sigmas_type === 'zero' ? 0 : (training[0] as number);
    return sigmaPlan(config, training, numInferenceSteps, last);
  };

  const start = ({ sigmas }: Plan): Stepper => {
    const sigmaAt = (i: number) => sigmas?.[i] as number;
    return {
      scaleModelInput: (sample, i) => scaleBySigma(sample, sigmaAt(i)),
      step: (output, sample, i) => {
        const sigma = sigmaAt(i);
        const original = toOriginalSampleFromSigma(config.prediction_type, output, sample, sigma);
        return moveAlong(sample, derivativeOf(sample, original, sigma), f(sigmaAt(i + 1) - sigma));
      },
    };
  };
  return { order: 1, plan, start, addNoise: addSigmaNoise };
}
