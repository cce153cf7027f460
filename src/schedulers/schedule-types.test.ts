import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TorchRandom } from '../numerics/random.ts';
import { createScheduler, type SchedulerClass } from './index.ts';
import type { ScheduleType } from './schedule-types.ts';

interface Levels {
  readonly config: Record<string, unknown>;
  readonly schedule: ScheduleType;
  readonly table: string | null;
  readonly steps: number;
  readonly sigmas: number[];
  readonly timesteps: number[];
}
interface Run {
  readonly className: SchedulerClass;
  readonly schedule: ScheduleType;
  readonly steps: number;
  readonly noise: number[];
  readonly samples: number[][];
}
/** By golden/sigma_schedules.py. */
const { tables, lists, runs } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'golden/sigma-schedules.json'), 'utf8'),
) as { tables: Readonly<Record<string, number[]>>; lists: Levels[]; runs: Run[] };

const f = Math.fround;
const SD1 = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear' };
/** The largest error over the largest expected value. */
const errorOf = (found: ArrayLike<number>, expected: readonly number[]) => {
  expect(found.length).toBe(expected.length);
  const largest = Math.max(...expected.map(Math.abs), 1e-2);
  return Math.max(...expected.map((value, i) => Math.abs((found[i] as number) - value))) / largest;
};
/** What goes with a schedule type in the catalogue. */
const configOf = (schedule: ScheduleType) => ({
  schedule_type: schedule,
  ...(schedule === 'kl-optimal' && { final_sigmas_type: 'sigma_min' }),
});

test.each(
  lists.map(
    (list) => [list.schedule, list.table ?? '', list.steps, list.config.beta_schedule, list] as const,
  ),
)('%s %s, %i steps, %s betas: the levels and timesteps of k-diffusion', (schedule, table, steps, _, list) => {
  const align_your_steps = tables[table.endsWith('XL') ? 'sdxl' : 'sd1'];
  const config = { ...list.config, ...configOf(schedule), align_your_steps, timestep_spacing: 'leading' };
  for (const className of ['EulerDiscreteScheduler', 'DPMSolverMultistepScheduler'] as const) {
    const plan = createScheduler(className, config).plan(steps);
    expect(errorOf(plan.sigmas as Float32Array, list.sigmas)).toBeLessThan(2e-6);
    expect(errorOf(plan.timesteps, list.timesteps)).toBeLessThan(2e-5);
    const noise = className === 'EulerDiscreteScheduler' ? list.sigmas[0] : 1;
    expect(plan.initNoiseSigma).toBeCloseTo(noise as number, 4);
  }
});

test.each(
  runs.map((run) => [run.className, run.schedule, run] as const),
)('%s with %s computes what k-diffusion does, step by step', (className, schedule, run) => {
  const scheduler = createScheduler(className, {
    ...SD1,
    ...configOf(schedule),
    align_your_steps: tables.sd1,
  });
  const plan = scheduler.plan(run.steps);
  const sigmas = [...(plan.sigmas as Float32Array)];
  // k-diffusion's sample is x₀ + sigma · ε; DPM-Solver's is scaled to unit variance.
  const scale = sigmas.map((sigma) => (className.startsWith('DPM') ? Math.sqrt(sigma ** 2 + 1) : 1));
  const first = Math.sqrt((sigmas[0] as number) ** 2 + 1) / (scale[0] as number);
  const stepper = scheduler.start(plan, new TorchRandom(11), { eta: 0 });
  let sample: Float32Array = Float32Array.from(run.noise, (value) => value * first);
  for (const [i, expected] of run.samples.entries()) {
    const timestep = plan.timesteps[i] as number;
    const output = stepper.scaleModelInput(sample, i).map((x) => f(Math.sin(f(x + f(timestep / 100)))));
    sample = stepper.step(output, sample, i);
    const found = sample.map((x) => x * (scale[i + 1] as number));
    expect(errorOf(found, expected), `step ${i}`).toBeLessThan(2e-5);
  }
});

test('a model without published levels has no Align Your Steps, and the error says what is missing', () => {
  const scheduler = createScheduler('EulerDiscreteScheduler', { ...SD1, schedule_type: 'align-your-steps' });
  const details = expect.objectContaining({ kind: 'missing-setting', key: 'align_your_steps' });
  expect(() => scheduler.plan(4)).toThrow(expect.objectContaining({ code: 'unsupported-model', details }));
});
