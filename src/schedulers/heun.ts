import * as v from 'valibot';
import { clipSample, number, predictions, sigmaCurves, spacing, training } from './config.ts';
import { boundOriginalSample } from './prediction.ts';
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

/** HeunDiscreteScheduler's scheduler_config.json. */
export const HeunDiscreteConfig = v.object({
  ...training,
  beta_start: number('beta_start', 0.00085),
  beta_end: number('beta_end', 0.012),
  ...spacing('linspace'),
  ...sigmaCurves,
  ...clipSample(false),
  prediction_type: v.optional(predictions, 'epsilon'),
});

/**
 * HeunDiscreteScheduler (diffusers schedulers/scheduling_heun_discrete.py; Karras et al. 2022, algorithm 2, no churn):
 * an Euler step, an evaluation where it ends, and the step again along the mean of both derivatives.
 */
export function heunDiscrete(config: v.InferOutput<typeof HeunDiscreteConfig>): Scheduler {
  const training = trainingSigmas(config, false);

  const plan = (numInferenceSteps: number): Plan => {
    const once = sigmaPlan(config, training, numInferenceSteps);
    const twice = (values: readonly number[]) =>
      values.flatMap((value, i) => (i === 0 ? value : [value, value]));
    return {
      timesteps: twice(once.timesteps),
      sigmas: Float32Array.of(...twice([...once.sigmas].slice(0, -1)), 0),
      initNoiseSigma: once.initNoiseSigma,
    };
  };

  const start = ({ sigmas }: Plan): Stepper => {
    const sigmaAt = (i: number) => sigmas?.[i] as number;
    let first:
      | { readonly sample: Float32Array; readonly derivative: Float32Array; readonly dt: number }
      | undefined;
    return {
      scaleModelInput: (sample, i) => scaleBySigma(sample, sigmaAt(i)),
      step: (output, sample, i) => {
        const sigma = sigmaAt(i);
        const original = toOriginalSampleFromSigma(config.prediction_type, output, sample, sigma);
        const derivative = derivativeOf(sample, boundOriginalSample(config, original), sigma);
        if (!first) {
          first = { sample, derivative, dt: f(sigmaAt(i + 1) - sigma) };
          return moveAlong(sample, derivative, first.dt);
        }
        const begin = first;
        first = undefined;
        const mean = derivative.map((d, j) => f((begin.derivative[j] as number) + d) / 2);
        return moveAlong(begin.sample, mean, begin.dt);
      },
    };
  };
  return { order: 2, plan, start, addNoise: addSigmaNoise };
}
