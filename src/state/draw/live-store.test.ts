import { beforeEach, expect, test, vi } from 'vitest';
import type { CallOptions } from '../../client/caller.ts';
import type { MemoryPlan } from '../../protocol/device.ts';
import { AppError } from '../../protocol/errors.ts';
import type { GenerationRequest } from '../../protocol/generation.ts';
import { requestWith } from '../../protocol/samples/sample-request.ts';
import { createLiveStore, type LiveWorld } from './live-store.ts';

interface Call {
  readonly request: GenerationRequest;
  readonly options: CallOptions<'live'>;
  readonly resolve: (result: { seconds: number }) => void;
  readonly reject: (error: unknown) => void;
}

const PLAN = { hasLess: true, bytes: 9 } as MemoryPlan;
const settle = () => new Promise((resolve) => setImmediate(resolve));

let stored: Map<string, string>;
beforeEach(() => {
  stored = new Map();
  vi.spyOn(URL, 'createObjectURL').mockImplementation(() => `blob:${Math.random()}`);
});

/** A store whose worker and queue the test plays. */
function setup(less?: Partial<GenerationRequest>) {
  const calls: Call[] = [];
  let listener = () => {};
  let isIdle = true;
  let seeds = 0;
  const call = (name: string, request: GenerationRequest, options: CallOptions<'live'>) =>
    new Promise((resolve, reject) => {
      expect(name).toBe('live');
      calls.push({ request, options, resolve, reject });
    });
  const world = {
    client: { call },
    storage: () => ({
      getItem: (name: string) => stored.get(name) ?? null,
      setItem: (name: string, value: string) => void stored.set(name, value),
      removeItem: (name: string) => void stored.delete(name),
    }),
    drawSeed: () => ++seeds,
    queue: { isIdle: () => isIdle, subscribe: (told: () => void) => (listener = told) },
    onThisDevice: (request: GenerationRequest) => ({ ...request, device: 'wasm' }),
    onShortage: () => less,
  } as unknown as LiveWorld;
  const store = createLiveStore(world);
  return {
    state: store.getState,
    calls,
    last: () => calls.at(-1) as Call,
    paint: async (prompt: string) => {
      store.getState().paint(async () => requestWith({ prompt }));
      await settle();
    },
    setIdle: async (idle: boolean) => {
      isIdle = idle;
      listener();
      await settle();
    },
  };
}

async function finish({ options, request, resolve }: Call): Promise<void> {
  const texts = { prompt: request.prompt, negativePrompt: '', template: null };
  const picture = { seed: request.seed, texts, width: 8, height: 8, png: new Blob([request.prompt]) };
  options.onProgress?.({ stage: 'image', image: 0, picture });
  resolve({ seconds: 1 });
  await settle();
}

const abortedBy = async ({ reject }: Call) => {
  reject(new AppError('aborted', 'Stopped.'));
  await settle();
};

test('a picture has what made it, and the next one takes its place', async () => {
  const { state, paint, last } = setup();
  const revoke = vi.spyOn(URL, 'revokeObjectURL');
  await paint('a cat');
  expect(state()).toMatchObject({ phase: 'running', picture: null });
  await finish(last());
  expect(state()).toMatchObject({
    phase: 'resting',
    picture: { seed: 0, texts: { prompt: 'a cat' }, request: { prompt: 'a cat', device: 'wasm' } },
  });
  const before = state().picture?.url;
  await paint('a dog');
  expect(state().picture?.texts.prompt, 'the picture before stays until then').toBe('a cat');
  await finish(last());
  expect(state().picture?.texts.prompt).toBe('a dog');
  expect(revoke).toHaveBeenCalledWith(before);
});

test('a newer one stops the one that goes on, whose late picture is not shown', async () => {
  const { state, paint, calls } = setup();
  await paint('one');
  await paint('two');
  await paint('three');
  expect(calls.map(({ options }) => options.patientSignal?.aborted)).toEqual([true]);
  expect(calls[0]?.options.signal?.aborted, 'the model stays loaded however long the step takes').toBe(false);
  await finish(calls[0] as Call);
  expect(state().picture).toBeNull();
  expect(calls.map(({ request }) => request.prompt)).toEqual(['one', 'three']);
  await finish(calls[1] as Call);
  expect(state()).toMatchObject({ phase: 'resting', picture: { texts: { prompt: 'three' } } });
});

test('an error is said, the picture before stays, and the next one is painted', async () => {
  const { state, paint, last } = setup();
  await paint('one');
  await finish(last());
  await paint('two');
  last().reject(new AppError('device-lost', 'It is gone.'));
  await settle();
  expect(state()).toMatchObject({
    phase: 'resting',
    error: { code: 'device-lost' },
    picture: { texts: { prompt: 'one' } },
  });
  await paint('three');
  expect(state().error).toBeNull();
  await finish(last());
  expect(state().picture?.texts.prompt).toBe('three');
});

test('what cannot be asked for is said as well', async () => {
  const { state, calls } = setup();
  state().paint(() => Promise.reject(new AppError('corrupt-file', 'None.')));
  await settle();
  expect(calls).toEqual([]);
  expect(state()).toMatchObject({ phase: 'resting', error: { code: 'corrupt-file' } });
});

test('where memory runs out it is begun again with less', async () => {
  const { state, paint, last, calls } = setup({ memoryBytes: 8 });
  await paint('one');
  last().options.onProgress?.({ stage: 'plan', plan: PLAN });
  last().reject(new AppError('out-of-memory', 'Full.'));
  await settle();
  expect(calls.map(({ request }) => request.memoryBytes)).toEqual([null, 8]);
  await finish(last());
  expect(state()).toMatchObject({ error: null, picture: { request: { memoryBytes: 8 } } });
});

test('where nothing takes less, that memory ran out is said', async () => {
  const { state, paint, last } = setup();
  await paint('one');
  last().options.onProgress?.({ stage: 'plan', plan: PLAN });
  last().reject(new AppError('out-of-memory', 'Full.'));
  await settle();
  expect(state()).toMatchObject({ phase: 'resting', error: { code: 'out-of-memory' } });
});

test('a job of the queue runs first, and then the newest drawing', async () => {
  const { state, paint, last, calls, setIdle } = setup();
  await paint('one');
  await setIdle(false);
  expect(state().phase).toBe('held');
  expect(last().options.patientSignal?.aborted).toBe(true);
  expect(last().options.signal?.aborted, 'the job may want the same model').toBe(false);
  await abortedBy(last());
  const now = vi.spyOn(performance, 'now').mockReturnValue(1000);
  await paint('two');
  expect(state()).toMatchObject({ phase: 'held', error: null });
  expect(calls).toHaveLength(1);
  now.mockReturnValue(61_000);
  await setIdle(true);
  expect(state().phase).toBe('running');
  now.mockReturnValue(62_000);
  await finish(last());
  now.mockRestore();
  expect(state().picture?.texts.prompt).toBe('two');
  expect(state().picture?.seconds, 'of the job it says nothing').toBe(1);
});

test('the queue says nothing to a pen that rests', async () => {
  const { state, setIdle } = setup();
  await setIdle(false);
  expect(state().phase).toBe('resting');
  await setIdle(true);
  expect(state().phase).toBe('resting');
});

test('stopped, it rests, and no step keeps the engine busy', async () => {
  const { state, paint, last } = setup();
  await paint('one');
  // The engine is still in a step of the one before.
  await paint('two');
  state().stop();
  expect(last().options.signal?.aborted).toBe(true);
  await abortedBy(last());
  expect(state()).toMatchObject({ phase: 'resting', error: null, picture: null });
});

test('strength and seed outlive the page; what is damaged has its usual value', () => {
  const { state } = setup();
  state().setStrength(0.35);
  state().drawSeed();
  expect(setup().state()).toMatchObject({ strength: 0.35, seed: 2 });
  const [name = ''] = stored.keys();
  stored.set(name, JSON.stringify({ version: 1, state: { strength: 7, seed: 'three' } }));
  expect(setup().state()).toMatchObject({ strength: 0.6, seed: 1 });
});
