import { numpyLinspace, roundHalfEven } from '../numerics/ranges.ts';
import type { TimestepSpacing } from './config.ts';
import { refuseTooManySteps } from './too-many-steps.ts';

interface SpacingConfig {
  readonly num_train_timesteps: number;
  readonly timestep_spacing: TimestepSpacing;
  readonly steps_offset: number;
}

/**
 * The timesteps of a run, descending (Lin et al. 2023, table 2). Those of `linspace` have fractions, which Euler uses.
 * @throws AppError invalid-request for more steps than the training had
 */
export function spacedTimesteps(config: SpacingConfig, steps: number): number[] {
  const { num_train_timesteps: count, timestep_spacing: spacing, steps_offset: offset } = config;
  refuseTooManySteps(steps, count);
  if (spacing === 'linspace') return numpyLinspace(0, count - 1, steps).toReversed();
  if (spacing === 'trailing') return trailing(count, steps);
  const ratio = Math.floor(count / steps);
  return Array.from({ length: steps }, (_, i) => (steps - 1 - i) * ratio + offset);
}

/**
 * The timesteps of DPM-Solver, which spaces one more and leaves out the last.
 * @throws AppError invalid-request for as many steps as the training had
 */
export function spacedSolverTimesteps(config: SpacingConfig, steps: number): number[] {
  const { num_train_timesteps: count, timestep_spacing: spacing, steps_offset: offset } = config;
  refuseTooManySteps(steps, spacing === 'trailing' ? count : count - 1);
  if (spacing === 'linspace')
    return numpyLinspace(0, count - 1, steps + 1)
      .map(roundHalfEven)
      .toReversed()
      .slice(0, -1);
  if (spacing === 'trailing') return trailing(count, steps);
  const ratio = Math.floor(count / (steps + 1));
  return Array.from({ length: steps }, (_, i) => (steps - i) * ratio + offset);
}

/**
 * numpy.arange(count, 0, -count / steps), rounded, minus one, without what arange has beyond `steps` values: for 61, 103,
 * 121, … steps of 1000 it has one more, timestep −1, which is not a noise level.
 */
function trailing(count: number, steps: number): number[] {
  // arange rounds so: its stride is the difference of its first two values.
  const stride = count - count / steps - count;
  return Array.from({ length: steps }, (_, i) => roundHalfEven(count + i * stride) - 1);
}
