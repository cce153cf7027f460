import { expect, test, vi } from 'vitest';
import type { Caller } from '../../client/caller.ts';
import type { MemoryPlan } from '../../protocol/device.ts';
import { AppError } from '../../protocol/errors.ts';
import type { GenerationProgress, GenerationRequest } from '../../protocol/generation.ts';
import { requestWith } from '../../protocol/samples/sample-request.ts';
import { createGenerationStore } from './generation-store.ts';

const REQUEST = requestWith();
const CREATE = { kind: 'create' } as const;
const bitmap = () => ({ width: 12, height: 8, close: vi.fn() });
const denoise = (preview: ReturnType<typeof bitmap>): GenerationProgress => ({
  ...{ stage: 'denoise', pass: 1, image: 0, step: 1, steps: 2, secondsLeft: 1 },
  preview: preview as unknown as ImageBitmap,
});
const PNG = new Blob(['png'], { type: 'image/png' });
const finished: GenerationProgress = {
  ...{ stage: 'image', image: 0, picture: { seed: 0, texts: REQUEST, width: 96, height: 64, png: PNG } },
};

/** A client whose calls the test answers. */
function setup() {
  const calls: {
    params: GenerationRequest;
    send: (event: GenerationProgress) => void;
    resolve: (result: { seconds: number }) => void;
    reject: (error: unknown) => void;
  }[] = [];
  const call = (_: string, params: GenerationRequest, options: Parameters<Caller['call']>[2]) =>
    new Promise((resolve, reject) => {
      const send = options?.onProgress as (event: GenerationProgress) => void;
      calls.push({ params, send, resolve, reject });
    });
  const store = createGenerationStore({ call } as unknown as Caller);
  const nth = (i: number) => {
    const made = calls[i];
    if (!made) throw new Error(`call ${i} was not made`);
    return made;
  };
  return { state: store.getState, nth };
}

const PLAN: MemoryPlan = {
  ...{ dtype: 'float16', residency: 'all', guidance: 'together', vae: 'whole' },
  ...{ bytes: 1000, fits: true, hasLess: true },
};
const FULL = new AppError('out-of-memory', 'Full.');

test('a run that fills the memory is begun again with less, and says so', async () => {
  const { state, nth } = setup();
  const less = { memoryBytes: 800, bits: 8 } as const;
  const onShortage = vi.fn(() => less);
  const over = state().generate(REQUEST, CREATE, onShortage);
  const preview = bitmap();
  nth(0).send({ stage: 'plan', plan: PLAN });
  nth(0).send(denoise(preview));
  nth(0).reject(FULL);
  await vi.waitFor(() => nth(1));
  expect(state()).toMatchObject({ phase: 'running', error: null, progress: null });
  expect(preview.close).toHaveBeenCalled();
  expect(onShortage).toHaveBeenCalledExactlyOnceWith({ request: REQUEST, plan: PLAN, device: null });
  expect(nth(1).params).toEqual({ ...REQUEST, ...less });
  nth(1).send({ stage: 'plan', plan: PLAN });
  nth(1).send(finished);
  nth(1).resolve({ seconds: 1.5 });
  await over;
  expect(state()).toMatchObject({ phase: 'done', run: { steppedDown: less, request: less } });
});

test('it is not begun again where nothing takes less, where nothing was planned, nor after its last picture', async () => {
  const onShortage = vi.fn(() => undefined);
  const { state, nth } = setup();
  const first = state().generate(REQUEST, CREATE, onShortage);
  nth(0).reject(FULL);
  expect(await first).toBeInstanceOf(AppError);
  expect(onShortage).not.toHaveBeenCalled();

  const second = state().generate(REQUEST, CREATE, onShortage);
  nth(1).send({ stage: 'plan', plan: PLAN });
  nth(1).reject(FULL);
  await second;
  expect(state()).toMatchObject({ phase: 'failed', error: { code: 'out-of-memory' } });

  const always = vi.fn(() => ({ memoryBytes: 800, bits: null }));
  const third = state().generate(REQUEST, CREATE, always);
  nth(2).send({ stage: 'plan', plan: PLAN });
  nth(2).send(finished);
  nth(2).reject(FULL);
  await third;
  expect(always, 'and is remembered all the same').toHaveBeenCalledOnce();
  expect(state().phase).toBe('failed');
});

test('at a later picture, the ones that are there stay, and the others are begun again with less, by their own seeds', async () => {
  const { state, nth } = setup();
  const request = { ...REQUEST, seed: 7, numImages: 3, prompt: '{red|blue}' };
  const less = { memoryBytes: 800, bits: null };
  const over = state().generate(request, CREATE, () => less);
  const image = (at: number, seed: number): GenerationProgress => ({
    ...{ stage: 'image', image: at },
    picture: { seed, texts: REQUEST, width: 96, height: 64, png: PNG },
  });
  const preview = bitmap();
  nth(0).send({ stage: 'plan', plan: PLAN });
  nth(0).send(image(0, 7));
  nth(0).send({ ...denoise(preview), image: 1 } as GenerationProgress);
  const url = state().run?.pictures[0]?.url;
  nth(0).reject(FULL);
  await vi.waitFor(() => nth(1));
  expect(nth(1).params).toEqual({ ...request, ...less, seed: 8, numImages: 2 });
  expect(preview.close).toHaveBeenCalled();
  nth(1).send({ stage: 'plan', plan: PLAN });
  nth(1).send(image(0, 8));
  expect(state().run?.pictures.map(({ png, seed }) => [png, seed])).toEqual([
    [PNG, 7],
    [PNG, 8],
    [null, 9],
  ]);
  expect(state().run?.pictures[0]?.url).toBe(url);
  // And once more.
  nth(1).reject(FULL);
  await vi.waitFor(() => nth(2));
  expect(nth(2).params).toEqual({ ...request, ...less, seed: 9, numImages: 1 });
  nth(2).send(image(0, 9));
  nth(2).resolve({ seconds: 1.5 });
  await over;
  const { phase, run } = state();
  expect(phase).toBe('done');
  expect(run).toMatchObject({ steppedDown: less, request: { ...request, ...less } });
  expect(run?.pictures.map(({ seed, png }) => [seed, png])).toEqual([7, 8, 9].map((seed) => [seed, PNG]));
  expect(run?.result?.seconds).toBeGreaterThan(1.5);
});
