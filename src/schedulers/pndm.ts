import type * as v from 'valibot';
import { roundHalfEven } from '../numerics/ranges.ts';
import type { PNDMConfig } from './config.ts';
import type { Plan, Scheduler, Stepper } from './scheduler.ts';
import { spacedTimesteps } from './spacing.ts';
import { alphasCumprod } from './training-sigmas.ts';

const f = Math.fround;

/** Adams–Bashforth weights over the last model outputs, newest first, by how many there are. */
const WEIGHTS: readonly (readonly number[])[] = [
  [1],
  [3 / 2, -1 / 2],
  [23 / 12, -16 / 12, 5 / 12],
  [55 / 24, -59 / 24, 37 / 24, -9 / 24],
];

/**
 * PNDMScheduler with skip_prk_steps (diffusers schedulers/scheduling_pndm.py, step_plms; Liu et al. 2022).
 * The second timestep comes twice: its first visit mends the first step.
 */
export function pndm(config: v.InferOutput<typeof PNDMConfig>): Scheduler {
  const alphas = alphasCumprod(config);
  const finalAlpha = config.set_alpha_to_one ? 1 : (alphas[0] as number);

  const plan = (numInferenceSteps: number): Plan => {
    const [first, second, ...rest] = spacedTimesteps(config, numInferenceSteps).map(roundHalfEven);
    const timesteps = second === undefined ? [first as number] : [first as number, second, second, ...rest];
    return { timesteps, initNoiseSigma: 1 };
  };

  /** Formula (9) of the paper: x at timestep → x at prevTimestep, given ε or v. */
  const previous = (
    sample: Float32Array,
    timestep: number,
    prevTimestep: number,
    output: Float32Array,
  ): Float32Array => {
    const a = alphas[timestep] as number;
    const aPrev = prevTimestep >= 0 ? (alphas[prevTimestep] as number) : finalAlpha;
    const [b, bPrev] = [f(1 - a), f(1 - aPrev)];
    const [rootA, rootB] = [f(Math.sqrt(a)), f(Math.sqrt(b))];
    const sampleCoeff = f(Math.sqrt(f(aPrev / a)));
    const denominator = f(f(a * f(Math.sqrt(bPrev))) + f(Math.sqrt(f(f(a * b) * aPrev))));
    const difference = f(aPrev - a);
    return sample.map((x, i) => {
      const raw = output[i] as number;
      const epsilon = config.prediction_type === 'epsilon' ? raw : f(f(rootA * raw) + f(rootB * x));
      return f(sampleCoeff * x) - f(f(difference * epsilon) / denominator);
    });
  };

  const start = ({ timesteps }: Plan): Stepper => {
    const steps = Math.max(timesteps.length - 1, 1);
    const stride = Math.floor(config.num_train_timesteps / steps);
    let outputs: Float32Array[] = [];
    let firstSample: Float32Array | undefined;
    return {
      scaleModelInput: (sample) => sample,
      step: (output, sample, i) => {
        const timestep = timesteps[i] as number;
        if (i === 1 && firstSample) {
          const mean = output.map((x, j) => f(x + (outputs[0]?.[j] as number)) / 2);
          return previous(firstSample, timestep + stride, timestep, mean);
        }
        if (i === 0) firstSample = sample;
        outputs = [output, ...outputs].slice(0, 4);
        const weights = WEIGHTS[outputs.length - 1] as readonly number[];
        const mixed = output.map((_, j) =>
          outputs.reduce((sum, past, k) => sum + (weights[k] as number) * (past[j] as number), 0),
        );
        return previous(sample, timestep, timestep - stride, mixed);
      },
    };
  };
  return { plan, start };
}
