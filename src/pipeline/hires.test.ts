import { openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromRgb, worstDifference } from '../image/golden/rgb.ts';
import { type Picture, toGrey } from '../image/picture.ts';
import type { InitImage } from '../image/prepare-init-image.ts';
import { tinyModel } from '../loaders/golden/tiny-model.ts';
import { loadModel } from '../loaders/load-model.ts';
import { repositorySource } from '../loaders/model-source.ts';
import { hiresSize } from '../protocol/hires.ts';
import { LARGEST_AREA, LARGEST_SIDE } from '../protocol/settings.ts';
import { Runtime } from '../runtime/runtime.ts';
import { type GoldenRequest, picturesOf, runPipeline, toRequest } from './golden/runs.ts';
import type { HiresRequest, PipelineRequest } from './pipeline-request.ts';
import { hiresSchedule } from './plan-passes.ts';
import { stableDiffusion } from './stable-diffusion.ts';

type HiresRun = GoldenRequest & { readonly hires: NonNullable<GoldenRequest['hires']> };

const FOLDER = join(import.meta.dirname, 'golden/hires');
const { runs } = JSON.parse(readFileSync(join(FOLDER, 'runs.json'), 'utf8')) as { runs: readonly HiresRun[] };
const read = (path: string) => openAsBlob(join(import.meta.dirname, '../..', path));
const runtime = await Runtime.open('wasm');
const model = await loadModel(repositorySource(tinyModel(read)), runtime, () => {});

/** The picture a run starts from, and its mask, at a size. */
function startOf(run: HiresRun, width: number, height: number): InitImage | null {
  if (run.strength === undefined) return null;
  const file = (kind: string) =>
    fromRgb(readFileSync(join(FOLDER, `${kind}-${width}x${height}.rgb`)), width, height);
  return {
    pixels: file('picture'),
    strength: run.strength,
    ...(run.mask && { mask: toGrey(file('mask')) }),
  };
}

function requestOf(run: HiresRun): PipelineRequest {
  const { width, height } = hiresSize(run, run.hires.scale);
  const hires: HiresRequest = { ...run.hires, image: run.mask ? startOf(run, width, height) : null };
  return { ...toRequest(run), image: startOf(run, run.width, run.height), hires };
}

describe('the second pass’s picture is that of diffusers’ pipelines run one after the other, within 2 of 255', () => {
  test.each(
    runs.map((run, i) => [run.scheduler, run.hires.upscaler, run.hires.scale, i] as const),
  )('%s, %s × %d', async (_, __, scale, i) => {
    const run = runs[i] as HiresRun;
    const [picture] = picturesOf(await runPipeline(model, requestOf(run)));
    expect(picture).toMatchObject(hiresSize(run, scale));
    const expected = readFileSync(join(FOLDER, `${i}.rgb`));
    expect(worstDifference(picture as Picture, expected)).toBeLessThanOrEqual(2);
  });
});

const REQUEST = requestOf(runs[0] as HiresRun);

test('image i of a batch is the picture of seed + i alone; the passes come one after the other', async () => {
  const events = await runPipeline(model, { ...REQUEST, numImages: 2, seed: 40 });
  const [alone] = picturesOf(await runPipeline(model, { ...REQUEST, seed: 41 }));
  expect(picturesOf(events)[1]).toEqual(alone);
  const steps = events.flatMap((event) => (event.stage === 'denoise' ? [event] : []));
  expect(steps.map(({ image, pass, step, steps }) => [pass, image, step, steps])).toEqual([
    ...[0, 1].flatMap((image) => [1, 2, 3, 4, 5].map((step) => [1, image, step, 5])),
    ...[0, 1].flatMap((image) => [1, 2, 3, 4].map((step) => [2, image, step, 4])),
  ]);
  expect(steps.map(({ preview }) => preview.width)).toEqual([...Array(10).fill(6), ...Array(8).fill(9)]);
});

test('with resized latents, too, the second pass keeps what the mask keeps', async () => {
  const run = runs.at(-1) as HiresRun;
  const masked = requestOf({ ...run, hires: { ...run.hires, upscaler: 'latent' } });
  const [picture] = picturesOf(await runPipeline(model, masked));
  const [whole] = picturesOf(
    await runPipeline(model, { ...masked, hires: { ...(masked.hires as HiresRequest), image: null } }),
  );
  expect(picture).toMatchObject({ width: 96, height: 128 });
  const corner = ({ rgba }: Picture) => rgba.slice(0, 12).join();
  expect(corner(picture as Picture)).not.toBe(corner(whole as Picture));
});

test('an abort in the second pass ends the run before the next step', async () => {
  const controller = new AbortController();
  const seen: string[] = [];
  const running = stableDiffusion(
    model,
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

test('the second pass has the steps that were asked for, and none of them is noisier than the strength allows', () => {
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

const side = fc.integer({ min: 8, max: 256 }).map((eighth) => eighth * 8);

test('sizes are A1111’s: rounded down to multiples of 8, as large as the area allows', () => {
  expect(hiresSize({ width: 512, height: 768 }, 1.5)).toEqual({ width: 768, height: 1152 });
  // int(896 · 1.3) // 8 · 8 in Python, and so on.
  expect(hiresSize({ width: 896, height: 1152 }, 1.3)).toEqual({ width: 1160, height: 1496 });
  expect(hiresSize({ width: 640, height: 128 }, 1.15)).toEqual({ width: 736, height: 144 });
  // A side may be longer than a first pass' …
  expect(hiresSize({ width: 1344, height: 768 }, 2)).toEqual({ width: 2688, height: 1536 });
  // … while the area stays within 2048².
  expect(hiresSize({ width: 1024, height: 1024 }, 4)).toEqual({ width: LARGEST_SIDE, height: LARGEST_SIDE });
  fc.assert(
    fc.property(side, side, fc.double({ min: 1, max: 4, noNaN: true }), (width, height, scale) => {
      const enlarged = hiresSize({ width, height }, scale);
      expect(enlarged.width * enlarged.height).toBeLessThanOrEqual(LARGEST_AREA);
      expect([enlarged.width % 8, enlarged.height % 8]).toEqual([0, 0]);
      if (width * height * scale ** 2 <= LARGEST_AREA)
        expect(enlarged).toEqual({
          width: Math.floor(Math.floor(width * scale) / 8) * 8,
          height: Math.floor(Math.floor(height * scale) / 8) * 8,
        });
    }),
  );
});
