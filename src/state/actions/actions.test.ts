import { expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import type { Calls } from '../../protocol/calls.ts';
import type { MemoryPlan, UsedDevice } from '../../protocol/device.ts';
import { AppError } from '../../protocol/errors.ts';
import type { GenerationProgress, GenerationRequest, GenerationResult } from '../../protocol/generation.ts';
import { deviceInUse } from '../device/device-store.ts';
import { createStores } from '../stores.ts';
import { generate } from './generate.ts';
import { applyLink, followFormInLink, followLink } from './link.ts';
import { followUsedDevice } from './note-device.ts';
import { SAMPLE_BROWSER } from './samples/sample-browser.ts';
import { followFinishedPictures } from './save-pictures.ts';
import { followPromptTokens } from './update-token-counts.ts';

const PLAN: MemoryPlan = {
  dtype: 'float32',
  residency: 'all',
  hasLess: false,
  guidance: 'together',
  vae: 'whole',
  bytes: 0,
  fits: true,
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
        return { seconds: 1 };
      },
    } as Caller);
  const storageFaults = createStore(() => ({ failed: {}, unreadable: {}, dismiss: () => {} }));
  const stores = createStores({ ...SAMPLE_BROWSER, client, library: client, storageFaults });
  const bar = { hash, isOwn: false };
  const address = {
    readHash: () => bar.hash,
    replaceHash: (next: string) => {
      bar.hash = next;
    },
    isOwn: () => bar.isOwn,
  };
  return { stores, bar, address, requests };
}

/** A request waits for the form's files, which are there at once. */
const filesRead = () => new Promise((resolve) => setTimeout(resolve));

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

test('Back to an entry that is older than the form changes no setting; a link that is followed does', () => {
  const { stores, bar, address } = setup();
  const { set } = stores.settings.getState();
  const prompt = () => stores.settings.getState().fields.prompt;
  set('prompt', 'typed since');
  Object.assign(bar, { hash: '#screen=gallery&prompt=older', isOwn: true });
  followLink(stores, address);
  expect(prompt()).toBe('typed since');
  expect(stores.notice.getState().fact).toBeNull();
  expect(new URLSearchParams(bar.hash).get('prompt')).toBe('typed since');
  Object.assign(bar, { hash: '#prompt=followed', isOwn: false });
  followLink(stores, address);
  expect(prompt()).toBe('followed');
});

test('run=1 generates once with the link’s settings; the address keeps the settings only', async () => {
  const { stores, bar, address, requests } = setup('#prompt=a+rocket&seed=0&guidance=0&width=136&run=1');
  applyLink(stores, address);
  await filesRead();
  expect(requests).toMatchObject([
    { prompt: 'a rocket', seed: 0, guidanceScale: 0, width: 136, height: 128 },
  ]);
  expect(new URLSearchParams(bar.hash).get('run')).toBeNull();
  expect(new URLSearchParams(bar.hash).get('seed')).toBe('0');
});

test('a refused field keeps the request from being made', async () => {
  const { stores, requests } = setup();
  stores.settings.getState().set('numInferenceSteps', '0');
  expect(generate(stores)).toBe('refused');
  expect(requests).toEqual([]);
  stores.settings.getState().set('numInferenceSteps', '1');
  expect(generate(stores)).toBe('queued');
  await filesRead();
  expect(requests).toHaveLength(1);
});

test('each press of Generate adds the form as it stands, with a seed of its own', async () => {
  const { stores, requests } = setup();
  const { set } = stores.settings.getState();
  const waited = new Set<string>();
  const origins = new Set<string>();
  stores.queue.subscribe(({ running, waiting }) => {
    if (running) origins.add(running.origin.kind);
    for (const { request } of waiting) waited.add(request.prompt);
  });
  set('seed', '5');
  for (const prompt of ['one', 'two', 'three']) {
    set('prompt', prompt);
    generate(stores);
  }
  await filesRead();
  await expect.poll(() => stores.queue.getState().running).toBeNull();
  expect([...waited]).toEqual(expect.arrayContaining(['two', 'three']));
  expect([...origins]).toEqual(['create']);
  expect(requests.map(({ prompt }) => prompt)).toEqual(['one', 'two', 'three']);
  expect(requests[0]?.seed).toBe(5);
  expect(new Set(requests.map(({ seed }) => seed)).size, 'unlocked: each its own').toBe(3);

  stores.settings.getState().setSeedLocked(true);
  generate(stores);
  generate(stores);
  await filesRead();
  await expect.poll(() => stores.queue.getState().running).toBeNull();
  expect(requests[3]?.seed).toBe(requests[4]?.seed);
});

test('a run that fills the memory is begun again with less, and the next ones begin there', async () => {
  const requests: GenerationRequest[] = [];
  const call: Caller['call'] = async (name, params, options) => {
    if (name !== 'generate') return { room: 75, texts: [] } as never;
    requests.push(params as GenerationRequest);
    const bytes = [1000, 700, 500, 500][requests.length - 1] as number;
    const plan: MemoryPlan = { ...PLAN, bytes, hasLess: bytes > 500 };
    (options?.onProgress as (event: GenerationProgress) => void)({ stage: 'plan', plan });
    throw new AppError('out-of-memory', 'Full.');
  };
  const { stores } = setup('', { call });
  generate(stores);
  generate(stores);
  await filesRead();
  await expect.poll(() => stores.queue.getState().running).toBeNull();
  expect(requests.map(({ memoryBytes }) => memoryBytes)).toEqual([null, 800, 350, 250]);
  expect(stores.queue.getState().failed).toHaveLength(2);
});

const GPU = { provider: 'webgpu', gpu: 'NVIDIA L4', threads: 4 } as const;
const CPU = { provider: 'wasm', threads: 4 } as const;

/** Stores whose worker offers a GPU and computes on `devices`, one a run; it answers a run by what `end` throws or returns. */
function setupDevices(devices: UsedDevice[], end: () => GenerationResult) {
  const asked: string[] = [];
  const call: Caller['call'] = async (name, params, options) => {
    if (name === 'probe') return { auto: 'webgpu', gpu: 'NVIDIA L4', threads: 4 } as never;
    if (name !== 'generate') return { room: 75, texts: [] } as never;
    const { device } = params as GenerationRequest;
    asked.push(device);
    const send = options?.onProgress as (event: GenerationProgress) => void;
    const used = device === 'wasm' ? CPU : devices.shift();
    if (used) send({ stage: 'device', device: used });
    send({ stage: 'plan', plan: { ...PLAN, bytes: 1000 } });
    const png = new Blob(['png']);
    send({
      stage: 'image',
      image: 0,
      picture: {
        seed: 1,
        texts: { prompt: '', negativePrompt: '', template: null },
        width: 8,
        height: 8,
        png,
      },
    });
    return end() as never;
  };
  const { stores } = setup('', { call });
  const idle = async () => {
    await filesRead();
    await expect.poll(() => stores.queue.getState().running).toBeNull();
  };
  return { stores, asked, idle };
}

test('pictures are kept, and memory is learned of, with the device that computed: not the one that was offered', async () => {
  const { stores, idle } = setupDevices([CPU], () => {
    throw new AppError('out-of-memory', 'Full.');
  });
  await stores.device.getState().probe();
  const save = vi.spyOn(stores.gallery.getState(), 'save');
  const ends = [followUsedDevice, followFinishedPictures].map((follow) => follow(stores));
  generate(stores);
  await idle();
  for (const end of ends) end();
  expect(save.mock.calls.map(([{ device }]) => device)).toEqual(['wasm']);
  expect(stores.memory.getState().held).toEqual({
    'CPU · 4 threads · trinket · 128×128': { bytes: 800, bits: null },
  });
  expect(deviceInUse(stores.device.getState(), 'auto')).toEqual(CPU);
});

test.each([
  'device-lost',
  'worker-crashed',
  'worker-hung',
] as const)('after two runs that end in %s on the GPU the jobs that wait run on the CPU', async (code) => {
  let runs = 0;
  const { stores, asked, idle } = setupDevices([GPU, GPU, GPU], () => {
    if (runs++ < 2) throw new AppError(code, 'Gone.');
    return { seconds: 1 };
  });
  await stores.device.getState().probe();
  const end = followUsedDevice(stores);
  for (let i = 0; i < 3; i++) generate(stores);
  await idle();
  expect(asked).toEqual(['auto', 'auto', 'wasm']);
  expect(stores.device.getState()).toMatchObject({ gpuFailures: 2, report: { reason: 'failed' } });
  await stores.device.getState().tryGpuAgain();
  generate(stores);
  await idle();
  end();
  expect(asked.at(-1)).toBe('auto');
  expect(deviceInUse(stores.device.getState(), 'auto')).toEqual(GPU);
});

test('a request that is wrong is no failure of the GPU', async () => {
  const { stores, idle } = setupDevices([GPU], () => {
    throw new AppError('invalid-request', 'Wrong.');
  });
  const end = followUsedDevice(stores);
  generate(stores);
  await idle();
  end();
  expect(stores.device.getState().gpuFailures).toBe(0);
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
