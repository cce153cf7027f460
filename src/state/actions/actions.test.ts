import { expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import type { Calls } from '../../protocol/calls.ts';
import type { MemoryPlan } from '../../protocol/device.ts';
import { AppError } from '../../protocol/errors.ts';
import type { GenerationProgress, GenerationRequest } from '../../protocol/generation.ts';
import { type Browser, createStores } from '../stores.ts';
import { generate } from './generate.ts';
import { applyLink, followFormInLink } from './link.ts';
import { followMemoryShortages } from './note-memory-shortage.ts';
import { followPromptTokens } from './update-token-counts.ts';

const PLAN: MemoryPlan = {
  dtype: 'float32',
  residency: 'all',
  guidance: 'together',
  vae: 'whole',
  bytes: 0,
  fits: true,
};

/** A browser in which nothing outlives the page. */
const BROWSER: Omit<Browser, 'client' | 'library' | 'storageFaults'> = {
  storage: () => ({ getItem: () => null, setItem: () => {}, removeItem: () => {} }),
  files: {
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
  cache: {
    isControlled: () => false,
    cached: async () => [],
    fetchJson: async () => null,
    fetch: async () => {},
  },
  gallery: {
    open: () => Promise.reject(new AppError('no-storage', 'None here.')),
    makeThumbnail: async (picture) => ({ thumbnail: picture, width: 8, height: 8 }),
    now: () => 0,
    tellOthers: () => {},
    onChanged: () => {},
  },
  notifier: { isAllowed: () => false, ask: async () => false, show: () => {} },
  languages: ['en'],
};

/** Stores whose worker finishes every request at once, unless another one is given. */
function setup(hash = '', other?: Caller) {
  const requests: GenerationRequest[] = [];
  const client =
    other ??
    ({
      call: async (name: keyof Calls, params: unknown) => {
        if (name === 'countTokens') return { room: 75, texts: [], unnamed: 0 };
        requests.push(params as GenerationRequest);
        return { seconds: 1, device: 'wasm' };
      },
    } as Caller);
  const storageFaults = createStore(() => ({ failed: {}, unreadable: {}, dismiss: () => {} }));
  const stores = createStores({ ...BROWSER, client, library: client, storageFaults });
  const bar = { hash };
  const address = {
    readHash: () => bar.hash,
    replaceHash: (next: string) => {
      bar.hash = next;
    },
  };
  return { stores, bar, address, requests };
}

test('an empty hash stays empty until the form changes', () => {
  const { stores, bar, address } = setup();
  applyLink(stores, address);
  const end = followFormInLink(stores, address);
  expect(bar.hash).toBe('');
  stores.settings.getState().set('numInferenceSteps', '11');
  expect(new URLSearchParams(bar.hash).get('steps')).toBe('11');
  end();
  stores.settings.getState().set('numInferenceSteps', '12');
  expect(new URLSearchParams(bar.hash).get('steps')).toBe('11');
});

test('run=1 generates once with the link’s settings; the address keeps the settings only', () => {
  const { stores, bar, address, requests } = setup('#prompt=a+rocket&seed=0&guidance=0&width=136&run=1');
  applyLink(stores, address);
  expect(requests).toMatchObject([
    { prompt: 'a rocket', seed: 0, guidanceScale: 0, width: 136, height: 128 },
  ]);
  expect(new URLSearchParams(bar.hash).get('run')).toBeNull();
  expect(new URLSearchParams(bar.hash).get('seed')).toBe('0');
});

test('a refused field keeps the request from being made', () => {
  const { stores, requests } = setup();
  stores.settings.getState().set('numInferenceSteps', '0');
  expect(generate(stores)).toBe('refused');
  expect(requests).toEqual([]);
  stores.settings.getState().set('numInferenceSteps', '1');
  expect(generate(stores)).toBe('queued');
  expect(requests).toHaveLength(1);
});

test('each press of Generate adds the form as it stands, with a seed of its own', async () => {
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

test('jobs that wait ask for less memory after one has run out of it', async () => {
  const requests: GenerationRequest[] = [];
  const call: Caller['call'] = async (name, params, options) => {
    if (name !== 'generate') return { room: 75, texts: [] } as never;
    requests.push(params as GenerationRequest);
    const plan: MemoryPlan = { ...PLAN, bytes: 1000 };
    (options?.onProgress as (event: GenerationProgress) => void)({ stage: 'plan', plan });
    throw new AppError('out-of-memory', 'Full.');
  };
  const { stores } = setup('', { call });
  const end = followMemoryShortages(stores);
  generate(stores);
  generate(stores);
  await expect.poll(() => stores.queue.getState().running).toBeNull();
  end();
  expect(requests.map(({ memoryBytes }) => memoryBytes)).toEqual([null, 800]);
  expect(stores.queue.getState().failed).toHaveLength(2);
});

test('tokens are counted at first and whenever a prompt changes, but not for other fields', () => {
  const { stores } = setup();
  const count = vi.spyOn(stores.tokens.getState(), 'count');
  const { set } = stores.settings.getState();
  const end = followPromptTokens(stores);
  set('prompt', 'a cat');
  set('numInferenceSteps', '3');
  set('negativePrompt', 'blue');
  end();
  set('prompt', 'a dog');
  expect(count.mock.calls.map(([, texts]) => texts)).toEqual([
    ['', ''],
    ['a cat', ''],
    ['a cat', 'blue'],
  ]);
});
