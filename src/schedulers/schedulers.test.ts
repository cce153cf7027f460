import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SCHEDULERS } from '../catalog/schedulers.ts';
import { TorchRandom } from '../numerics/random.ts';
import { createScheduler, type SchedulerClass } from './index.ts';

interface Run {
  readonly config: Record<string, unknown> & { readonly eta?: number };
  readonly steps: number;
  readonly model: 'ratio' | 'sine';
  readonly noise: number[];
  readonly initNoiseSigma: number;
  readonly timesteps: number[];
  readonly sigmas: number[] | null;
  readonly samples: number[][];
}

const f = Math.fround;
const MODELS = {
  ratio: (x: number, t: number) => f(f(x * t) / f(t + 1)),
  sine: (x: number, t: number) => f(Math.sin(f(x + f(t / 100)))),
};
const CLASSES: SchedulerClass[] = [
  'DDIMScheduler',
  'PNDMScheduler',
  'EulerDiscreteScheduler',
  'DPMSolverMultistepScheduler',
  'EulerAncestralDiscreteScheduler',
  'LCMScheduler',
];

/** Largest error over largest expected value; a step that lands on zero is measured against a hundredth. */
function relativeError(found: ArrayLike<number>, expected: readonly number[]): number {
  expect(found.length).toBe(expected.length);
  const largest = Math.max(...expected.map(Math.abs), 1e-2);
  return Math.max(...expected.map((value, i) => Math.abs((found[i] as number) - value))) / largest;
}

describe.each(CLASSES)('%s is diffusers’, step by step', (className) => {
  const { runs } = JSON.parse(
    readFileSync(join(import.meta.dirname, 'golden', `${className}.json`), 'utf8'),
  ) as { runs: Run[] };
  test.each(
    runs.map((run) => [JSON.stringify(run.config), run.steps, run] as const),
  )('%s, %i steps', (_, steps, run) => {
    const scheduler = createScheduler(className, run.config);
    const plan = scheduler.plan(steps);
    expect(relativeError(plan.timesteps, run.timesteps)).toBeLessThan(1e-6);
    if (run.sigmas) expect(relativeError(plan.sigmas as Float32Array, run.sigmas)).toBeLessThan(1e-6);
    expect(relativeError([plan.initNoiseSigma], [run.initNoiseSigma])).toBeLessThan(1e-6);

    // Every step from diffusers’ own sample, so that its error is its own; then the run as a whole.
    for (const [whole, bound] of [
      [false, 1e-5],
      [true, 1e-4],
    ] as const) {
      const stepper = scheduler.start(plan, new TorchRandom(11), { eta: run.config.eta ?? 0 });
      let sample: Float32Array = Float32Array.from(run.noise, (value) => value * plan.initNoiseSigma);
      for (const [i, timestep] of plan.timesteps.entries()) {
        const output = stepper.scaleModelInput(sample, i).map((x) => MODELS[run.model](x, f(timestep)));
        const before = sample.slice();
        const next = stepper.step(output, sample, i);
        expect(sample).toEqual(before);
        expect(relativeError(next, run.samples[i] as number[])).toBeLessThan(bound);
        sample = whole ? next : Float32Array.from(run.samples[i] as number[]);
      }
    }
  });
});

describe('the sums of diffusers’ own tests', () => {
  const LINEAR = { num_train_timesteps: 1000, beta_start: 0.0001, beta_end: 0.02, beta_schedule: 'linear' };
  const SOLVER = { ...LINEAR, final_sigmas_type: 'sigma_min', lower_order_final: false };
  /** dummy_sample_deter of tests/schedulers/test_schedulers.py: arange over (3, 8, 8, 4), its last axis moved first. */
  const deter = Float32Array.from({ length: 768 }, (_, i) => ((i % 192) * 4 + Math.floor(i / 192)) / 768);
  test.each<[SchedulerClass, Record<string, unknown>, { sum?: number; mean?: number }]>([
    ['DDIMScheduler', { ...LINEAR, clip_sample: true }, { sum: 172.0067, mean: 0.223967 }],
    ['DDIMScheduler', { ...LINEAR, clip_sample: true, prediction_type: 'v_prediction' }, { sum: 52.5302 }],
    ['EulerDiscreteScheduler', { ...LINEAR, num_train_timesteps: 1100 }, { sum: 10.0807, mean: 0.0131 }],
    [
      'EulerDiscreteScheduler',
      { ...LINEAR, num_train_timesteps: 1100, use_karras_sigmas: true },
      { sum: 124.523, mean: 0.16214 },
    ],
    ['DPMSolverMultistepScheduler', SOLVER, { mean: 0.3301 }],
    ['DPMSolverMultistepScheduler', { ...SOLVER, prediction_type: 'v_prediction' }, { mean: 0.2251 }],
    [
      'DPMSolverMultistepScheduler',
      { ...SOLVER, prediction_type: 'v_prediction', use_karras_sigmas: true },
      { mean: 0.2096 },
    ],
  ])('%s %j', (className, config, { sum, mean }) => {
    const scheduler = createScheduler(className, config);
    const plan = scheduler.plan(10);
    const stepper = scheduler.start(plan, new TorchRandom(0), { eta: 0 });
    let sample: Float32Array = deter.map((value) => value * plan.initNoiseSigma);
    for (const [i, timestep] of plan.timesteps.entries()) {
      // Those tests give the scaled sample to `step` too.
      sample = stepper.scaleModelInput(sample, i);
      sample = stepper.step(
        sample.map((x) => (x * timestep) / (timestep + 1)),
        sample,
        i,
      );
    }
    const total = sample.reduce((a, b) => a + Math.abs(b), 0);
    if (sum !== undefined) expect(Math.abs(total - sum)).toBeLessThan(1e-2);
    if (mean !== undefined) expect(Math.abs(total / 768 - mean)).toBeLessThan(1e-3);
  });
});

test('a value no code is written for is refused by key', () => {
  expect(() => createScheduler('DDIMScheduler', { thresholding: true })).toThrow(
    /DDIMScheduler: thresholding is true/,
  );
  const solver = (config: Record<string, unknown>) => () =>
    createScheduler('DPMSolverMultistepScheduler', config);
  expect(solver({ variance_type: 'learned_range' })).toThrow(/variance_type is "learned_range"/);
  expect(solver({ lambda_min_clipped: -5.1 })).toThrow(/lambda_min_clipped is -5.1/);
  expect(solver({ solver_order: 3 })).toThrow(/solver_order is 3/);
  expect(() => createScheduler('EulerDiscreteScheduler', { beta_schedule: 'sigmoid' })).toThrow(
    /beta_schedule is "sigmoid"/,
  );
});

test.each(
  Object.values(SCHEDULERS),
)('$label takes the configurations that Stable Diffusion is published with', ({ className, config }) => {
  const betas = {
    beta_start: 0.00085,
    beta_end: 0.012,
    beta_schedule: 'scaled_linear',
    num_train_timesteps: 1000,
  };
  const legacy = {
    ...betas,
    clip_sample: false,
    set_alpha_to_one: false,
    skip_prk_steps: true,
    steps_offset: 1,
    trained_betas: null,
  };
  const turbo = {
    ...legacy,
    interpolation_type: 'linear',
    timestep_spacing: 'trailing',
    use_karras_sigmas: false,
  };
  const v2 = { ...legacy, prediction_type: 'v_prediction', thresholding: false, sample_max_value: 1 };
  for (const published of [legacy, turbo, v2]) {
    const { timesteps } = createScheduler(className, { ...published, ...config }).plan(4);
    expect(timesteps.every((timestep) => timestep >= 0 && timestep < 1000)).toBe(true);
  }
});
