import { expect, test, vi } from 'vitest';
import type { Caller } from '../client/caller.ts';
import type { Calls } from '../protocol/calls.ts';
import type { DeviceReport, MemoryPlan } from '../protocol/device.ts';
import { AppError } from '../protocol/errors.ts';
import type { GenerationProgress, GenerationRequest } from '../protocol/generation.ts';
import { deviceName } from './device/device.ts';
import { createStores, followLink, generate, keepCount, keepLink, keepMemory } from './stores.ts';

const PLAN: MemoryPlan = {
  dtype: 'float32',
  residency: 'all',
  guidance: 'together',
  vae: 'whole',
  bytes: 0,
  fits: true,
};

const REPORT: DeviceReport = { auto: 'wasm', f16: false, threads: 2, reason: 'no-webgpu' };

/** A browser that keeps nothing. */
const SHELF = {
  isControlled: () => false,
  kept: async () => [],
  fetchJson: async () => null,
  fetch: async () => {},
};

const GALLERY = {
  open: () => Promise.reject(new AppError('no-storage', 'None here.')),
  makeThumbnail: async (picture: Blob) => ({ thumbnail: picture, width: 8, height: 8 }),
  now: () => 0,
  tellOthers: () => {},
  onOthers: () => {},
};

const NO_NOTIFIER = { isAllowed: () => false, ask: async () => false, show: () => {} };

function setup(hash = '', probe: () => Promise<DeviceReport> = async () => REPORT, other?: Caller) {
  const requests: GenerationRequest[] = [];
  const client =
    other ??
    ({
      call: async (name: keyof Calls, params: unknown) => {
        if (name === 'probe') return probe();
        if (name === 'countTokens') return { room: 75, texts: [] };
        requests.push(params as GenerationRequest);
        return { seconds: 1, device: 'wasm' };
      },
    } as Caller);
  const kept = new Map<string, string>();
  const storage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
  const stores = createStores(
    client,
    client,
    () => storage,
    {
      embeddings: { load: async () => [], save: async () => {} },
      initImage: { load: async () => null, save: async () => {} },
      queue: { adopt: async () => {}, save: async () => {} },
      experiments: {
        list: async () => [],
        cells: async () => new Map(),
        save: async () => {},
        saveCell: async () => {},
        remove: async () => {},
      },
    },
    SHELF,
    GALLERY,
    NO_NOTIFIER,
    ['en'],
  );
  const bar = { hash };
  const address = {
    readHash: () => bar.hash,
    replaceHash: (next: string) => {
      bar.hash = next;
    },
  };
  return { stores, bar, address, requests };
}

test('without a hash the address stays clean until something changes', () => {
  const { stores, bar, address } = setup();
  followLink(stores, address);
  const end = keepLink(stores, address);
  expect(bar.hash).toBe('');
  stores.settings.getState().set('steps', '11');
  expect(new URLSearchParams(bar.hash).get('steps')).toBe('11');
  end();
  stores.settings.getState().set('steps', '12');
  expect(new URLSearchParams(bar.hash).get('steps')).toBe('11');
});

test('run=1 starts with the link’s settings, once: the address keeps the settings only', () => {
  const { stores, bar, address, requests } = setup('#prompt=a+rocket&seed=0&guidance=0&width=136&run=1');
  followLink(stores, address);
  expect(requests).toMatchObject([
    { prompt: 'a rocket', seed: 0, guidanceScale: 0, width: 136, height: 128 },
  ]);
  expect(new URLSearchParams(bar.hash).get('run')).toBeNull();
  expect(new URLSearchParams(bar.hash).get('seed')).toBe('0');
});

test('a refused field stops the request', () => {
  const { stores, requests } = setup();
  stores.settings.getState().set('steps', '0');
  expect(generate(stores)).toBe('refused');
  expect(requests).toEqual([]);
  stores.settings.getState().set('steps', '1');
  expect(generate(stores)).toBe('queued');
  expect(requests).toHaveLength(1);
});

test('each press lines up the form as it stood then, with a seed of its own', async () => {
  const { stores, requests } = setup();
  const { set } = stores.settings.getState();
  set('seed', '5');
  for (const prompt of ['one', 'two', 'three']) {
    set('prompt', prompt);
    generate(stores);
  }
  expect(requests.map(({ prompt }) => prompt)).toEqual(['one']);
  expect(stores.queue.getState().waiting.map(({ request }) => request.prompt)).toEqual(['two', 'three']);
  const { running } = stores.queue.getState();
  await expect.poll(() => stores.queue.getState().running).toBeNull();
  expect(running?.origin).toEqual({ kind: 'create' });
  expect(requests.map(({ prompt }) => prompt)).toEqual(['one', 'two', 'three']);
  expect(requests[0]?.seed).toBe(5);
  expect(new Set(requests.map(({ seed }) => seed)).size, 'unlocked: each its own').toBe(3);

  stores.settings.getState().setSeedLocked(true);
  generate(stores);
  generate(stores);
  await expect.poll(() => stores.queue.getState().running).toBeNull();
  expect(requests[3]?.seed).toBe(requests[4]?.seed);
});

test('what ran out of memory is a lesson for those that wait already', async () => {
  const requests: GenerationRequest[] = [];
  const call: Caller['call'] = async (name, params, options) => {
    if (name !== 'generate') return { room: 75, texts: [] } as never;
    requests.push(params as GenerationRequest);
    const plan: MemoryPlan = { ...PLAN, bytes: 1000 };
    (options?.onProgress as (event: GenerationProgress) => void)({ stage: 'plan', plan });
    throw new AppError('out-of-memory', 'Full.');
  };
  const { stores } = setup('', undefined, { call });
  const end = keepMemory(stores);
  generate(stores);
  generate(stores);
  await expect.poll(() => stores.queue.getState().running).toBeNull();
  end();
  expect(requests.map(({ memoryBytes }) => memoryBytes)).toEqual([null, 800]);
  expect(stores.queue.getState().failed).toHaveLength(2);
});

test('the machine is named', async () => {
  const { stores } = setup();
  await stores.device.getState().probe();
  expect(stores.device.getState()).toMatchObject({ report: REPORT, error: null });
  expect(deviceName(REPORT, 'wasm')).toBe('CPU · 2 threads');
  expect(deviceName({ ...REPORT, threads: 1 }, 'wasm')).toBe('CPU · 1 thread');
  expect(deviceName({ ...REPORT, gpu: 'NVIDIA L4' }, 'webgpu')).toBe('WebGPU · NVIDIA L4');
});

test('a probe that fails says so and can be tried again', async () => {
  let fails = true;
  const { stores } = setup('', async () => {
    if (fails) throw new AppError('worker-crashed', 'The worker crashed.');
    return REPORT;
  });
  await stores.device.getState().probe();
  expect(stores.device.getState().error?.code).toBe('worker-crashed');
  fails = false;
  await stores.device.getState().probe();
  expect(stores.device.getState()).toMatchObject({ report: REPORT, error: null });
});

test('the texts are counted at first and whenever they change, other fields aside', () => {
  const { stores } = setup();
  const count = vi.spyOn(stores.tokens.getState(), 'count');
  const { set } = stores.settings.getState();
  const end = keepCount(stores);
  set('prompt', 'a cat');
  set('steps', '3');
  set('negative', 'blue');
  end();
  set('prompt', 'a dog');
  expect(count.mock.calls.map(([, texts]) => texts)).toEqual([
    ['', ''],
    ['a cat', ''],
    ['a cat', 'blue'],
  ]);
});
