import type * as v from 'valibot';
import { roundHalfEven } from '../numerics/ranges.ts';
import type { DDIMConfig } from './config.ts';
import { toEpsilon, toOriginalSample } from './prediction.ts';
import type { Plan, Scheduler, Stepper } from './scheduler.ts';
import { spacedTimesteps } from './spacing.ts';
import { alphasCumprod } from './training-sigmas.ts';

const f = Math.fround;

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
        const [alpha, sigma] = [f(Math.sqrt(alphaProd)), f(Math.sqrt(f(1 - alphaProd)))];
        let original = toOriginalSample(config.prediction_type, output, sample, alpha, sigma);
        const epsilon = toEpsilon(config.prediction_type, output, sample, alpha, sigma);
        if (config.clip_sample) {
          const range = config.clip_sample_range;
          original = original.map((x) => Math.min(Math.max(x, -range), range));
        }
        const betaPrev = f(1 - alphaProdPrev);
        const variance = f(f(betaPrev / f(1 - alphaProd)) * f(1 - f(alphaProd / alphaProdPrev)));
        const deviation = f(eta * f(Math.sqrt(variance)));
        const [alphaPrev, direction] = [
          f(Math.sqrt(alphaProdPrev)),
          f(Math.sqrt(f(betaPrev - f(deviation * deviation)))),
        ];
        const next = original.map((x, j) => f(alphaPrev * x) + f(direction * (epsilon[j] as number)));
        if (eta === 0) return next;
        const noise = random.randn([sample.length]).data;
        return next.map((x, j) => x + f(deviation * (noise[j] as number)));
      },
    };
  };
  return { plan, start };
}
