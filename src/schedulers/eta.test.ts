import { expect, test } from 'vitest';
import { SCHEDULERS, type SchedulerId } from '../catalog/schedulers.ts';
import { TorchRandom } from '../numerics/random.ts';
import { createScheduler } from './index.ts';

/** Where a run of four steps ends. */
function runWith(id: SchedulerId, eta: number): Float32Array {
  const { className, config } = SCHEDULERS[id];
  const scheduler = createScheduler(className, config);
  const plan = scheduler.plan(4);
  const random = new TorchRandom(0);
  let sample = random.randn([16]).data;
  const stepper = scheduler.start(plan, random, { eta });
  for (const i of plan.timesteps.keys())
    sample = stepper.step(
      stepper.scaleModelInput(sample, i).map((x) => x / 3),
      sample,
      i,
    );
  return sample;
}

test.each(
  Object.keys(SCHEDULERS) as SchedulerId[],
)('%s: eta changes the picture exactly if the catalogue says that it is read', (id) => {
  const [without, half] = [runWith(id, 0), runWith(id, 0.5)];
  expect(without.every(Number.isFinite)).toBe(true);
  expect(half.some((value, i) => value !== without[i])).toBe('readsEta' in SCHEDULERS[id]);
});
