import * as v from 'valibot';
import { roundHalfEven } from '../numerics/ranges.ts';
import { weightedSum } from '../numerics/weighted-sum.ts';
import { clipSample, flag, predictions, spacing, thresholding, training } from './config.ts';
import { boundOriginalSample, toOriginalSample } from './prediction.ts';
import type { Plan, Scheduler, Stepper } from './scheduler.ts';
import { spacedTimesteps } from './spacing.ts';
import { alphasCumprod, noiseAdder, signalAndNoise } from './training-sigmas.ts';

const f = Math.fround;

/** DDPMScheduler's scheduler_config.json. */
export const DDPMConfig = v.object({
  ...training,
  ...spacing('leading'),
  ...thresholding,
  ...clipSample(true),
  prediction_type: v.optional(predictions, 'epsilon'),
  rescale_betas_zero_snr: flag(false),
  variance_type: v.optional(v.picklist(['fixed_small', 'fixed_small_log', 'fixed_large']), 'fixed_small'),
});

/** DDPMScheduler (diffusers schedulers/scheduling_ddpm.py; Ho et al. 2020), formulas (6) and (7). */
export function ddpm(config: v.InferOutput<typeof DDPMConfig>): Scheduler {
  const alphas = alphasCumprod(config, config.rescale_betas_zero_snr);

  const plan = (numInferenceSteps: number): Plan => ({
    timesteps: spacedTimesteps(config, numInferenceSteps).map(roundHalfEven),
    initNoiseSigma: 1,
  });

  /** The standard deviation of a step's fresh noise. @param posterior the variance of q(x_{t−1} | x_t, x₀) */
  const deviation = (posterior: number, beta: number): number => {
    const variance = f(Math.max(posterior, 1e-20));
    if (config.variance_type === 'fixed_large') return f(Math.sqrt(beta));
    if (config.variance_type === 'fixed_small') return f(Math.sqrt(variance));
    return f(Math.exp(f(0.5 * f(Math.log(variance)))));
  };

  const start: Scheduler['start'] = ({ timesteps }, random): Stepper => ({
    scaleModelInput: (sample) => sample,
    step: (output, sample, i) => {
      const [timestep, next] = [timesteps[i] as number, timesteps[i + 1]];
      const alphaProd = alphas[timestep] as number;
      const alphaProdPrev = next === undefined ? 1 : (alphas[next] as number);
      const [betaProd, betaProdPrev] = [f(1 - alphaProd), f(1 - alphaProdPrev)];
      const currentAlpha = f(alphaProd / alphaProdPrev);
      const currentBeta = f(1 - currentAlpha);

      const { alpha, sigma } = signalAndNoise(alphaProd);
      const predicted = toOriginalSample(config.prediction_type, output, sample, alpha, sigma);
      const mean = weightedSum([
        [f(f(f(Math.sqrt(alphaProdPrev)) * currentBeta) / betaProd), boundOriginalSample(config, predicted)],
        [f(f(f(Math.sqrt(currentAlpha)) * betaProdPrev) / betaProd), sample],
      ]);
      if (timestep === 0) return mean;
      const posterior = f(f(betaProdPrev / betaProd) * currentBeta);
      return weightedSum([
        [1, mean],
        [deviation(posterior, currentBeta), random.randn([sample.length]).data],
      ]);
    },
  });
  return { order: 1, plan, start, addNoise: noiseAdder(alphas) };
}
