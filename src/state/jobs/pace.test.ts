import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { AppError } from '../../protocol/errors.ts';
import type { GenerationProgress, GenerationRequest } from '../../protocol/generation.ts';
import { INIT_IMAGE_DEFAULTS } from '../../protocol/init-image.ts';
import { requestWith } from '../../protocol/sample-request.ts';
import type { Generation, Run } from './generation.ts';
import { createPaceStore, expectedSeconds, keepPace, secondsLeft } from './pace.ts';
import type { Job } from './queue.ts';

const REQUEST = requestWith({ prompt: '', width: 64, height: 100, numInferenceSteps: 10, guidanceScale: 1 });

const job = (request: GenerationRequest, isHeld = false): Job => ({
  id: 'x',
  request,
  origin: { kind: 'create' },
  isHeld,
});

function storage(kept = new Map<string, string>()) {
  return () => ({
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  });
}

/** A pace store that measured a 64 × 100 picture of ten steps at eight seconds. */
function measured() {
  const { getState } = createPaceStore(storage());
  getState().note(REQUEST, 8, 64 * 100 * 10);
  return getState();
}

test.each([
  [{}, 8],
  [{ width: 128 }, 16],
  [{ height: 50 }, 4],
  [{ numInferenceSteps: 25 }, 20],
  [{ numImages: 3 }, 24],
  [{ guidanceScale: 7.5 }, 16],
  [{ guidanceScale: 0 }, 8],
  [{ image: { ...INIT_IMAGE_DEFAULTS, file: new Blob(), fit: 'crop', strength: 0.55 } }, 4],
  [{ seed: 99, prompt: 'something else' }, 8],
] as const)('a request with %o takes %d seconds', (change, seconds) => {
  expect(expectedSeconds(measured(), { ...REQUEST, ...change })).toBeCloseTo(seconds, 10);
});

test.each([
  { model: 'other/model' },
  { unet: 'other/unet' },
  { device: 'webgpu' },
  { bits: 8 },
] as const)('nothing is known of %o', (change) => {
  expect(expectedSeconds(measured(), { ...REQUEST, ...change })).toBeNull();
});

test('the time left is the rest of the running job and all that may run after it', () => {
  const pace = measured();
  const waiting = [job(REQUEST), job({ ...REQUEST, width: 128 }), job(REQUEST, true)];
  const idle = { progress: null };
  expect(secondsLeft({ running: null, waiting }, idle, pace)).toBeCloseTo(24, 10);
  expect(secondsLeft({ running: job(REQUEST), waiting }, idle, pace)).toBeCloseTo(32, 10);
  const progress = { stage: 'denoise', secondsLeft: 1.5 } as GenerationProgress;
  expect(secondsLeft({ running: job(REQUEST), waiting }, { progress }, pace)).toBeCloseTo(25.5, 10);
  expect(secondsLeft({ running: null, waiting: [] }, idle, pace)).toBe(0);
});

test('one job that cannot be told makes the whole unknown', () => {
  const unknown = { ...REQUEST, model: 'other/model' };
  const waiting = [job(REQUEST), job(unknown)];
  expect(secondsLeft({ running: null, waiting }, { progress: null }, measured())).toBeNull();
  expect(
    secondsLeft({ running: null, waiting: [job(REQUEST)] }, { progress: null }, { measured: {} }),
  ).toBeNull();
});

test('a run is measured from its first step on, and kept', () => {
  const kept = new Map<string, string>();
  const pace = createPaceStore(storage(kept));
  let now = 0;
  const run: Run = {
    id: 1,
    origin: { kind: 'create' },
    request: REQUEST,
    pictures: [],
    pass: 1,
    step: 1,
    unknownScheduler: null,
    result: null,
  };
  const generation = createStore<Generation>(() => ({
    phase: 'running',
    request: REQUEST,
    progress: { stage: 'encode' },
    run: null,
    error: null,
    plan: null,
    generate: async () => new AppError('bug', 'Not called.'),
    stop: () => {},
  }));
  keepPace(generation, pace, () => now);
  // A minute of loading, then a step, then nine more in 4.5 seconds.
  now = 60;
  const progress = { stage: 'denoise', step: 1 } as GenerationProgress;
  generation.setState({ progress, run });
  now = 62;
  generation.setState({ progress, run: { ...run, step: 5 } });
  now = 64.5;
  const result = { seconds: 64.5, device: 'wasm' } as const;
  generation.setState({ phase: 'done', run: { ...run, step: 10, result } });
  expect(expectedSeconds(pace.getState(), REQUEST)).toBeCloseTo(5, 10);
  expect(expectedSeconds(createPaceStore(storage(kept)).getState(), REQUEST)).toBeCloseTo(5, 10);

  // The next run counts twice as much as the one before; one that was stopped does not.
  generation.setState({ phase: 'running', progress, run: { ...run, id: 2 } });
  now += 13.5;
  generation.setState({ phase: 'done', run: { ...run, id: 2, step: 10, result } });
  const both = (4.5 / 2 + 13.5) / (0.9 / 2 + 0.9);
  expect(expectedSeconds(pace.getState(), REQUEST)).toBeCloseTo(both, 10);
  generation.setState({ phase: 'running', progress, run: { ...run, id: 3 } });
  now += 500;
  generation.setState({ phase: 'done', run: { ...run, id: 3, step: 2 } });
  expect(expectedSeconds(pace.getState(), REQUEST)).toBeCloseTo(both, 10);

  // Of one step there is nothing after it: the run as a whole.
  const quick = { ...REQUEST, model: 'other/turbo', numInferenceSteps: 1 };
  generation.setState({ phase: 'running', progress, run: { ...run, id: 4, request: quick } });
  generation.setState({ phase: 'done', run: { ...run, id: 4, request: quick, step: 1, result } });
  expect(expectedSeconds(pace.getState(), quick)).toBeCloseTo(64.5, 10);
});

test('a short run, mostly its decoding, hardly changes what a long one told', () => {
  const { getState } = createPaceStore(storage());
  getState().note(REQUEST, 80, 640_000);
  getState().note(REQUEST, 8, 6_400);
  expect(expectedSeconds(getState(), REQUEST)).toBeLessThan(1.25 * 8);
});

test('what was kept and makes no sense is not taken', () => {
  const state = { measured: { 'trinket  auto': { seconds: -1, pixelSteps: 5 }, a: 'fast' } };
  const kept = new Map([['safelight.pace', JSON.stringify({ state, version: 1 })]]);
  const { getState } = createPaceStore(storage(kept));
  expect(expectedSeconds(getState(), REQUEST)).toBeNull();
});
