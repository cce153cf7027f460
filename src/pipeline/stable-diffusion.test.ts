import { openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { worstDifference } from '../image/golden/rgb.ts';
import type { Picture } from '../image/picture.ts';
import { type ModelChanges, tinyModel } from '../loaders/golden/tiny-model.ts';
import { loadModel } from '../loaders/load-model.ts';
import { repositorySource } from '../loaders/model-source.ts';
import { REQUEST_DEFAULTS } from '../protocol/generation.ts';
import { Runtime } from '../runtime/runtime.ts';
import golden from './golden/runs.json' with { type: 'json' };
import { type GoldenRequest, picturesOf, runPipeline, toRequest } from './golden/runs.ts';
import type { PipelineRequest } from './pipeline-request.ts';
import { stableDiffusion } from './stable-diffusion.ts';

const read = (path: string) => openAsBlob(join(import.meta.dirname, '../..', path));
const runtime = await Runtime.open('wasm');
const open = (changes?: ModelChanges) =>
  loadModel(repositorySource(tinyModel(read, changes)), runtime, () => {});
const model = await open();
const runs = golden.runs as readonly GoldenRun[];

const REQUEST: PipelineRequest = {
  prompt: 'a red apple',
  negativePrompt: '',
  width: 64,
  height: 64,
  numInferenceSteps: 4,
  guidanceScale: 3,
  seed: 5,
  numImages: 1,
  scheduler: 'ddim',
  filmstrip: false,
  ...REQUEST_DEFAULTS,
};

const run = (request: Partial<PipelineRequest>, of = model) => runPipeline(of, { ...REQUEST, ...request });

/** A run of golden/pipeline.py. */
type GoldenRun = GoldenRequest & ModelChanges;

describe('the picture is diffusers’, within 2 of 255 at every pixel', () => {
  test.each(
    runs.map((request, i) => [request.scheduler, `${request.width}×${request.height}`, i] as const),
  )('%s %s', async (_, __, i) => {
    const golden = runs[i] as GoldenRun;
    const parts = await open(golden);
    const { embedding } = golden;
    const embeddings = embedding ? [{ token: 'mystyle', file: await read(embedding) }] : [];
    const [picture] = picturesOf(await run(toRequest(golden, embeddings), parts));
    await parts.release();
    expect([picture?.width, picture?.height]).toEqual([golden.width, golden.height]);
    const expected = readFileSync(join(import.meta.dirname, 'golden', `${i}.rgb`));
    expect(worstDifference(picture as Picture, expected)).toBeLessThanOrEqual(2);
  });
});

test('image i of a batch is the picture of seed + i alone, and no other', async () => {
  const batch = picturesOf(await run({ numImages: 3, seed: 0 }));
  const alone = picturesOf(await run({ seed: 2 }));
  expect(batch[2]).toEqual(alone[0]);
  expect(batch[0]?.rgba).not.toEqual(batch[1]?.rgba);
});

test('every step has a preview of its own; a filmstrip has eight frames', async () => {
  const events = await run({ numInferenceSteps: 16, filmstrip: true });
  const previews = events.flatMap((event) => (event.stage === 'denoise' ? [event] : []));
  expect(previews.map(({ step }) => step)).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
  expect(new Set(previews.map(({ preview }) => preview.rgba.join())).size).toBe(16);
  const frames = events.flatMap((event) => (event.stage === 'frame' ? [event.step] : []));
  expect(frames).toEqual([2, 4, 6, 8, 10, 12, 14, 16]);
});

test('a sampler that evaluates the model twice per step reports steps, not evaluations', async () => {
  const events = await run({ numInferenceSteps: 3, scheduler: 'heun' });
  const seen = events.flatMap((event) => (event.stage === 'denoise' ? [event] : []));
  expect(seen.map(({ step, steps }) => [step, steps])).toEqual([1, 1, 2, 2, 3].map((step) => [step, 3]));
  expect(seen.map(({ evaluation, evaluations }) => [evaluation, evaluations])).toEqual(
    [1, 2, 3, 4, 5].map((evaluation) => [evaluation, 5]),
  );
});

test('a repository whose own sampler is unknown is sampled as requested, and the run says so', async () => {
  const index = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../e2e/tiny-model/model_index.json'), 'utf8'),
  );
  const files = tinyModel(read);
  const parts = await loadModel(
    repositorySource({
      ...files,
      json: async (path) =>
        path === 'model_index.json'
          ? { ...index, scheduler: ['diffusers', 'FutureScheduler'] }
          : files.json(path),
    }),
    runtime,
    () => {},
  );
  const events = await run({}, parts);
  await parts.release();
  expect(events[0]).toEqual({ stage: 'substitute', asked: 'FutureScheduler' });
  expect(picturesOf(events)).toEqual(picturesOf(await run({})));
});

test('an abort ends the run before the next step', async () => {
  const controller = new AbortController();
  const steps: number[] = [];
  const running = stableDiffusion(
    model,
    { ...REQUEST, numInferenceSteps: 10 },
    async (event) => {
      if (event.stage !== 'denoise') return;
      steps.push(event.step);
      if (event.step === 3) controller.abort();
    },
    controller.signal,
  );
  await expect(running).rejects.toThrow(/abort/i);
  expect(steps).toEqual([1, 2, 3]);
});

test('with a guidance scale of 1 or less the negative prompt makes no difference', async () => {
  const [with0, with1] = [
    await run({ guidanceScale: 0, negativePrompt: 'blurry' }),
    await run({ guidanceScale: 1 }),
  ];
  expect(picturesOf(with0)).toEqual(picturesOf(with1));
});
