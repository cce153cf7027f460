import { expect, test } from 'vitest';
import { SCHEDULERS, type SchedulerId } from '../catalog/schedulers.ts';
import { TorchRandom } from '../numerics/random.ts';
import { createScheduler } from './index.ts';

const IDS = Object.keys(SCHEDULERS) as SchedulerId[];
const TYPES = ['epsilon', 'sample', 'v_prediction'] as const;
const isFlow = (id: SchedulerId) => SCHEDULERS[id].className === 'FlowMatchEulerDiscreteScheduler';
const PLAIN = { clip_sample: false, beta_schedule: 'scaled_linear', beta_start: 0.00085, beta_end: 0.012 };

const open = (id: SchedulerId, type?: string) => {
  const { className, config } = SCHEDULERS[id];
  return createScheduler(className, { ...PLAIN, ...(type && { prediction_type: type }), ...config });
};

const random = new TorchRandom(3);
const original = random.randn([12]).data;
const noise = random.randn([12]).data;

/** What a model that knows the picture would say of it, by the definition of each kind of output. */
function outputOf(type: string, alpha: number, sigma: number): Float32Array {
  if (type === 'epsilon') return noise;
  if (type === 'sample') return original;
  if (type === 'flow') return noise.map((e, n) => e - (original[n] as number));
  const size = Math.hypot(alpha, sigma);
  return noise.map((e, n) => (alpha * e - sigma * (original[n] as number)) / size);
}

/** Classes that take no model whose output is the sample. */
const NO_SAMPLE: readonly string[] = [
  ...['KDPM2DiscreteScheduler', 'KDPM2AncestralDiscreteScheduler'],
  ...['EulerAncestralDiscreteScheduler', 'PNDMScheduler'],
  ...['EDMEulerScheduler', 'EDMDPMSolverMultistepScheduler'],
];
const typesOf = (id: SchedulerId) =>
  isFlow(id)
    ? ['flow']
    : TYPES.filter((type) => type !== 'sample' || !NO_SAMPLE.includes(SCHEDULERS[id].className));
const cases = IDS.flatMap((id) => typesOf(id).map((type) => [id, type] as const));

test.each(cases)('%s, %s: what a model says that knows the picture stands for the picture', (id, type) => {
  const scheduler = open(id, type === 'flow' ? undefined : type);
  const plan = scheduler.plan(6);
  const [one, none] = [Float32Array.of(1), Float32Array.of(0)];
  for (const i of plan.timesteps.keys()) {
    const alpha = scheduler.addNoise(plan, one, none, i)[0] as number;
    const sigma = scheduler.addNoise(plan, none, one, i)[0] as number;
    const sample = scheduler.addNoise(plan, original, noise, i);
    const found = scheduler.originalSample(plan, outputOf(type, alpha, sigma), sample, i);
    const furthest = Math.max(...found.map((x, n) => Math.abs(x - (original[n] as number))));
    expect(furthest, `evaluation ${i}`).toBeLessThan(2e-3);
  }
});

/** Samplers that end at the clean sample itself. */
const ENDING = ['ddim', 'euler', 'dpmpp-2m', 'dpmpp-2m-karras'] as const satisfies SchedulerId[];

test.each(ENDING)('%s: the last step goes to it', (id) => {
  const scheduler = open(id, 'epsilon');
  const plan = scheduler.plan(6);
  const last = plan.timesteps.length - 1;
  const sample = scheduler.addNoise(plan, original, noise, last);
  const output = noise.map((e) => e * 0.7);
  const end = scheduler.start(plan, new TorchRandom(0), { eta: 0 }).step(output, sample, last);
  const found = scheduler.originalSample(plan, output, sample, last);
  for (const [n, x] of end.entries()) expect(found[n]).toBeCloseTo(x, 4);
});
