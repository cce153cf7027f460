import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SCHEDULERS } from '../catalog/schedulers.ts';
import { TorchRandom } from '../numerics/random.ts';
import { parsePythonJson } from '../protocol/python-json.ts';
import { createScheduler, type SchedulerClass } from './index.ts';
import { beginIndex } from './scheduler.ts';

interface Run {
  readonly config: Record<string, unknown> & { readonly eta?: number };
  readonly steps: number;
  readonly model: 'ratio' | 'sine' | 'cosine';
  readonly noise: number[];
  readonly initNoiseSigma: number;
  readonly timesteps: number[];
  readonly sigmas: number[] | null;
  readonly samples: number[][];
  /** Of a run that starts from an image. */
  readonly strength?: number;
  readonly begin?: number;
  readonly original?: number[];
  readonly noised?: number[];
}

const f = Math.fround;
const MODELS = {
  ratio: (x: number, t: number) => f(f(x * t) / f(t + 1)),
  sine: (x: number, t: number) => f(Math.sin(f(x + f(t / 100)))),
  cosine: (x: number, t: number) => f(x * f(Math.cos(t))),
};
const CLASSES = [...new Set(Object.values(SCHEDULERS).map(({ className }) => className))];

/** The largest error over the largest expected value, which counts as at least 0.01. */
function relativeError(found: ArrayLike<number>, expected: readonly number[]): number {
  expect(found.length).toBe(expected.length);
  const largest = Math.max(...expected.map(Math.abs), 1e-2);
  return Math.max(...expected.map((value, i) => Math.abs((found[i] as number) - value))) / largest;
}

describe.each(CLASSES)('%s computes what diffusers does, step by step', (className) => {
  const { runs } = JSON.parse(
    readFileSync(join(import.meta.dirname, 'golden', `${className}.json`), 'utf8'),
  ) as { runs: Run[] };
  test.each(
    runs.map((run) => [JSON.stringify(run.config), run.steps, run.strength ?? 1, run] as const),
  )('%s, %i steps, strength %d', (_, steps, strength, run) => {
    const scheduler = createScheduler(className, run.config);
    const plan = scheduler.plan(steps);
    expect(relativeError(plan.timesteps, run.timesteps)).toBeLessThan(1e-5);
    if (run.sigmas) expect(relativeError(plan.sigmas as Float32Array, run.sigmas)).toBeLessThan(1e-6);
    expect(relativeError([plan.initNoiseSigma], [run.initNoiseSigma])).toBeLessThan(1e-6);

    const begin = beginIndex(scheduler, steps, strength);
    expect(begin).toBe(run.begin ?? 0);
    const noise = Float32Array.from(run.noise);
    let first: Float32Array = noise.map((value) => value * plan.initNoiseSigma);
    if (run.original) {
      first = scheduler.addNoise(plan, Float32Array.from(run.original), noise, begin);
      expect(relativeError(first, run.noised as number[])).toBeLessThan(1e-6);
    }
    // First every step from diffusers’ own sample, so that errors do not add up; then the run as a whole.
    for (const [whole, bound] of [
      [false, 1e-5],
      [true, 1e-4],
    ] as const) {
      const stepper = scheduler.start(plan, new TorchRandom(11), { eta: run.config.eta ?? 0 });
      let sample = first;
      for (const [k, expected] of run.samples.entries()) {
        const i = begin + k;
        const timestep = plan.timesteps[i] as number;
        const output = stepper.scaleModelInput(sample, i).map((x) => MODELS[run.model](x, f(timestep)));
        const before = sample.slice();
        const next = stepper.step(output, sample, i);
        expect(sample).toEqual(before);
        expect(relativeError(next, expected)).toBeLessThan(bound);
        sample = whole ? next : Float32Array.from(expected);
      }
    }
  });
});

describe('ten steps give the sums that diffusers’ own tests expect', () => {
  const LINEAR = { num_train_timesteps: 1000, beta_start: 0.0001, beta_end: 0.02, beta_schedule: 'linear' };
  const LONG = { ...LINEAR, num_train_timesteps: 1100 };
  const DDIM = { ...LINEAR, clip_sample: true };
  const SOLVER = { ...LINEAR, solver_order: 2, final_sigmas_type: 'sigma_min', lower_order_final: false };
  const UNIPC = { ...LINEAR, solver_order: 2, solver_type: 'bh2', final_sigmas_type: 'sigma_min' };
  const CONSISTENCY = { num_train_timesteps: 1000, beta_start: 0.00085, beta_end: 0.012 };
  const V = { prediction_type: 'v_prediction' };
  const KARRAS = { use_karras_sigmas: true };

  interface Published {
    readonly sum?: number;
    readonly mean?: number;
    readonly steps?: number;
    /** The run starts here, with noise added. */
    readonly begin?: number;
  }
  /** dummy_sample_deter of tests/schedulers/test_schedulers.py: arange over (3, 8, 8, 4), its last axis moved first. */
  const moved = (value: (i: number) => number) =>
    Float32Array.from({ length: 768 }, (_, i) => value((i % 192) * 4 + Math.floor(i / 192)) / 768);
  const deter = moved((i) => i);
  const noise = moved((i) => 767 - i);

  test.each<[SchedulerClass, Record<string, unknown>, Published]>([
    ['DDIMScheduler', DDIM, { sum: 172.0067, mean: 0.223967 }],
    ['DDIMScheduler', { ...DDIM, ...V }, { sum: 52.5302 }],
    ['DDIMScheduler', { ...DDIM, beta_start: 0.01, set_alpha_to_one: true }, { sum: 149.8295 }],
    ['DDIMScheduler', { ...DDIM, beta_start: 0.01, set_alpha_to_one: false }, { sum: 149.0784 }],
    ['DDIMScheduler', DDIM, { sum: 354.5418, begin: 8 }],
    ['PNDMScheduler', LINEAR, { sum: 198.1318, mean: 0.258 }],
    ['PNDMScheduler', { ...LINEAR, ...V }, { sum: 67.3986 }],
    ['PNDMScheduler', { ...LINEAR, beta_start: 0.01, set_alpha_to_one: true }, { sum: 230.0399 }],
    ['PNDMScheduler', { ...LINEAR, beta_start: 0.01, set_alpha_to_one: false }, { sum: 186.9482 }],
    ['EulerDiscreteScheduler', LONG, { sum: 10.0807, mean: 0.0131 }],
    ['EulerDiscreteScheduler', { ...LONG, ...V }, { sum: 0.0002 }],
    ['EulerDiscreteScheduler', { ...LONG, ...KARRAS }, { sum: 124.523, mean: 0.16214 }],
    ['EulerDiscreteScheduler', LONG, { sum: 57062.9297, begin: 8 }],
    ['EulerAncestralDiscreteScheduler', LONG, { sum: 152.3192 }],
    ['HeunDiscreteScheduler', LONG, { sum: 0.1233 }],
    ['LCMScheduler', CONSISTENCY, { sum: 18.7097, steps: 1 }],
    ['LCMScheduler', CONSISTENCY, { sum: 197.7616 }],
    ['TCDScheduler', CONSISTENCY, { sum: 29.8715, steps: 1 }],
    ['TCDScheduler', CONSISTENCY, { sum: 181.204 }],
    ['DPMSolverMultistepScheduler', SOLVER, { mean: 0.3301 }],
    [
      'DPMSolverMultistepScheduler',
      { ...SOLVER, thresholding: true, dynamic_thresholding_ratio: 0.87, sample_max_value: 0.5 },
      { mean: 1.1364 },
    ],
    ['DPMSolverMultistepScheduler', { ...SOLVER, ...V }, { mean: 0.2251 }],
    ['DPMSolverMultistepScheduler', { ...SOLVER, ...V, ...KARRAS }, { mean: 0.2096 }],
    ['DPMSolverMultistepScheduler', SOLVER, { sum: 318.4111, begin: 5 }],
    ['UniPCMultistepScheduler', UNIPC, { mean: 0.2464 }],
    ['UniPCMultistepScheduler', { ...UNIPC, ...KARRAS }, { mean: 0.2925 }],
    ['UniPCMultistepScheduler', { ...UNIPC, ...V }, { mean: 0.1014 }],
  ])('%s %j %j', (className, config, { sum, mean, steps = 10, begin = 0 }) => {
    const scheduler = createScheduler(className, config);
    const plan = scheduler.plan(steps);
    const finish = (first: Float32Array): Float32Array => {
      const stepper = scheduler.start(plan, new TorchRandom(0), { eta: 0 });
      let sample = first;
      for (let i = begin; i < plan.timesteps.length; i++) {
        const timestep = plan.timesteps[i] as number;
        // Those tests pass the scaled sample to `step` too.
        sample = stepper.scaleModelInput(sample, i);
        const output = sample.map((x) => (x * timestep) / (timestep + 1));
        sample = stepper.step(output, sample, i);
      }
      return sample;
    };
    let first: Float32Array = deter.map((value) => value * plan.initNoiseSigma);
    if (begin) first = scheduler.addNoise(plan, first, noise, begin);
    // Thresholding looks at one of the batch’s four images at a time.
    const images = config.thresholding
      ? [0, 1, 2, 3].map((i) => first.slice(i * 192, (i + 1) * 192))
      : [first];
    const sample = Float32Array.from(images.flatMap((image) => [...finish(image)]));
    const total = sample.reduce((a, b) => a + Math.abs(b), 0);
    if (sum !== undefined) expect(Math.abs(total - sum)).toBeLessThan(1e-2);
    if (mean !== undefined) expect(Math.abs(total / 768 - mean)).toBeLessThan(1e-3);
  });
});

test('a value that no code is written for is refused by its key', () => {
  expect(() => createScheduler('DEISMultistepScheduler', { use_flow_sigmas: true })).toThrow(
    /DEISMultistepScheduler: use_flow_sigmas is true/,
  );
  const solver = (config: Record<string, unknown>) => () =>
    createScheduler('DPMSolverMultistepScheduler', config);
  expect(solver({ variance_type: 'learned_range' })).toThrow(/variance_type is "learned_range"/);
  // The cosine schedule is the one that goes so low (diffusers 0.42.1's docstring: “critical for the cosine noise schedule”).
  expect(solver({ lambda_min_clipped: 0 })).toThrow(/lambda_min_clipped is 0/);
  expect(solver({ lambda_min_clipped: -5.1, beta_schedule: 'squaredcos_cap_v2' })).toThrow(
    /lambda_min_clipped is -5.1; dpmsolver\+\+ takes -\d+\.\d+ or less/,
  );
  expect(solver({ lambda_min_clipped: -5.1 })().plan(3)).toEqual(solver({})().plan(3));
  expect(solver({ solver_order: 4 })).toThrow(/solver_order is 4/);
  expect(solver({ algorithm_type: 'dpmsolver' })).toThrow(
    /final_sigmas_type is zero; dpmsolver takes sigma_min/,
  );
  expect(() => createScheduler('EulerDiscreteScheduler', { beta_schedule: 'sigmoid' })).toThrow(
    /beta_schedule is "sigmoid"/,
  );
});

// scheduler_config.json of diffusers 0.42.1: DPMSolverMultistepScheduler().save_config(folder), its line of this key.
test.each([
  'DPMSolverMultistepScheduler',
  'DPMSolverSinglestepScheduler',
] as const)('%s takes what diffusers saves', (className) => {
  const config = parsePythonJson('{"lambda_min_clipped": -Infinity}') as Record<string, unknown>;
  expect(createScheduler(className, config).plan(3).timesteps).toHaveLength(3);
  const other = parsePythonJson('{"lambda_min_clipped": NaN}') as Record<string, unknown>;
  expect(() => createScheduler(className, other)).toThrow(/lambda_min_clipped is NaN/);
});

test('a curve’s end is a noise level above none', () => {
  const karras = (ends: object) => () =>
    createScheduler('EulerDiscreteScheduler', { use_karras_sigmas: true, ...ends });
  expect(karras({ sigma_min: 0 })).toThrow(/sigma_min is 0/);
  expect(karras({ sigma_max: -1 })).toThrow(/sigma_max is -1/);
  expect(karras({ sigma_min: null, sigma_max: null })().plan(2).sigmas).toHaveLength(3);
});

test.each(
  Object.values(SCHEDULERS).filter(({ className }) => !className.startsWith('EDM')),
)('$label accepts the configurations that Stable Diffusion is published with', ({ className, config }) => {
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
    expect(timesteps.every((timestep) => timestep >= 0 && timestep <= 1000)).toBe(true);
  }
});
