import * as v from 'valibot';
import { weightedSum } from '../numerics/weighted-sum.ts';
import { clipSample, consistencyTraining, flag, number, predictions, thresholding } from './config.ts';
import { distilledTimesteps } from './distilled-timesteps.ts';
import { boundOriginalSample, toOriginalSample } from './prediction.ts';
import type { Plan, Scheduler, Stepper } from './scheduler.ts';
import { alphasCumprod, noiseAdder, signalAndNoise } from './training-sigmas.ts';

const f = Math.fround;
const SIGMA_DATA = 0.5;

/** LCMScheduler's scheduler_config.json. */
export const LCMConfig = v.object({
  ...consistencyTraining,
  ...clipSample(false),
  ...thresholding,
  prediction_type: v.optional(predictions, 'epsilon'),
  /** Null for as many as are asked for, evenly: what diffusers is given as `timesteps`. */
  original_inference_steps: v.optional(v.nullable(number('original_inference_steps', 50).wrapped), 50),
  timestep_scaling: number('timestep_scaling', 10),
  rescale_betas_zero_snr: flag(false),
});

/** LCMScheduler (diffusers schedulers/scheduling_lcm.py; Luo et al. 2023): to the clean sample, then back to less noise. */
export function lcm(config: v.InferOutput<typeof LCMConfig>): Scheduler {
  const alphas = alphasCumprod(config, config.rescale_betas_zero_snr);

  const plan = (numInferenceSteps: number): Plan => ({
    timesteps: distilledTimesteps(
      { ...config, original_inference_steps: config.original_inference_steps ?? numInferenceSteps },
      numInferenceSteps,
    ),
    initNoiseSigma: 1,
  });

  const start: Scheduler['start'] = ({ timesteps }, random): Stepper => ({
    scaleModelInput: (sample) => sample,
    step: (output, sample, i) => {
      const timestep = timesteps[i] as number;
      const scaled = timestep * config.timestep_scaling;
      const spread = scaled ** 2 + SIGMA_DATA ** 2;
      const { alpha, sigma } = signalAndNoise(alphas[timestep] as number);
      const predicted = toOriginalSample(config.prediction_type, output, sample, alpha, sigma);
      const denoised = weightedSum([
        [f(scaled / Math.sqrt(spread)), boundOriginalSample(config, predicted)],
        [f(SIGMA_DATA ** 2 / spread), sample],
      ]);
      const next = timesteps[i + 1];
      if (next === undefined) return denoised;
      const level = signalAndNoise(alphas[next] as number);
      return weightedSum([
        [level.alpha, denoised],
        [level.sigma, random.randn([sample.length]).data],
      ]);
    },
  });
  return { order: 1, plan, start, addNoise: noiseAdder(alphas) };
}
