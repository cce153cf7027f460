import { numpyArange, numpyLinspace, roundHalfEven } from '../numerics/ranges.ts';
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

function trailing(count: number, steps: number): number[] {
  return numpyArange(count, 0, -count / steps).map((t) => roundHalfEven(t) - 1);
}
