import type * as v from 'valibot';
import { interpolate } from '../numerics/ranges.ts';
import type { EulerDiscreteConfig } from './config.ts';
import { scaleBySigma, toOriginalSampleFromSigma } from './prediction.ts';
import type { Plan, Scheduler, Stepper } from './scheduler.ts';
import { karrasSigmas, sigmaToTimestep } from './sigma-curves.ts';
import { spacedTimesteps } from './spacing.ts';
import { trainingSigmas } from './training-sigmas.ts';

const f = Math.fround;

/** EulerDiscreteScheduler (diffusers schedulers/scheduling_euler_discrete.py; Karras et al. 2022, algorithm 2, no churn). */
export function eulerDiscrete(config: v.InferOutput<typeof EulerDiscreteConfig>): Scheduler {
  const training = trainingSigmas(config, config.rescale_betas_zero_snr);

  const plan = (numInferenceSteps: number): Plan => {
    let timesteps = spacedTimesteps(config, numInferenceSteps).map(f);
    let levels = timesteps.map((timestep) => interpolate(timestep, training));
    if (config.use_karras_sigmas) {
      const [max, min] = [
        config.sigma_max ?? (levels[0] as number),
        config.sigma_min ?? (levels.at(-1) as number),
      ];
      levels = karrasSigmas(min, max, numInferenceSteps);
      timesteps = levels.map((sigma) => f(sigmaToTimestep(sigma, training)));
    }
    const last = config.final_sigmas_type === 'zero' ? 0 : (training[0] as number);
    const sigmas = Float32Array.of(...levels, last);
    const largest = sigmas.reduce((a, b) => Math.max(a, b));
    const leading = config.timestep_spacing === 'leading';
    return {
      timesteps,
      sigmas,
      initNoiseSigma: leading ? f(Math.sqrt(f(f(largest * largest) + 1))) : largest,
    };
  };

  const start = ({ sigmas }: Plan): Stepper => {
    const sigmaAt = (i: number) => sigmas?.[i] as number;
    return {
      scaleModelInput: (sample, i) => scaleBySigma(sample, sigmaAt(i)),
      step: (output, sample, i) => {
        const sigma = sigmaAt(i);
        const dt = f(sigmaAt(i + 1) - sigma);
        const original = toOriginalSampleFromSigma(config.prediction_type, output, sample, sigma);
        return sample.map((x, j) => x + f(f(f(x - (original[j] as number)) / sigma) * dt));
      },
    };
  };
  return { plan, start };
}
