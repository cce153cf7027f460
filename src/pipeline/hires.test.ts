import { openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type InitImage, toGrey } from '../image/init-image.ts';
import type { Picture } from '../image/picture.ts';
import { Components } from '../loaders/components.ts';
import { repositorySource } from '../loaders/model-source.ts';
import { enlargedSize } from '../protocol/hires.ts';
import { LARGEST_SIDE } from '../protocol/settings.ts';
import { Runtime } from '../runtime/runtime.ts';
import type { PipelineEvent } from './events.ts';
import { fromRgb, type GoldenRequest, toRequest, worstDifference } from './golden/runs.ts';
import { tinyModel } from './golden/tiny-model.ts';
import { type HiresRequest, hiresSchedule } from './hires.ts';
import type { PipelineRequest } from './request.ts';
import { stableDiffusion } from './stable-diffusion.ts';

type HiresRun = GoldenRequest & { readonly hires: NonNullable<GoldenRequest['hires']> };

const FOLDER = join(import.meta.dirname, 'golden/hires');
const { runs } = JSON.parse(readFileSync(join(FOLDER, 'runs.json'), 'utf8')) as { runs: readonly HiresRun[] };
const read = (path: string) => openAsBlob(join(import.meta.dirname, '../..', path));
const runtime = await Runtime.open('wasm');
const components = await Components.open(repositorySource(tinyModel(read)), runtime, () => {});

/** The picture that a run begins with, and the mask, at a size. */
function given(run: HiresRun, width: number, height: number): InitImage | null {
  if (run.strength === undefined) return null;
  const file = (kind: string) =>
    fromRgb(readFileSync(join(FOLDER, `${kind}-${width}x${height}.rgb`)), width, height);
  return {
    picture: file('picture'),
    strength: run.strength,
    ...(run.mask && { mask: toGrey(file('mask')) }),
  };
}

function requestOf(run: HiresRun): PipelineRequest {
  const { width, height } = enlargedSize(run, run.hires.scale);
  const hires: HiresRequest = { ...run.hires, image: run.mask ? given(run, width, height) : null };
  return { ...toRequest(run), image: given(run, run.width, run.height), hires };
}

async function runOf(request: PipelineRequest): Promise<PipelineEvent[]> {
  const events: PipelineEvent[] = [];
  const { signal } = new AbortController();
  await stableDiffusion(components, request, async (event) => void events.push(event), signal);
  return events;
}

const pictures = (events: readonly PipelineEvent[]) =>
  events.flatMap((event) => (event.stage === 'image' ? [event.picture] : []));

describe('the enlarged picture is that of diffusers’ pipelines one after the other, within 2 of 255 at every pixel', () => {
  test.each(
    runs.map((run, i) => [run.scheduler, run.hires.upscaler, run.hires.scale, i] as const),
  )('%s, %s × %d', async (_, __, scale, i) => {
    const run = runs[i] as HiresRun;
    const [picture] = pictures(await runOf(requestOf(run)));
    expect(picture).toMatchObject(enlargedSize(run, scale));
    const expected = readFileSync(join(FOLDER, `${i}.rgb`));
    expect(worstDifference(picture as Picture, expected)).toBeLessThanOrEqual(2);
  });
});

const REQUEST = requestOf(runs[0] as HiresRun);

test('image i of a batch is the image of seed + i alone; the passes come one after the other', async () => {
  const events = await runOf({ ...REQUEST, numImages: 2, seed: 40 });
  const [alone] = pictures(await runOf({ ...REQUEST, seed: 41 }));
  expect(pictures(events)[1]).toEqual(alone);
  const steps = events.flatMap((event) => (event.stage === 'denoise' ? [event] : []));
  expect(steps.map(({ image, pass, step, steps }) => [pass, image, step, steps])).toEqual([
    ...[0, 1].flatMap((image) => [1, 2, 3, 4, 5].map((step) => [1, image, step, 5])),
    ...[0, 1].flatMap((image) => [1, 2, 3, 4].map((step) => [2, image, step, 4])),
  ]);
  expect(steps.map(({ preview }) => preview.width)).toEqual([...Array(10).fill(6), ...Array(8).fill(9)]);
});

test('the latents’ way also keeps what a mask keeps, with a part painted anew', async () => {
  const run = runs.at(-1) as HiresRun;
  const masked = requestOf({ ...run, hires: { ...run.hires, upscaler: 'latent' } });
  const [picture] = pictures(await runOf(masked));
  const [whole] = pictures(
    await runOf({ ...masked, hires: { ...(masked.hires as HiresRequest), image: null } }),
  );
  expect(picture).toMatchObject({ width: 96, height: 128 });
  const corner = ({ rgba }: Picture) => rgba.slice(0, 12).join();
  expect(corner(picture as Picture)).not.toBe(corner(whole as Picture));
});

test('a stop in the second pass ends the run before the next step', async () => {
  const controller = new AbortController();
  const seen: string[] = [];
  const running = stableDiffusion(
    components,
    REQUEST,
    async (event) => {
      if (event.stage !== 'denoise') return;
      seen.push(`${event.pass}.${event.step}`);
      if (event.pass === 2 && event.step === 2) controller.abort();
    },
    controller.signal,
  );
  await expect(running).rejects.toThrow(/abort/i);
  expect(seen.slice(-2)).toEqual(['2.1', '2.2']);
});

test('so many steps are left as were asked for, and none goes further back than the strength', () => {
  const strengths = fc.integer({ min: 1, max: 100 }).map((percent) => percent / 100);
  fc.assert(
    fc.property(strengths, fc.integer({ min: 1, max: 150 }), (strength, steps) => {
      const { numInferenceSteps, left } = hiresSchedule({ scale: 2, upscaler: 'latent', strength, steps });
      expect(numInferenceSteps).toBeLessThanOrEqual(1000);
      expect(left / numInferenceSteps).toBeLessThanOrEqual(strength + 1e-9);
      expect((left + 1) / numInferenceSteps).toBeGreaterThan(strength);
      if (steps <= 1000 * strength) expect(left).toBe(steps);
    }),
  );
  const schedule = (steps: number, strength: number) =>
    hiresSchedule({ scale: 2, upscaler: 'latent', strength, steps });
  expect(schedule(1, 0.6)).toEqual({ numInferenceSteps: 2, left: 1 });
  expect(schedule(7, 0.7)).toEqual({ numInferenceSteps: 10, left: 7 });
  expect(schedule(150, 0.01)).toEqual({ numInferenceSteps: 1000, left: 10 });
});

test('sizes go in steps of 8, keep their shape, and end at the largest side', () => {
  expect(enlargedSize({ width: 512, height: 768 }, 1.5)).toEqual({ width: 768, height: 1152 });
  expect(enlargedSize({ width: 128, height: 104 }, 1.25)).toEqual({ width: 160, height: 128 });
  expect(enlargedSize({ width: 1024, height: 768 }, 4)).toEqual({ width: LARGEST_SIDE, height: 1536 });
});
