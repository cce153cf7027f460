import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { AppError } from '../../protocol/errors.ts';
import type { GenerationProgress, GenerationRequest } from '../../protocol/generation.ts';
import { INIT_IMAGE_DEFAULTS } from '../../protocol/init-image.ts';
import { ownName } from '../../protocol/root.ts';
import { requestWith } from '../../protocol/samples/sample-request.ts';
import type { Generation } from './generation-store.ts';
import type { Job } from './queue-store.ts';
import type { Run } from './run.ts';
import { createSpeedStore, expectedSeconds, followSpeed, secondsLeft } from './speed-store.ts';

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

/** A store that measured a 64 × 100 picture of ten steps at eight seconds. */
function measured() {
  const { getState } = createSpeedStore(storage());
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
] as const)('the time of a request with %o is unknown', (change) => {
  expect(expectedSeconds(measured(), { ...REQUEST, ...change })).toBeNull();
});

test('the time left is the rest of the running job and all jobs that may run after it', () => {
  const speeds = measured();
  const waiting = [job(REQUEST), job({ ...REQUEST, width: 128 }), job(REQUEST, true)];
  const idle = { progress: null };
  expect(secondsLeft({ running: null, waiting }, idle, speeds)).toBeCloseTo(24, 10);
  expect(secondsLeft({ running: job(REQUEST), waiting }, idle, speeds)).toBeCloseTo(32, 10);
  const progress = { stage: 'denoise', secondsLeft: 1.5 } as GenerationProgress;
  expect(secondsLeft({ running: job(REQUEST), waiting }, { progress }, speeds)).toBeCloseTo(25.5, 10);
  expect(secondsLeft({ running: null, waiting: [] }, idle, speeds)).toBe(0);
});

test('the time left is unknown where one job’s time is', () => {
  const unknown = { ...REQUEST, model: 'other/model' };
  const waiting = [job(REQUEST), job(unknown)];
  expect(secondsLeft({ running: null, waiting }, { progress: null }, measured())).toBeNull();
  expect(
    secondsLeft({ running: null, waiting: [job(REQUEST)] }, { progress: null }, { measured: {} }),
  ).toBeNull();
});

test('a run is measured from its first step on, and the result stored', () => {
  const kept = new Map<string, string>();
  const speeds = createSpeedStore(storage(kept));
  let now = 0;
  const run: Run = {
    id: 1,
    origin: { kind: 'create' },
    request: REQUEST,
    pictures: [],
    pass: 1,
    step: 1,
    unknownScheduler: null,
    tagNotes: [],
    loraNotes: [],
    device: null,
    result: null,
  };
  const generation = createStore<Generation>(() => ({
    phase: 'running',
    request: REQUEST,
    progress: { stage: 'encode' },
    run: null,
    error: null,
    plan: null,
    device: null,
    generate: async () => new AppError('bug', 'Not called.'),
    stop: () => {},
    show: () => {},
    dismissError: () => {},
    stopped: null,
    isKeeping: false,
    forgetStopped: () => {},
    keep: async () => {},
  }));
  followSpeed(generation, speeds, () => now);
  // A minute of loading, then a step, then nine more in 4.5 seconds.
  now = 60;
  const progress = { stage: 'denoise', step: 1 } as GenerationProgress;
  generation.setState({ progress, run });
  now = 62;
  generation.setState({ progress, run: { ...run, step: 5 } });
  now = 64.5;
  const result = { seconds: 64.5 } as const;
  generation.setState({ phase: 'done', run: { ...run, step: 10, result } });
  expect(expectedSeconds(speeds.getState(), REQUEST)).toBeCloseTo(5, 10);
  expect(expectedSeconds(createSpeedStore(storage(kept)).getState(), REQUEST)).toBeCloseTo(5, 10);

  // The next run counts twice as much as the one before; one that was stopped does not.
  generation.setState({ phase: 'running', progress, run: { ...run, id: 2 } });
  now += 13.5;
  generation.setState({ phase: 'done', run: { ...run, id: 2, step: 10, result } });
  const both = (4.5 / 2 + 13.5) / (0.9 / 2 + 0.9);
  expect(expectedSeconds(speeds.getState(), REQUEST)).toBeCloseTo(both, 10);
  generation.setState({ phase: 'running', progress, run: { ...run, id: 3 } });
  now += 500;
  generation.setState({ phase: 'done', run: { ...run, id: 3, step: 2 } });
  expect(expectedSeconds(speeds.getState(), REQUEST)).toBeCloseTo(both, 10);

  // Of one step there is nothing after it: the run as a whole.
  const quick = { ...REQUEST, model: 'other/turbo', numInferenceSteps: 1 };
  generation.setState({ phase: 'running', progress, run: { ...run, id: 4, request: quick } });
  generation.setState({ phase: 'done', run: { ...run, id: 4, request: quick, step: 1, result } });
  expect(expectedSeconds(speeds.getState(), quick)).toBeCloseTo(64.5, 10);
});

test('a short run, mostly decoding, hardly changes what a long one measured', () => {
  const { getState } = createSpeedStore(storage());
  getState().note(REQUEST, 80, 640_000);
  getState().note(REQUEST, 8, 6_400);
  expect(expectedSeconds(getState(), REQUEST)).toBeLessThan(1.25 * 8);
});

test('stored values that make no sense are ignored', () => {
  const state = { measured: { 'trinket  auto': { seconds: -1, pixelSteps: 5 }, a: 'fast' } };
  const kept = new Map([[ownName('speed'), JSON.stringify({ state, version: 1 })]]);
  const { getState } = createSpeedStore(storage(kept));
  expect(expectedSeconds(getState(), REQUEST)).toBeNull();
});
