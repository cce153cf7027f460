import { expect, test } from 'vitest';
import type { ControlLayer } from '../../protocol/control.ts';
import { AppError } from '../../protocol/errors.ts';
import type { GenerationProgress } from '../../protocol/generation.ts';
import { requestWith } from '../../protocol/samples/sample-request.ts';
import type { Generation } from '../../state/jobs/generation-store.ts';
import type { FailedJob, Job } from '../../state/jobs/queue-store.ts';
import type { Run } from '../../state/jobs/run.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { doneText, jobFacts, jobName, lineText, queueNews, titleText } from './queue-text.ts';

const REQUEST = requestWith({ prompt: 'a rocket', numInferenceSteps: 8 });

const job = (isHeld = false): Job => ({ id: 'x', request: REQUEST, origin: { kind: 'create' }, isHeld });
const failure: FailedJob = { ...job(), error: new AppError('bug', 'x') };
const lists = (running: number, ready: number, held = 0, failed = 0) => ({
  running: running > 0 ? job() : null,
  waiting: [...Array.from({ length: ready }, () => job()), ...Array.from({ length: held }, () => job(true))],
  failed: Array.from({ length: failed }, () => failure),
});

test.each([
  [lists(1, 2), 40, '2 waiting · about 40 s left'],
  [lists(1, 2), null, '2 waiting'],
  [lists(1, 1, 0, 1), 600, '1 waiting · about 10 min left · 1 failed'],
  [lists(0, 0, 3), 0, '3 from your last visit'],
  [lists(0, 0, 0, 2), 0, '2 failed'],
  [lists(1, 0), 5, 'None waiting'],
  [lists(0, 0), 0, 'The queue is empty'],
] as const)('the line %#', (queue, seconds, text) => {
  expect(lineText(en.queue, queue, seconds)).toBe(text);
});

test('the queue’s line in German', () => {
  expect(lineText(de.queue, lists(1, 1, 2, 1), 40)).toBe(
    '1 wartet · noch etwa 40 s · 2 vom letzten Besuch · 1 fehlgeschlagen',
  );
  expect(lineText(de.queue, lists(1, 2), null)).toBe('2 warten');
  expect(queueNews(de.queue, { ...lists(1, 2), movedTo: 1 })).toBe('An Platz 2 von 2 verschoben.');
});

test('a job is named by its prompt and described by its settings', () => {
  expect(jobFacts(en.queue, REQUEST)).toBe('96 × 64 · 8 steps · seed 0');
  expect(jobFacts(en.queue, { ...REQUEST, numInferenceSteps: 1, numImages: 4 })).toBe(
    '96 × 64 · 1 step · seed 0 · 4 pictures',
  );
  const layer: ControlLayer = {
    ...{ model: 'c', map: new Blob(), preprocessor: 'none', controlMode: null, scale: 1, start: 0, end: 1 },
    isGuess: false,
  };
  const prompt = { adapter: 'i', pictures: [new Blob()], scale: 1, parts: 'all' } as const;
  const steered = { ...REQUEST, controls: [layer, layer], picturePrompts: [prompt] };
  expect(jobFacts(en.queue, steered)).toBe(
    '96 × 64 · 8 steps · seed 0 · 2 control layers · 1 picture prompt',
  );
  expect(jobFacts(de.queue, steered)).toContain('2 Kontrollebenen · 1 Bild-Prompt');
  expect(jobName(en.queue, REQUEST)).toBe('a rocket');
  expect(jobName(en.queue, { ...REQUEST, prompt: ' \n' })).toBe('the picture of seed 0');
  expect(jobName(en.queue, { ...REQUEST, prompt: 'word\n'.repeat(50) })).toHaveLength(60);
});

test('a screen reader is told what waits, what failed and where a job was moved', () => {
  expect(queueNews(en.queue, { ...lists(1, 2), movedTo: null })).toBe('2 waiting.');
  expect(queueNews(en.queue, { ...lists(1, 2), movedTo: 0 })).toBe('Moved to place 1 of 2.');
  expect(queueNews(en.queue, { ...lists(1, 1, 0, 2), movedTo: null })).toBe('1 waiting. 2 failed.');
  expect(queueNews(en.queue, { ...lists(1, 0), movedTo: null })).toBe('');
});

const generation = (change: Partial<Generation>): Generation => ({
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

test('the title shows progress, and in the end the result', () => {
  const denoise = {
    stage: 'denoise',
    image: 0,
    pass: 1,
    step: 5,
    steps: 8,
    secondsLeft: 1,
  } as GenerationProgress;
  const result = { seconds: 1 } as const;
  const finished = { request: REQUEST, result } as Run;
  const at = lists(1, 0);
  const still = lists(0, 0);
  expect(titleText(en.queue, generation({ progress: denoise }), at)).toBe('62% · Safelight');
  expect(titleText(en.queue, generation({}), at)).toBe('Painting · Safelight');
  expect(titleText(en.queue, generation({ phase: 'done', run: finished }), still)).toBe('Done · Safelight');
  expect(titleText(en.queue, generation({ phase: 'done', run: finished }), at), 'between two').not.toContain(
    'Done',
  );
  expect(titleText(en.queue, generation({ phase: 'failed' }), still)).toBe('Failed · Safelight');
  expect(titleText(en.queue, generation({ phase: 'done' }), still), 'stopped').toBeNull();
  expect(titleText(en.queue, generation({ phase: 'idle' }), still)).toBeNull();
});

test('the notification says how many jobs are done or failed', () => {
  const queue = (ended: number, failed = 0) => ({ ...lists(0, 0, 0, failed), ended });
  expect(doneText(en.queue, { phase: 'done' }, queue(1))).toBe('Your picture is done.');
  expect(doneText(en.queue, { phase: 'done' }, queue(3))).toBe('All 3 jobs are done.');
  expect(doneText(en.queue, { phase: 'failed' }, queue(1))).toBe('One job failed.');
  expect(doneText(en.queue, { phase: 'done' }, queue(4, 2))).toBe('2 jobs failed.');
});
