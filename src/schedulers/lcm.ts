import type * as v from 'valibot';
import { AppError } from '../protocol/errors.ts';
import type { LCMConfig } from './config.ts';
import { toOriginalSample } from './prediction.ts';
import type { Plan, Scheduler, Stepper } from './scheduler.ts';
import { alphasCumprod } from './training-sigmas.ts';

const f = Math.fround;
const SIGMA_DATA = 0.5;

/** LCMScheduler (diffusers schedulers/scheduling_lcm.py; Luo et al. 2023): to the clean picture and back to less noise. */
export function lcm(config: v.InferOutput<typeof LCMConfig>): Scheduler {
  const alphas = alphasCumprod(config, config.rescale_betas_zero_snr);
  const distilled = config.original_inference_steps;

  /** An even choice of the steps the model was distilled on. */
  const plan = (numInferenceSteps: number): Plan => {
    if (numInferenceSteps > distilled) {
      const details = {
        field: 'numInferenceSteps',
        expected: `at most ${distilled}`,
        found: numInferenceSteps,
      };
      throw new AppError('invalid-request', `LCM takes at most ${distilled} steps.`, details);
    }
    const stride = Math.floor(config.num_train_timesteps / distilled);
    const timesteps = Array.from({ length: numInferenceSteps }, (_, i) => {
      const index = Math.floor(i * (distilled / numInferenceSteps));
      return (distilled - index) * stride - 1;
    });
    return { timesteps, initNoiseSigma: 1 };
  };

  const start: Scheduler['start'] = ({ timesteps }, random): Stepper => ({
    scaleModelInput: (sample) => sample,
    step: (output, sample, i) => {
      const timestep = timesteps[i] as number;
      const scaled = timestep * config.timestep_scaling;
      const [skip, out] = [
        f(SIGMA_DATA ** 2 / (scaled ** 2 + SIGMA_DATA ** 2)),
        f(scaled / Math.sqrt(scaled ** 2 + SIGMA_DATA ** 2)),
      ];
      const level = (t: number) =>
        [f(Math.sqrt(alphas[t] as number)), f(Math.sqrt(f(1 - (alphas[t] as number))))] as const;
      const [alpha, sigma] = level(timestep);
      let original = toOriginalSample(config.prediction_type, output, sample, alpha, sigma);
      if (config.clip_sample) {
        const range = config.clip_sample_range;
        original = original.map((x) => Math.min(Math.max(x, -range), range));
      }
      const denoised = sample.map((x, j) => f(out * (original[j] as number)) + f(skip * x));
      const next = timesteps[i + 1];
      if (next === undefined) return denoised;
      const [alphaNext, sigmaNext] = level(next);
      const noise = random.randn([sample.length]).data;
      return denoised.map((x, j) => f(alphaNext * x) + f(sigmaNext * (noise[j] as number)));
    },
  });
  return { plan, start };
}
