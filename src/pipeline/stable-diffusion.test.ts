import { openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Picture } from '../image/picture.ts';
import { Components } from '../loaders/components.ts';
import { repositorySource } from '../loaders/model-source.ts';
import { REQUEST_DEFAULTS } from '../protocol/generation.ts';
import { Runtime } from '../runtime/runtime.ts';
import type { PipelineEvent } from './events.ts';
import golden from './golden/runs.json' with { type: 'json' };
import { type GoldenRequest, toRequest, worstDifference } from './golden/runs.ts';
import { type ModelChanges, tinyModel } from './golden/tiny-model.ts';
import type { PipelineRequest } from './request.ts';
import { stableDiffusion } from './stable-diffusion.ts';

const read = (path: string) => openAsBlob(join(import.meta.dirname, '../..', path));
const runtime = await Runtime.open('wasm');
const open = (changes?: ModelChanges) =>
  Components.open(repositorySource(tinyModel(read, changes)), runtime, () => {});
const components = await open();
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

async function run(request: Partial<PipelineRequest>, parts = components): Promise<PipelineEvent[]> {
  const events: PipelineEvent[] = [];
  const { signal } = new AbortController();
  await stableDiffusion(parts, { ...REQUEST, ...request }, async (event) => void events.push(event), signal);
  return events;
}

/** A run of golden/pipeline.py. */
type GoldenRun = GoldenRequest & ModelChanges;

const pictures = (events: PipelineEvent[]) =>
  events.flatMap((event) => (event.stage === 'image' ? [event.picture] : []));

describe('the picture is diffusers’, within 2 of 255 at every pixel', () => {
  test.each(
    runs.map((request, i) => [request.scheduler, `${request.width}×${request.height}`, i] as const),
  )('%s %s', async (_, __, i) => {
    const golden = runs[i] as GoldenRun;
    const parts = await open(golden);
    const { embedding } = golden;
    const embeddings = embedding ? [{ token: 'mystyle', file: await read(embedding) }] : [];
    const [picture] = pictures(await run(toRequest(golden, embeddings), parts));
    await parts.release();
    expect([picture?.width, picture?.height]).toEqual([golden.width, golden.height]);
    const expected = readFileSync(join(import.meta.dirname, 'golden', `${i}.rgb`));
    expect(worstDifference(picture as Picture, expected)).toBeLessThanOrEqual(2);
  });
});

test('image i of a batch is the image of seed + i alone, and no other', async () => {
  const batch = pictures(await run({ numImages: 3, seed: 0 }));
  const alone = pictures(await run({ seed: 2 }));
  expect(batch[2]).toEqual(alone[0]);
  expect(batch[0]?.rgba).not.toEqual(batch[1]?.rgba);
});

test('a preview at every step, each another; eight frames of a filmstrip', async () => {
  const events = await run({ numInferenceSteps: 16, filmstrip: true });
  const previews = events.flatMap((event) => (event.stage === 'denoise' ? [event] : []));
  expect(previews.map(({ step }) => step)).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
  expect(new Set(previews.map(({ preview }) => preview.rgba.join())).size).toBe(16);
  const frames = events.flatMap((event) => (event.stage === 'frame' ? [event.step] : []));
  expect(frames).toEqual([2, 4, 6, 8, 10, 12, 14, 16]);
});

test('a sampler that looks twice counts its steps, not its looks', async () => {
  const events = await run({ numInferenceSteps: 3, scheduler: 'heun' });
  const seen = events.flatMap((event) => (event.stage === 'denoise' ? [event] : []));
  expect(seen.map(({ step, steps }) => [step, steps])).toEqual([1, 1, 2, 2, 3].map((step) => [step, 3]));
  expect(seen.map(({ evaluation, evaluations }) => [evaluation, evaluations])).toEqual(
    [1, 2, 3, 4, 5].map((evaluation) => [evaluation, 5]),
  );
});

test('a repository whose own sampler nobody knows says so, and is sampled as asked', async () => {
  const index = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../e2e/tiny-model/model_index.json'), 'utf8'),
  );
  const files = tinyModel(read);
  const parts = await Components.open(
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
  expect(pictures(events)).toEqual(pictures(await run({})));
});

test('an abort ends the run before the next step', async () => {
  const controller = new AbortController();
  const steps: number[] = [];
  const running = stableDiffusion(
    components,
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

test('guidance of 1 or less asks nothing of the negative prompt', async () => {
  const [with0, with1] = [
    await run({ guidanceScale: 0, negativePrompt: 'blurry' }),
    await run({ guidanceScale: 1 }),
  ];
  expect(pictures(with0)).toEqual(pictures(with1));
});
