import { expect, test } from 'vitest';
import { type GenerationProgress, type GenerationRequest, UNTOLD } from '../protocol/calls.ts';
import { AppError } from '../protocol/errors.ts';
import { type Caller, createGenerationStore } from './generation.ts';
import { createQueueStore, type Job } from './queue.ts';
import { submitTo } from './submit.ts';

const REQUEST: GenerationRequest = {
  model: 'trinket',
  device: 'auto',
  prompt: 'a red apple',
  negativePrompt: '',
  width: 64,
  height: 64,
  numInferenceSteps: 2,
  guidanceScale: 4,
  seed: 0,
  numImages: 1,
  scheduler: 'ddim',
  filmstrip: false,
  ...UNTOLD,
};

/** A worker that finishes a picture when it is told to. */
function setup() {
  const calls: { params: GenerationRequest; finish: () => void; fail: (error: unknown) => void }[] = [];
  const call = (_: string, params: GenerationRequest, options: Parameters<Caller['call']>[2]) =>
    new Promise((resolve, reject) => {
      options?.signal?.addEventListener('abort', () => reject(new AppError('aborted', 'Stopped.')));
      const send = options?.onProgress as (event: GenerationProgress) => void;
      const finish = () => {
        const png = new Blob([`seed ${params.seed}`]);
        send({ stage: 'image', image: 0, picture: { seed: params.seed, width: 64, height: 64, png } });
        resolve({ seconds: 2, device: 'wasm' });
      };
      calls.push({ params, finish, fail: reject });
    });
  const generation = createGenerationStore({ call } as unknown as Caller);
  const painter = {
    paint: ({ request, origin }: Job) => generation.getState().generate(request, origin),
    stop: () => generation.getState().stop(),
  };
  const kept = { adopt: async () => {}, save: async () => {} };
  let ids = 0;
  const queue = createQueueStore(painter, kept, () => `${++ids}`);
  const submit = (request: GenerationRequest, signal: AbortSignal) => submitTo(queue)(request, signal, CELL);
  return { calls, generation, queue, submit };
}

const CELL = { kind: 'experiment', experiment: 'one', cell: 0 } as const;

test('it waits until the run before is over, and gives the picture of its own', async () => {
  const { calls, queue, submit } = setup();
  queue.getState().add({ ...REQUEST, seed: 1 }, { kind: 'create' });
  const submitted = submit({ ...REQUEST, seed: 2 }, new AbortController().signal);
  expect(calls).toHaveLength(1);
  calls[0]?.finish();
  await expect.poll(() => calls.length).toBe(2);
  calls[1]?.finish();
  const { png, seconds } = await submitted;
  expect([await png.text(), seconds]).toEqual(['seed 2', 2]);
});

test('what went wrong is thrown', async () => {
  const { calls, submit } = setup();
  const submitted = submit(REQUEST, new AbortController().signal);
  await expect.poll(() => calls.length).toBe(1);
  calls[0]?.fail(new AppError('out-of-memory', 'full'));
  await expect(submitted).rejects.toMatchObject({ code: 'out-of-memory' });
});

test('stopped by its signal, or by a person under Create, it is aborted', async () => {
  const { calls, generation, submit } = setup();
  const abort = new AbortController();
  const first = submit(REQUEST, abort.signal);
  await expect.poll(() => calls.length).toBe(1);
  abort.abort();
  await expect(first).rejects.toMatchObject({ code: 'aborted' });

  const second = submit(REQUEST, new AbortController().signal);
  await expect.poll(() => calls.length).toBe(2);
  generation.getState().stop();
  await expect(second).rejects.toMatchObject({ code: 'aborted' });
});

test('stopped while it still waits, it never begins, and the run before goes on', async () => {
  const { calls, generation, queue, submit } = setup();
  const before = queue.getState().add(REQUEST, { kind: 'create' });
  const abort = new AbortController();
  const waiting = submit({ ...REQUEST, seed: 2 }, abort.signal);
  abort.abort(new AppError('aborted', 'Stopped.'));
  await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
  expect(generation.getState().phase).toBe('running');
  const ended = queue.getState().finished(before);
  calls[0]?.finish();
  await ended;
  expect(calls).toHaveLength(1);
});
