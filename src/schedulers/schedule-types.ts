import { numpyLinspace, roundHalfEven, torchLinspace } from '../numerics/ranges.ts';
import { AppError, type Fault } from '../protocol/errors.ts';

const f = Math.fround;

/**
 * A1111's schedule types (modules/sd_schedulers.py) beside those that diffusers has keys for, and Forge's Turbo: the noise levels
 * of a run, from those of the training.
 */
export const SCHEDULE_TYPES = [
  'polyexponential',
  'sgm-uniform',
  'kl-optimal',
  'align-your-steps',
  'simple',
  'normal',
  'ddim-uniform',
  'turbo',
] as const;
export type ScheduleType = (typeof SCHEDULE_TYPES)[number];

interface Source {
  /** Ascending. */
  readonly training: Float32Array;
  /** The levels that Align Your Steps interpolates between, descending. */
  readonly alignYourSteps: readonly number[] | undefined;
}

/** The level at a training step with a fraction, between its neighbours' logarithms (k-diffusion's t_to_sigma). */
function sigmaAt(training: Float32Array, timestep: number): number {
  const [low, high] = [Math.floor(timestep), Math.ceil(timestep)].map((i) => Math.log(training[i] as number));
  const weight = timestep - Math.floor(timestep);
  return Math.exp((1 - weight) * (low as number) + weight * (high as number));
}

/** Levels whose logarithms are evenly spaced between those of `descending` levels. */
function interpolateLogs(descending: readonly number[], steps: number): number[] {
  const ascending = descending.map(Math.log).toReversed();
  const at = (x: number) => {
    const [low, high] = [ascending[Math.floor(x)] as number, ascending[Math.ceil(x)] as number];
    return Math.exp(low + (high - low) * (x - Math.floor(x)));
  };
  return numpyLinspace(0, ascending.length - 1, steps)
    .map(at)
    .toReversed();
}

const range = (length: number) => Array.from({ length }, (_, i) => i);
const at = (training: Float32Array, i: number) => training[i] as number;
const ends = (training: Float32Array) => [at(training, 0), at(training, training.length - 1)] as const;

const LEVELS: Record<ScheduleType, (source: Source, steps: number) => readonly number[]> = {
  // With rho 1, which is A1111's default.
  polyexponential: ({ training }, steps) => {
    const [low, high] = ends(training).map(Math.log) as [number, number];
    return [...torchLinspace(1, 0, steps)].map((ramp) => Math.exp(ramp * (high - low) + low));
  },
  'sgm-uniform': ({ training }, steps) =>
    [...torchLinspace(training.length - 1, 0, steps + 1).slice(0, -1)].map((t) => sigmaAt(training, t)),
  // Evenly spaced angles (Sahoo et al. 2024).
  'kl-optimal': ({ training }, steps) => {
    const [low, high] = ends(training).map(Math.atan) as [number, number];
    return range(steps).map((i) => Math.tan((i / steps) * low + (1 - i / steps) * high));
  },
  'align-your-steps': ({ alignYourSteps }, steps) => {
    if (!alignYourSteps) throw withoutLevels();
    return interpolateLogs(alignYourSteps, steps);
  },
  simple: ({ training }, steps) =>
    range(steps).map((i) => at(training, training.length - 1 - Math.trunc(i * (training.length / steps)))),
  normal: ({ training }, steps) =>
    [...torchLinspace(training.length - 1, 0, steps)].map((t) => sigmaAt(training, t)),
  // Often one more than the steps, and for few steps not the highest: that is how it is counted there.
  'ddim-uniform': ({ training }, steps) => {
    const stride = Math.max(Math.floor(training.length / steps), 1);
    const count = Math.ceil((training.length - 1) / stride);
    return range(count)
      .map((i) => at(training, 1 + i * stride))
      .toReversed();
  },
  turbo: ({ training }, steps) =>
    range(steps)
      .map((i) => at(training, roundHalfEven(f((i + 1) * f(training.length / steps)) - 1)))
      .toReversed(),
};

/**
 * The noise levels of a schedule type, descending, without the one after the last step: `lastSigma`.
 * @throws AppError unsupported-model for Align Your Steps of a model that nobody has published levels for
 */
export function scheduledSigmas(type: ScheduleType, source: Source, steps: number): readonly number[] {
  return LEVELS[type](source, steps);
}

function withoutLevels(): AppError {
  const [key, expected, found] = ['align_your_steps', 'the levels of Align Your Steps', 'none'];
  const details = { kind: 'missing-setting', component: 'scheduler', key, expected, found } satisfies Fault;
  return new AppError('unsupported-model', `scheduler: ${key} is missing.`, details);
}

/** The level after the last step: none, but for A1111's KL Optimal the training's lowest. */
export const lastSigma = (type: ScheduleType | null | undefined, training: Float32Array) =>
  type === 'kl-optimal' ? at(training, 0) : 0;
