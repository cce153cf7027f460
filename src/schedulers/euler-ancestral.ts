import type * as v from 'valibot';
import { interpolate } from '../numerics/ranges.ts';
import type { EulerAncestralDiscreteConfig } from './config.ts';
import { scaleBySigma, toOriginalSampleFromSigma } from './prediction.ts';
import type { Plan, Scheduler, Stepper } from './scheduler.ts';
import { spacedTimesteps } from './spacing.ts';
import { trainingSigmas } from './training-sigmas.ts';

const f = Math.fround;

/**
 * EulerAncestralDiscreteScheduler (diffusers schedulers/scheduling_euler_ancestral_discrete.py; k-diffusion's
 * sample_euler_ancestral): an Euler step further down than asked for, then fresh noise back up.
 */
export function eulerAncestralDiscrete(
  config: v.InferOutput<typeof EulerAncestralDiscreteConfig>,
): Scheduler {
  const training = trainingSigmas(config, config.rescale_betas_zero_snr);

  const plan = (numInferenceSteps: number): Plan => {
    const timesteps = spacedTimesteps(config, numInferenceSteps).map(f);
    const sigmas = Float32Array.of(...timesteps.map((timestep) => interpolate(timestep, training)), 0);
    const largest = sigmas.reduce((a, b) => Math.max(a, b));
    const leading = config.timestep_spacing === 'leading';
    return {
      timesteps,
      sigmas,
      initNoiseSigma: leading ? f(Math.sqrt(f(f(largest * largest) + 1))) : largest,
    };
  };

  const start: Scheduler['start'] = ({ sigmas }, random): Stepper => {
    const sigmaAt = (i: number) => sigmas?.[i] as number;
    return {
      scaleModelInput: (sample, i) => scaleBySigma(sample, sigmaAt(i)),
      step: (output, sample, i) => {
        const [from, to] = [sigmaAt(i), sigmaAt(i + 1)];
        const original = toOriginalSampleFromSigma(config.prediction_type, output, sample, from);
        const [from2, to2] = [f(from * from), f(to * to)];
        const up = f(Math.sqrt(f(f(to2 * f(from2 - to2)) / from2)));
        const down = f(Math.sqrt(f(to2 - f(up * up))));
        const dt = f(down - from);
        const noise = random.randn([sample.length]).data;
        return sample.map((x, j) => {
          const moved = f(x + f(f(f(x - (original[j] as number)) / from) * dt));
          return moved + f((noise[j] as number) * up);
        });
      },
    };
  };
  return { plan, start };
}
