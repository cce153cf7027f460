import * as v from 'valibot';
import { numpyLinspace } from '../numerics/ranges.ts';
import { weightedSum } from '../numerics/weighted-sum.ts';
import { belowOne, flag, number, off, sigmaCurves } from './config.ts';
import type { Plan, Scheduler, Stepper } from './scheduler.ts';
import { curvedSigmas } from './sigma-curves.ts';

const f = Math.fround;

/** FlowMatchEulerDiscreteScheduler's scheduler_config.json. */
export const FlowMatchEulerDiscreteConfig = v.object({
  ...sigmaCurves,
  num_train_timesteps: number('num_train_timesteps', 1000),
  shift: number('shift', 1),
  shift_terminal: v.nullish(belowOne),
  /** The shift depends on the image's size, between `base_shift` and `max_shift`, and `shift` is not used. */
  use_dynamic_shifting: flag(false),
  base_shift: number('base_shift', 0.5),
  max_shift: number('max_shift', 1.15),
  base_image_seq_len: number('base_image_seq_len', 256),
  max_image_seq_len: number('max_image_seq_len', 4096),
  time_shift_type: v.optional(v.picklist(['exponential', 'linear']), 'exponential'),
  invert_sigmas: off,
  stochastic_sampling: off,
});

/**
 * FlowMatchEulerDiscreteScheduler (diffusers schedulers/scheduling_flow_match_euler_discrete.py; Esser et al. 2024):
 * sample = (1 − sigma) · x₀ + sigma · ε, the model output its slope.
 */
export function flowMatchEulerDiscrete(
  config: v.InferOutput<typeof FlowMatchEulerDiscreteConfig>,
): Scheduler {
  const { num_train_timesteps: count, use_dynamic_shifting: isDynamic } = config;

  const plan = (numInferenceSteps: number, imageSequenceLength = config.base_image_seq_len): Plan => {
    const shift = isDynamic ? dynamicShift(config, imageSequenceLength) : config.shift;
    const shifted = (sigma: number) => (shift * sigma) / (1 + (shift - 1) * sigma);
    // A shift that is the same for all sizes is applied to the training's noise levels too.
    const [max, min] = isDynamic ? [1, f(1 / count)] : [f(shifted(1)), f(shifted(f(1 / count)))];
    let levels = numpyLinspace(max * count, min * count, numInferenceSteps).map((t) => shifted(t / count));
    if (config.shift_terminal) {
      const scale = (1 - (levels.at(-1) as number)) / (1 - config.shift_terminal);
      levels = levels.map((sigma) => 1 - (1 - sigma) / scale);
    }
    const [first, last] = [levels[0] as number, levels.at(-1) as number];
    const sigmas = Float32Array.of(...(curvedSigmas(config, last, first, numInferenceSteps) ?? levels), 0);
    return { timesteps: Array.from(sigmas.subarray(0, -1), (s) => f(s * count)), sigmas, initNoiseSigma: 1 };
  };

  const start = ({ sigmas }: Plan): Stepper => {
    const sigmaAt = (i: number) => sigmas?.[i] as number;
    return {
      scaleModelInput: (sample) => sample,
      step: (output, sample, i) =>
        weightedSum([
          [1, sample],
          [f(sigmaAt(i + 1) - sigmaAt(i)), output],
        ]),
    };
  };

  const addNoise: Scheduler['addNoise'] = ({ sigmas }, original, noise, i) => {
    const sigma = sigmas?.[i] as number;
    return weightedSum([
      [sigma, noise],
      [f(1 - sigma), original],
    ]);
  };
  return { order: 1, plan, start, addNoise };
}

/**
 * calculate_shift (diffusers pipelines/stable_diffusion_3): mu, a line through (base_image_seq_len, base_shift) and
 * (max_image_seq_len, max_shift), as the factor of `time_shift`.
 */
function dynamicShift(
  config: v.InferOutput<typeof FlowMatchEulerDiscreteConfig>,
  imageSequenceLength: number,
): number {
  const { base_shift, max_shift, base_image_seq_len, max_image_seq_len } = config;
  const slope = (max_shift - base_shift) / (max_image_seq_len - base_image_seq_len);
  const mu = base_shift + slope * (imageSequenceLength - base_image_seq_len);
  return config.time_shift_type === 'exponential' ? Math.exp(mu) : mu;
}
