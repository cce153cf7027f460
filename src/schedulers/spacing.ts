import { numpyLinspace, roundHalfEven } from '../numerics/ranges.ts';
import type { TimestepSpacing } from './config.ts';

interface SpacingConfig {
  readonly num_train_timesteps: number;
  readonly timestep_spacing: TimestepSpacing;
  readonly steps_offset: number;
}

/**
 * Descending timesteps of a run (Lin et al. 2023, table 2). `linspace` is not rounded: Euler uses fractions.
 */
export function spacedTimesteps(config: SpacingConfig, steps: number): number[] {
  const { num_train_timesteps: count, timestep_spacing: spacing, steps_offset: offset } = config;
  if (spacing === 'linspace') return numpyLinspace(0, count - 1, steps).toReversed();
  if (spacing === 'trailing') return trailing(count, steps);
  const ratio = Math.floor(count / steps);
  return Array.from({ length: steps }, (_, i) => (steps - 1 - i) * ratio + offset);
}

/** The same for DPM-Solver, which lays its grid over one step more and leaves out the last. */
export function spacedSolverTimesteps(config: SpacingConfig, steps: number): number[] {
  const { num_train_timesteps: count, timestep_spacing: spacing, steps_offset: offset } = config;
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
 * numpy.arange(count, 0, -count / steps), rounded, less one, and cut to as many as were asked for: arange gives one more
 * for 61, 103, 121, … steps of 1000, timestep −1, which is no noise level.
 */
function trailing(count: number, steps: number): number[] {
  // arange's own rounding: its stride is the difference of its first two values.
  const stride = count - count / steps - count;
  return Array.from({ length: steps }, (_, i) => roundHalfEven(count + i * stride) - 1);
}
