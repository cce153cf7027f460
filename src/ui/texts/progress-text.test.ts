import { describe, expect, test } from 'vitest';
import { AppError } from '../../protocol/errors.ts';
import type { GenerationProgress } from '../../protocol/generation.ts';
import { requestWith } from '../../protocol/samples/sample-request.ts';
import type { Generation } from '../../state/jobs/generation-store.ts';
import { progressOf } from '../../state/jobs/progress.ts';
import type { Run } from '../../state/jobs/run.ts';
import { en } from './en.ts';
import { announcement, progressText, secondsText } from './progress-text.ts';

const texts = en.progress;
const textAndProgress = (generation: Generation) => ({
  text: progressText(texts, generation),
  done: progressOf(generation),
});

const REQUEST = requestWith({ prompt: 'a rocket', numInferenceSteps: 8, seed: 5 });

const RUN: Run = {
  id: 1,
  origin: { kind: 'create' },
  request: REQUEST,
  pictures: [{ seed: 5, texts: null, preview: null, frames: [], png: null, stopped: null, url: null }],
  pass: 1,
  step: 8,
  unknownScheduler: null,
  tagNotes: [],
  loraNotes: [],
  device: null,
  result: { seconds: 4.24 },
};

const state = (change: Partial<Generation>): Generation => ({
  phase: 'running',
  request: REQUEST,
  progress: null,
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
  ...change,
});

const denoise = (step: number, image = 0): GenerationProgress => ({
  stage: 'denoise',
  pass: 1,
  image,
  step,
  steps: 8,
  secondsLeft: 3.2,
  preview: {} as ImageBitmap,
});

describe('progress', () => {
  test.each([
    [{ stage: 'download', loadedBytes: 12.4e6, totalBytes: 24e6 }, 'Loading Trinket… 12 of 24 MB', 12.4 / 24],
    [{ stage: 'download', loadedBytes: 0, totalBytes: 0 }, 'Loading Trinket… 0 of 0 MB', null],
    [
      { stage: 'load', component: { kind: 'textEncoder', number: 1 }, fraction: null },
      'Preparing Trinket: text encoder…',
      null,
    ],
    [
      { stage: 'load', component: { kind: 'textEncoder', number: 2 }, fraction: null },
      'Preparing Trinket: text encoder 2…',
      null,
    ],
    [
      { stage: 'load', component: { kind: 'vae', number: 1 }, fraction: null },
      'Preparing Trinket: VAE…',
      null,
    ],
    [
      { stage: 'load', component: { kind: 'denoiser', number: 1 }, fraction: 0.348 },
      'Preparing Trinket: U-Net… 34%',
      null,
    ],
    [denoise(2), 'step 2 of 8 · 4 s left', 0.25],
    [{ ...denoise(8), secondsLeft: 0 } as GenerationProgress, 'step 8 of 8', 1],
    [{ stage: 'decode', image: 0 }, 'decoding…', 1],
  ] as const satisfies readonly (readonly [
    GenerationProgress,
    string,
    number | null,
  ])[])('%o', (progress, text, done) => {
    expect(textAndProgress(state({ progress }))).toEqual({ text, done });
  });

  test('several pictures are counted together', () => {
    const request = { ...REQUEST, numImages: 4 };
    expect(textAndProgress(state({ request, progress: denoise(4, 2) }))).toEqual({
      text: 'Picture 3 of 4: step 4 of 8 · 4 s left',
      done: 0.625,
    });
  });

  test('the second pass goes on where the first ended, at the price of its pixels', () => {
    const hires = { scale: 2, upscaler: 'latent', strength: 0.5, steps: 4 } as const;
    const request = { ...REQUEST, numImages: 2, hires };
    const seen = (progress: GenerationProgress) => textAndProgress(state({ request, progress }));
    // Twice 8 steps, then twice 4 of four times the pixels.
    expect(seen(denoise(8, 1)).done).toBeCloseTo(16 / 48);
    expect(seen({ stage: 'hires', image: 1 })).toEqual({
      text: 'Picture 2 of 2: enlarging…',
      done: 16 / 48,
    });
    const second = { ...denoise(1, 1), pass: 2, step: 3, steps: 4 } as GenerationProgress;
    expect(seen(second).text).toBe('Picture 2 of 2, Hires: step 3 of 4 · 4 s left');
    expect(seen(second).done).toBeCloseTo((16 + 16 + 12) / 48);
    expect(textAndProgress(state({ request: { ...REQUEST, hires }, progress: second })).text).toBe(
      'Hires: step 3 of 4 · 4 s left',
    );
    expect(seen({ stage: 'decode', image: 1 }).done).toBe(1);
  });

  test('stopping is shown at once', () => {
    expect(progressText(texts, state({ phase: 'stopping', progress: denoise(3) }))).toBe(
      'Stopping after this step…',
    );
  });
});

test('a screen reader is told the start, each quarter and the end, and nothing in between', () => {
  const heard = [announcement(texts, state({}))];
  for (let step = 1; step <= 8; step++) heard.push(announcement(texts, state({ progress: denoise(step) })));
  heard.push(announcement(texts, state({ phase: 'done', run: RUN })));
  expect(heard.filter((words, i) => words !== heard[i - 1])).toEqual([
    'Generating.',
    '25 percent.',
    '50 percent.',
    '75 percent.',
    'Finishing.',
    'Done in 4.2 s. Seed 5.',
  ]);
});

test('a stop is announced as one, even while pictures of the last run are still shown', () => {
  expect(announcement(texts, state({ phase: 'done', run: { ...RUN, result: null } }))).toBe('Stopped.');
  expect(announcement(texts, state({ phase: 'done', request: { ...REQUEST, seed: 6 }, run: RUN }))).toBe(
    'Stopped.',
  );
});

test.each([
  [0, '0.0 s'],
  [9.94, '9.9 s'],
  [9.97, '10 s'],
  [59.4, '59 s'],
  [59.6, '1 min 0 s'],
  [125, '2 min 5 s'],
])('%f seconds are %s', (seconds, text) => {
  expect(secondsText(texts, seconds)).toBe(text);
});

test('a stop waits for a step only where one is running', () => {
  const loading = { stage: 'load', component: { kind: 'vae', number: 1 }, fraction: null } as const;
  const step = {
    stage: 'denoise',
    image: 0,
    pass: 1,
    step: 1,
    steps: 2,
    secondsLeft: 1,
  } as GenerationProgress;
  const said = [
    null,
    loading,
    { stage: 'encode' } as const,
    step,
    { stage: 'decode', image: 0 } as const,
  ].map((progress) => progressText(en.progress, state({ phase: 'stopping', progress })));
  expect(said).toEqual(['Stopping…', 'Stopping…', 'Stopping…', 'Stopping after this step…', 'Stopping…']);
});
