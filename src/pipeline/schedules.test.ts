import { expect, test } from 'vitest';
import { SCHEDULERS, type SchedulerId } from '../catalog/schedulers.ts';
import { plainSampler, SCHEDULE_IDS, samplerConfig, takesSchedule } from '../catalog/schedules.ts';
import { ALIGN_YOUR_STEPS } from '../loaders/align-your-steps.ts';
import { createScheduler } from '../schedulers/index.ts';

const OWN = {
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  steps_offset: 1,
  align_your_steps: ALIGN_YOUR_STEPS.sd1,
};
const planOf = (scheduler: SchedulerId, schedule: (typeof SCHEDULE_IDS)[number] | null) =>
  createScheduler(SCHEDULERS[scheduler].className, { ...OWN, ...samplerConfig(scheduler, schedule) }).plan(
    20,
  );

test.each(
  Object.keys(SCHEDULERS) as SchedulerId[],
)('%s follows each schedule, or none but its own', (scheduler) => {
  const own = [...(planOf(scheduler, null).sigmas ?? planOf(scheduler, null).timesteps)];
  for (const schedule of SCHEDULE_IDS) {
    const { sigmas, timesteps } = planOf(scheduler, schedule);
    const isSame = JSON.stringify([...(sigmas ?? timesteps)]) === JSON.stringify(own);
    // A sampler with a schedule in its name has that one, and DPM++ 3M SDE A1111's.
    const named =
      scheduler === 'dpmpp-3m-sde' ? 'exponential' : /-(karras|exponential)$/.exec(scheduler)?.[1];
    const mayBeSame = !takesSchedule(scheduler) || schedule === named;
    expect(isSame && !mayBeSame, schedule).toBe(false);
    if (!takesSchedule(scheduler)) expect(isSame, schedule).toBe(true);
    expect(timesteps.every((timestep) => timestep >= -2 && timestep <= 1000)).toBe(true);
  }
});

test('a sampler with a schedule in its name is that sampler with that schedule', () => {
  for (const scheduler of Object.keys(SCHEDULERS) as SchedulerId[]) {
    const [, schedule] = /-(karras|exponential)$/.exec(scheduler) ?? [];
    if (!schedule) continue;
    const named = planOf(scheduler, null);
    expect(planOf(plainSampler(scheduler), schedule as 'karras' | 'exponential'), scheduler).toEqual(named);
  }
});
