import * as v from 'valibot';
import { weightedSum } from '../numerics/weighted-sum.ts';
import { consistencyTraining, flag, number, predictions } from './config.ts';
import { distilledTimesteps } from './distilled-timesteps.ts';
import { toEpsilon, toOriginalSample } from './prediction.ts';
import type { Plan, Scheduler, Stepper } from './scheduler.ts';
import { alphasCumprod, noiseAdder, signalAndNoise } from './training-sigmas.ts';

const f = Math.fround;

/** TCDScheduler's scheduler_config.json. */
export const TCDConfig = v.object({
  ...consistencyTraining,
  prediction_type: v.optional(predictions, 'epsilon'),
  original_inference_steps: number('original_inference_steps', 50),
  rescale_betas_zero_snr: flag(false),
});

/**
 * TCDScheduler (diffusers schedulers/scheduling_tcd.py; Zheng et al. 2024): each step goes below the next timestep, by the
 * part `eta` of it, and back up to it with fresh noise.
 */
export function tcd(config: v.InferOutput<typeof TCDConfig>): Scheduler {
  const alphas = alphasCumprod(config, config.rescale_betas_zero_snr);

  const plan = (numInferenceSteps: number): Plan => ({
    timesteps: distilledTimesteps(config, numInferenceSteps),
    initNoiseSigma: 1,
  });

  const start: Scheduler['start'] = ({ timesteps }, random, { eta }): Stepper => ({
    scaleModelInput: (sample) => sample,
    step: (output, sample, i) => {
      const next = timesteps[i + 1];
      const alphaProdPrev = alphas[next ?? 0] as number;
      const alphaProdLow = alphas[Math.floor(f(f(1 - eta) * (next ?? 0)))] as number;
      const { alpha, sigma } = signalAndNoise(alphas[timesteps[i] as number] as number);
      const low = signalAndNoise(alphaProdLow);
      const down = weightedSum([
        [low.alpha, toOriginalSample(config.prediction_type, output, sample, alpha, sigma)],
        [low.sigma, toEpsilon(config.prediction_type, output, sample, alpha, sigma)],
      ]);
      if (eta === 0 || next === undefined) return down;
      const up = signalAndNoise(f(alphaProdPrev / alphaProdLow));
      return weightedSum([
        [up.alpha, down],
        [up.sigma, random.randn([sample.length]).data],
      ]);
    },
  });
  return { order: 1, plan, start, addNoise: noiseAdder(alphas) };
}
