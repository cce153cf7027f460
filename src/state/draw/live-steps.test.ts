import { expect, test } from 'vitest';
import { UNKNOWN_MODEL } from '../../catalog/models.ts';
import { type LiveModel, liveSteps } from './live-steps.ts';

const model = (change: Partial<LiveModel> = {}): LiveModel => ({
  id: 'someone/some-model',
  ...UNKNOWN_MODEL,
  loras: [],
  form: { numInferenceSteps: 25, guidanceScale: 7.5, scheduler: 'dpmpp-2m-karras', eta: 0 },
  ...change,
});
/** As diffusers' image to image counts them: `min(int(num_inference_steps * strength), num_inference_steps)`. */
const run = (steps: number, strength: number) => Math.min(Math.floor(steps * strength), steps);
const STRENGTHS = Array.from({ length: 19 }, (_, i) => Number((0.1 + 0.05 * i).toFixed(2)));

test.each(STRENGTHS)('Trinket runs four steps at strength %d', (strength) => {
  const trinket = model({ id: 'trinket', defaults: { ...UNKNOWN_MODEL.defaults, scheduler: 'ddim' } });
  const { numInferenceSteps = 0, ...others } = liveSteps(trinket, strength) ?? {};
  expect(run(numInferenceSteps, strength)).toBe(4);
  expect(others).toEqual({ guidanceScale: 2, scheduler: 'ddim', eta: 0 });
});

test.each(
  STRENGTHS,
)('of distilled weights one step is left at strength %d, whatever they are', (strength) => {
  const turbo = {
    ...UNKNOWN_MODEL.defaults,
    numInferenceSteps: 2,
    guidanceScale: 0,
    scheduler: 'euler',
  } as const;
  for (const one of [
    model({ id: 'stabilityai/sd-turbo', kind: 'turbo', defaults: turbo }),
    model({ id: 'ByteDance/SDXL-Lightning/sdxl_lightning_4step.safetensors' }),
    model({ loras: ['pixel-art', 'Hyper-SD15-4steps-lora'] }),
  ]) {
    const { numInferenceSteps = 0 } = liveSteps(one, strength) ?? {};
    expect(run(numInferenceSteps, strength), one.id).toBeGreaterThan(0);
  }
});

test('what is known of a LoRA, a file or a kind decides', () => {
  expect(liveSteps(model({ loras: ['lcm-lora-sdv1-5'] }), 0.5)).toMatchObject({
    scheduler: 'lcm',
    numInferenceSteps: 8,
  });
  expect(
    liveSteps(model({ id: 'ByteDance/SDXL-Lightning/sdxl_lightning_4step.safetensors' }), 0.5),
  ).toMatchObject({ scheduler: 'euler-trailing', numInferenceSteps: 4, guidanceScale: 0 });
  const defaults = {
    ...UNKNOWN_MODEL.defaults,
    numInferenceSteps: 2,
    guidanceScale: 0,
    scheduler: 'euler',
  } as const;
  expect(liveSteps(model({ kind: 'turbo', defaults }), 0.5)).toMatchObject({
    scheduler: 'euler',
    numInferenceSteps: 2,
  });
});

test('a form that is set to few steps is followed, and a model that needs many follows no pen', () => {
  const form = { numInferenceSteps: 6, guidanceScale: 2, scheduler: 'dpmpp-2m-sde-karras', eta: 0 } as const;
  expect(liveSteps(model({ form }), 0.5)).toEqual(form);
  expect(liveSteps(model(), 0.5)).toBeNull();
});
