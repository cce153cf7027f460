import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { PreparedInitImage } from '../image/prepare-init-image.ts';
import type { Model } from '../loaders/loader.ts';
import { readPictureSettings } from '../metadata/read-picture-settings.ts';
import type { PipelineEvent } from '../pipeline/events.ts';
import type { KeptImage } from '../protocol/generation.ts';
import { requestWith } from '../protocol/samples/sample-request.ts';
import { stubCanvas } from './samples/stub-canvas.ts';
import { createUnfinished } from './unfinished.ts';

const REQUEST = requestWith({ width: 64, height: 64, numInferenceSteps: 20, numImages: 3, seed: 5 });
const { signal } = new AbortController();

beforeEach(stubCanvas);
afterEach(() => vi.unstubAllGlobals());

/** A VAE of 8 × 8 latents that shows how large the first of them is. */
const decode = vi.fn(async ({ data }: { data: Float32Array }) =>
  new Float32Array(3 * 64 * 64).fill(data[0] as number),
);
const model = { vae: { pixelsPerLatent: 8, decode } } as unknown as Model;

const denoise = (image: number, step: number, value: number, pass: 1 | 2 = 1) =>
  ({
    ...{ stage: 'denoise', image, pass, step, steps: 20, evaluation: step, evaluations: 20, isTiled: false },
    estimate: () => ({ shape: [1, 4, 8, 8], data: new Float32Array(4 * 64).fill(value) }),
  }) as unknown as PipelineEvent;

async function kept(unfinished: ReturnType<typeof createUnfinished>): Promise<KeptImage[]> {
  const all: KeptImage[] = [];
  await unfinished.keep((one) => all.push(one), signal);
  return all;
}

test('what was begun is kept as it was at its last step, and says how far it was; what is finished is not', async () => {
  const unfinished = createUnfinished();
  unfinished.begin({ model, request: REQUEST, initImage: null, first: 0 });
  for (const event of [denoise(0, 20, 0.1), { stage: 'image', image: 0 } as PipelineEvent])
    unfinished.note(event);
  for (const event of [denoise(1, 6, 0.5), denoise(1, 7, 1)]) unfinished.note(event);
  unfinished.stop();
  const all = await kept(unfinished);
  expect(all).toMatchObject([
    { image: 1, picture: { seed: 6, width: 64, height: 64 }, stopped: { pass: 1, step: 7, steps: 20 } },
  ]);
  expect(decode.mock.calls.at(-1)?.[0].data[0]).toBe(1);
  const png = all[0]?.picture.png as Blob;
  expect(await readPictureSettings(png)).toMatchObject({
    tool: 'Safelight',
    settings: { numInferenceSteps: 20, seed: 6 },
    notes: [{ kind: 'stopped', pass: 1, step: 7, steps: 20 }],
  });
  expect(await kept(unfinished), 'once').toEqual([]);
});

test('what a stopped run had begun outlives a later run with the same weights, until that one is stopped too', async () => {
  const unfinished = createUnfinished();
  const begin = (request = REQUEST, of = model) =>
    unfinished.begin({ model: of, request, initImage: null, first: 0 });
  const stopAt = (step: number) => {
    begin();
    unfinished.note(denoise(0, step, 1));
    unfinished.stop();
  };
  const steps = async () => (await kept(unfinished)).map(({ stopped }) => stopped.step);
  stopAt(3);
  begin();
  unfinished.note(denoise(0, 20, 1));
  unfinished.note({ stage: 'image', image: 0 } as PipelineEvent);
  expect(await steps()).toEqual([3]);
  stopAt(4);
  stopAt(5);
  expect(await steps()).toEqual([5]);
  stopAt(6);
  begin();
  unfinished.stop();
  expect(await steps(), 'one that had begun nothing takes no place').toEqual([6]);
  for (const [request, of] of [
    [{ ...REQUEST, bits: 8 as const }, model],
    [REQUEST, { ...model }],
  ] as const) {
    stopAt(7);
    begin(request, of as typeof model);
    expect(await steps()).toEqual([]);
  }
  stopAt(8);
  unfinished.forget();
  expect(await steps()).toEqual([]);
});

test('what the mask keeps is put back, but not into a first pass of another size', async () => {
  const restoreUnmasked = vi.fn(async () => ({
    width: 64,
    height: 64,
    rgba: new Uint8ClampedArray(64 ** 2 * 4),
  }));
  const initImage = { restoreUnmasked } as unknown as PreparedInitImage;
  const unfinished = createUnfinished();
  const hires = { upscaler: 'latent', scale: 2, strength: 0.5, steps: 20 } as const;
  unfinished.begin({ model, request: { ...REQUEST, hires }, initImage, first: 0 });
  unfinished.note(denoise(0, 3, 1));
  unfinished.stop();
  await kept(unfinished);
  expect(restoreUnmasked).not.toHaveBeenCalled();
  unfinished.begin({ model, request: { ...REQUEST, hires }, initImage, first: 0 });
  unfinished.note(denoise(0, 3, 1, 2));
  unfinished.stop();
  await kept(unfinished);
  expect(restoreUnmasked).toHaveBeenCalledOnce();
});
