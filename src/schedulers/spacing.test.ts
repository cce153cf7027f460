import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import golden from './golden/timesteps.json' with { type: 'json' };
import { createScheduler, type SchedulerClass } from './index.ts';
import { spacedSolverTimesteps, spacedTimesteps } from './spacing.ts';

const config = (timestep_spacing: 'linspace' | 'leading' | 'trailing', steps_offset = 0) =>
  ({ num_train_timesteps: 1000, timestep_spacing, steps_offset }) as const;

describe.each([
  ['spacedTimesteps', spacedTimesteps],
  ['spacedSolverTimesteps', spacedSolverTimesteps],
] as const)('%s', (_, spaced) => {
  test('returns as many timesteps as asked for, descending, each of them a training step', () => {
    const spacing = fc.constantFrom('linspace', 'leading', 'trailing');
    fc.assert(
      fc.property(
        spacing,
        // 999 "leading" steps with an offset of 1 start at 1000, in diffusers too.
        fc.integer({ min: 1, max: 998 }),
        fc.integer({ min: 0, max: 1 }),
        (name, steps, offset) => {
          const timesteps = spaced(config(name, offset), steps);
          expect(timesteps).toHaveLength(steps);
          expect(timesteps.every((timestep) => timestep >= 0 && timestep <= 999)).toBe(true);
          expect(timesteps).toEqual(timesteps.toSorted((a, b) => b - a));
        },
      ),
    );
  });

  test('trailing starts at the last training step and never reaches −1', () => {
    for (let steps = 1; steps <= 1000; steps++) {
      const timesteps = spaced(config('trailing'), steps);
      expect(timesteps).toHaveLength(steps);
      expect(timesteps[0]).toBe(999);
      expect(timesteps.at(-1)).toBeGreaterThanOrEqual(0);
    }
  });
});

test.each(golden.sums)('$name with $spacing has diffusers’ timesteps for 1 to 150 steps', ({
  name,
  spacing,
  offset,
  sums,
}) => {
  const options = { timestep_spacing: spacing, steps_offset: offset, skip_prk_steps: true };
  const scheduler = createScheduler(name as SchedulerClass, options);
  for (const [i, sum] of sums.entries()) {
    const { timesteps } = scheduler.plan(i + 1);
    const found = timesteps.reduce((total, timestep, k) => total + (k + 1) * timestep, 0);
    expect([i + 1, Math.abs(found - sum) < 1e-3]).toEqual([i + 1, true]);
  }
});
