import * as v from 'valibot';
import { roundHalfEven } from '../numerics/ranges.ts';
import { weightedSum } from '../numerics/weighted-sum.ts';
import { clipSample, flag, predictions, spacing, thresholding, training } from './config.ts';
import { boundOriginalSample, toEpsilon, toOriginalSample } from './prediction.ts';
import type { Plan, Scheduler, Stepper } from './scheduler.ts';
import { spacedTimesteps } from './spacing.ts';
import { alphasCumprod, noiseAdder, signalAndNoise } from './training-sigmas.ts';

const f = Math.fround;

/** DDIMScheduler's scheduler_config.json. */
export const DDIMConfig = v.object({
  ...training,
  ...spacing('leading'),
  ...thresholding,
  ...clipSample(true),
  prediction_type: v.optional(predictions, 'epsilon'),
  set_alpha_to_one: flag(true),
  rescale_betas_zero_snr: flag(false),
});

/** DDIMScheduler (diffusers schedulers/scheduling_ddim.py; Song et al. 2020), formula (12). */
export function ddim(config: v.InferOutput<typeof DDIMConfig>): Scheduler {
  const alphas = alphasCumprod(config, config.rescale_betas_zero_snr);
  const finalAlpha = config.set_alpha_to_one ? 1 : (alphas[0] as number);

  const plan = (numInferenceSteps: number): Plan => ({
    timesteps: spacedTimesteps(config, numInferenceSteps).map(roundHalfEven),
    initNoiseSigma: 1,
  });

  const start: Scheduler['start'] = ({ timesteps }, random, { eta }): Stepper => {
    const stride = Math.floor(config.num_train_timesteps / timesteps.length);
    return {
      scaleModelInput: (sample) => sample,
      step: (output, sample, i) => {
        const timestep = timesteps[i] as number;
        const alphaProd = alphas[timestep] as number;
        const alphaProdPrev = timestep - stride >= 0 ? (alphas[timestep - stride] as number) : finalAlpha;
        const { alpha, sigma } = signalAndNoise(alphaProd);
        const predicted = toOriginalSample(config.prediction_type, output, sample, alpha, sigma);
        const original = boundOriginalSample(config, predicted);
        const epsilon = toEpsilon(config.prediction_type, output, sample, alpha, sigma);
        const betaPrev = f(1 - alphaProdPrev);
        const variance = f(f(betaPrev / f(1 - alphaProd)) * f(1 - f(alphaProd / alphaProdPrev)));
        const deviation = f(eta * f(Math.sqrt(variance)));
        const next = weightedSum([
          [f(Math.sqrt(alphaProdPrev)), original],
          [f(Math.sqrt(f(betaPrev - f(deviation * deviation)))), epsilon],
        ]);
        if (eta === 0) return next;
        return weightedSum([
          [1, next],
          [deviation, random.randn([sample.length]).data],
        ]);
      },
    };
  };
  return { order: 1, plan, start, addNoise: noiseAdder(alphas) };
}
