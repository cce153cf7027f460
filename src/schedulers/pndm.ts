import * as v from 'valibot';
import { roundHalfEven } from '../numerics/ranges.ts';
import { type Term, weightedSum } from '../numerics/weighted-sum.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import { flag, noisePredictions, spacing, training } from './config.ts';
import { toEpsilon } from './prediction.ts';
import type { Plan, Scheduler, Stepper } from './scheduler.ts';
import { spacedTimesteps } from './spacing.ts';
import { alphasCumprod, noiseAdder, signalAndNoise } from './training-sigmas.ts';

const f = Math.fround;

/** PNDMScheduler's scheduler_config.json. */
export const PNDMConfig = v.object({
  ...training,
  ...spacing('leading'),
  prediction_type: v.optional(noisePredictions, 'epsilon'),
  set_alpha_to_one: flag(false),
  skip_prk_steps: flag(false),
});

const ORDER = 4;
/** Evaluations of the Runge–Kutta steps: four for each of the first three steps. */
const PRK_EVALUATIONS = 12;

/** Runge–Kutta weights of a step's four evaluations. */
const RUNGE_KUTTA = [1 / 6, 1 / 3, 1 / 3, 1 / 6] as const;

/** Adams–Bashforth weights over the last model outputs, newest first, by how many there are. */
const ADAMS_BASHFORTH: readonly (readonly number[])[] = [
  [1],
  [3 / 2, -1 / 2],
  [23 / 12, -16 / 12, 5 / 12],
  [55 / 24, -59 / 24, 37 / 24, -9 / 24],
];

/**
 * PNDMScheduler (diffusers schedulers/scheduling_pndm.py; Liu et al. 2022). With skip_prk_steps the second timestep is
 * evaluated twice, the first time to correct the first step; without it the first three steps are Runge–Kutta steps.
 */
export function pndm(config: v.InferOutput<typeof PNDMConfig>): Scheduler {
  const alphas = alphasCumprod(config, false);
  const finalAlpha = config.set_alpha_to_one ? 1 : (alphas[0] as number);

  const plan = (numInferenceSteps: number): Plan => {
    const spaced = spacedTimesteps(config, numInferenceSteps).map(roundHalfEven);
    const timesteps = config.skip_prk_steps
      ? repeatSecond(spaced)
      : withRungeKutta(spaced, config.num_train_timesteps);
    return { timesteps, initNoiseSigma: 1 };
  };

  /** From one timestep to another of the run, by the alphas of both. */
  const previous = (sample: Float32Array, timestep: number, prevTimestep: number, output: Float32Array) => {
    const alphaProd = alphas[timestep] as number;
    const alphaProdPrev = prevTimestep >= 0 ? (alphas[prevTimestep] as number) : finalAlpha;
    const { alpha, sigma } = signalAndNoise(alphaProd);
    const epsilon = toEpsilon(config.prediction_type, output, sample, alpha, sigma);
    return previousSample(sample, epsilon, alphaProd, alphaProdPrev);
  };

  const start = ({ timesteps }: Plan): Stepper => {
    const repeats = config.skip_prk_steps ? 1 : PRK_EVALUATIONS - ORDER + 1;
    const stride = Math.floor(config.num_train_timesteps / Math.max(timesteps.length - repeats, 1));
    /** Evaluations so far: diffusers goes by them and not by the step, also where a run starts in the middle. */
    let count = 0;
    /** Newest first. */
    let outputs: Float32Array[] = [];
    let startSample: Float32Array | undefined;
    let terms: Term[] = [];

    const rungeKutta = (
      output: Float32Array,
      sample: Float32Array,
      i: number,
      stage: number,
    ): Float32Array => {
      const timestep = timesteps[i] as number;
      if (stage === 0) {
        [outputs, startSample, terms] = [[output, ...outputs], sample, []];
      }
      terms.push([RUNGE_KUTTA[stage] as number, output]);
      const mixed = stage === 3 ? weightedSum(terms as [Term, ...Term[]]) : output;
      const target = stage % 2 === 0 ? timestep - Math.floor(stride / 2) : timestep;
      return previous(startSample ?? sample, timesteps[count - stage] as number, target, mixed);
    };

    const multistep = (output: Float32Array, sample: Float32Array, i: number): Float32Array => {
      const timestep = timesteps[i] as number;
      const first = outputs[0];
      if (count === 1 && startSample && first) {
        const mean = output.map((x, j) => f(x + (first[j] as number)) / 2);
        return previous(startSample, timestep + stride, timestep, mean);
      }
      if (count === 0) startSample = sample;
      outputs = [output, ...outputs].slice(0, ORDER);
      const weights = ADAMS_BASHFORTH[outputs.length - 1] as readonly number[];
      const mixed = output.map((_, j) =>
        outputs.reduce((sum, past, k) => sum + (weights[k] as number) * (past[j] as number), 0),
      );
      return previous(sample, timestep, timestep - stride, mixed);
    };

    return {
      scaleModelInput: (sample) => sample,
      step: (output, sample, i) => {
        const isRungeKutta = !config.skip_prk_steps && count < PRK_EVALUATIONS;
        const next = isRungeKutta ? rungeKutta(output, sample, i, count % 4) : multistep(output, sample, i);
        count++;
        return next;
      },
    };
  };
  return { order: 1, plan, start, addNoise: noiseAdder(alphas) };
}

function repeatSecond([first, second, ...rest]: readonly number[]): number[] {
  return second === undefined ? [first as number] : [first as number, second, second, ...rest];
}

/** The timesteps with each of the first three steps' four evaluations. @throws AppError invalid-request for too few steps */
function withRungeKutta(spaced: readonly number[], trainTimesteps: number): number[] {
  if (spaced.length < ORDER) {
    const details = { kind: 'too-few-steps', field: 'numInferenceSteps', least: ORDER } satisfies Fault;
    throw new AppError('invalid-request', `PNDM takes at least ${ORDER} steps.`, details);
  }
  const half = Math.floor(Math.floor(trainTimesteps / spaced.length) / 2);
  const withHalves = spaced.slice(0, ORDER).flatMap((timestep) => [timestep + half, timestep]);
  const twice = withHalves.slice(1).flatMap((timestep) => [timestep, timestep]);
  return [...twice.slice(1, -1), ...spaced.slice(ORDER - 1)];
}

/** Formula (9) of the paper: sample [n] at the timestep of `a`, its noise epsilon [n] → the sample at that of `aPrev`. */
function previousSample(sample: Float32Array, epsilon: Float32Array, a: number, aPrev: number): Float32Array {
  const [b, bPrev] = [f(1 - a), f(1 - aPrev)];
  const sampleCoeff = f(Math.sqrt(f(aPrev / a)));
  const denominator = f(f(a * f(Math.sqrt(bPrev))) + f(Math.sqrt(f(f(a * b) * aPrev))));
  const difference = f(aPrev - a);
  return sample.map((x, i) => f(sampleCoeff * x) - f(f(difference * (epsilon[i] as number)) / denominator));
}
