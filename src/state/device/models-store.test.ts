import { expect, test, vi } from 'vitest';
import { RECOMMENDED } from '../../catalog/models.ts';
import type { Caller } from '../../client/caller.ts';
import type { CallName, Calls } from '../../protocol/calls.ts';
import { AppError } from '../../protocol/errors.ts';
import type { InstalledModel, ModelOffer } from '../../protocol/models.ts';
import { isReady, modelCard } from './model-card.ts';
import { createModelsStore } from './models-store.ts';

const ACCESS = { endpoint: 'https://hub', token: null };
const OFFER: ModelOffer = {
  ...{ id: 'a/b', type: 'model', repo: 'a/b', revision: 'c'.repeat(40), licence: 'mit', files: [] },
  ...{ missingBytes: 10, totalBytes: 10, memoryBytes: 30, plan: null, copies: [] },
};
const DEFAULTS = {
  width: 64,
  height: 64,
  numInferenceSteps: 1,
  guidanceScale: 0,
  scheduler: 'euler',
} as const;
const MODEL: InstalledModel = {
  ...{
    id: 'a/b',
    type: 'model',
    label: 'b',
    repo: 'a/b',
    revision: 'c'.repeat(40),
    licence: 'mit',
    files: [],
  },
  ...{ complete: true, family: 'sd1', className: null, installedAt: 1, usedAt: null },
  facts: { kind: 'turbo', defaults: DEFAULTS, prediction: null },
};

type Handler<K extends CallName> = (
  params: Calls[K]['params'],
  options: { signal: AbortSignal; onProgress(value: Calls[K]['progress']): void },
) => Promise<Calls[K]['result']>;

function setup(handlers: { [K in CallName]?: Handler<K> }) {
  let now = 0;
  const models: InstalledModel[] = [];
  const storage = { modelBytes: 0, freeBytes: 1e9 };
  const client = {
    call: async (name: CallName, params: never, options: never) =>
      name === 'listModels'
        ? { models: [...models], previewVaes: [], storage }
        : (handlers[name] as unknown as (a: never, b: never) => unknown)(params, options),
  } as Caller;
  const store = createModelsStore(client, () => now);
  return {
    store,
    models,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

test('a name becomes an offer, the offer a download, the download a model', async () => {
  const { store, models, pass } = setup({
    lookUpModel: async () => OFFER,
    installModel: async ({ model }, { onProgress }) => {
      expect(model).toEqual({
        id: 'a/b',
        type: 'model',
        repo: 'a/b',
        revision: OFFER.revision,
        licence: 'mit',
        files: [],
      });
      for (const loadedBytes of [0, 2e6, 4e6]) {
        onProgress({ loadedBytes, totalBytes: 10e6, waitSeconds: null });
        pass(1000);
      }
      expect(store.getState().downloads['a/b']).toEqual({
        progress: { loadedBytes: 4e6, totalBytes: 10e6, waitSeconds: null },
        speed: 2e6,
      });
      models.push(MODEL);
      return MODEL;
    },
  });
  await store.getState().lookUp('a/b', ACCESS, true);
  expect(store.getState().offer).toEqual(OFFER);
  await store.getState().install(OFFER, ACCESS);
  expect(store.getState()).toMatchObject({ offer: null, downloads: {}, errors: {}, installed: [MODEL] });
});

test('a pause is no error; an error stays until the next try', async () => {
  let fails = true;
  const { store } = setup({
    installModel: (_, { signal }) =>
      new Promise((resolve, reject) => {
        if (!fails) return resolve(MODEL);
        signal.addEventListener('abort', () => reject(new AppError('aborted', 'Stopped.')));
      }),
  });
  const first = store.getState().install(OFFER, ACCESS);
  store.getState().pause('a/b');
  await first;
  expect(store.getState()).toMatchObject({ errors: {}, downloads: {} });

  const failing = setup({
    installModel: async () => {
      if (fails) throw new AppError('storage-full', 'full');
      return MODEL;
    },
  }).store;
  await failing.getState().install(OFFER, ACCESS);
  expect(failing.getState().errors['a/b']?.code).toBe('storage-full');
  fails = false;
  await failing.getState().install(OFFER, ACCESS);
  expect(failing.getState().errors).toEqual({});
});

test('a model is not downloaded twice at the same time', async () => {
  const installModel = vi.fn(async () => MODEL);
  const { store } = setup({ lookUpModel: async () => OFFER, installModel });
  await Promise.all([1, 2].map(() => store.getState().fetch('a/b', 'a/b', ACCESS, false)));
  expect(installModel).toHaveBeenCalledOnce();
});

test('the next lookup clears the errors of names and files that are no models', async () => {
  let error: AppError | null = new AppError('repo-not-found', 'no');
  const { store } = setup({
    lookUpModel: async () => {
      if (error) throw error;
      return OFFER;
    },
    importModel: async () => {
      throw new AppError('unsupported-model', 'no', { kind: 'no-upscaler' });
    },
  });
  await store.getState().lookUp('x/y', ACCESS, true);
  expect(store.getState()).toMatchObject({ lookingUp: false, errors: { '': { code: 'repo-not-found' } } });
  await store.getState().importFiles([new File([], 'x.safetensors')]);
  expect(Object.keys(store.getState().errors)).toEqual(['disk:x.safetensors']);
  error = null;
  await store.getState().lookUp('a/b', ACCESS, true);
  expect(store.getState()).toMatchObject({ offer: OFFER, errors: {} });
});

test('a model’s card comes from the bundled, recommended or installed models, or is that of an unknown one', () => {
  expect(modelCard('trinket', null)).toMatchObject({ label: 'Trinket', defaults: { width: 128 } });
  expect(modelCard('a/b', [MODEL])).toEqual({ label: 'b', kind: 'turbo', defaults: DEFAULTS });
  expect(modelCard('stabilityai/sd-turbo', null)).toMatchObject({ label: 'SD-Turbo', kind: 'turbo' });
  expect(modelCard('no/body', [MODEL])).toMatchObject({
    label: 'body',
    kind: 'diffusion',
    defaults: { width: 512 },
  });
  expect(RECOMMENDED.every(({ id }) => modelCard(id, []).defaults.width >= 512)).toBe(true);
  expect([
    isReady('trinket', null),
    isReady('a/b', [MODEL]),
    isReady('a/b', [{ ...MODEL, complete: false }]),
  ]).toEqual([true, true, false]);
});

test('where the browser stores no files the screen is told, and as soon as it does', async () => {
  let answer: () => Promise<unknown> = () => Promise.reject(new AppError('no-storage', 'A private window.'));
  const store = createModelsStore({ call: () => answer() } as unknown as Caller, () => 0);
  expect(store.getState().noStorage).toBeNull();
  await store.getState().refresh();
  expect(store.getState()).toMatchObject({ installed: [], errors: {}, noStorage: { code: 'no-storage' } });
  answer = () => Promise.reject(new AppError('worker-crashed', 'Gone.'));
  await store.getState().refresh();
  expect(store.getState()).toMatchObject({ noStorage: null, errors: { '': { code: 'worker-crashed' } } });
});

test('a model that is deleted while it is downloaded is deleted when that has ended', async () => {
  const events: string[] = [];
  const { store } = setup({
    // Nothing more can stop it.
    installModel: (_, { signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', async () => {
          await new Promise((next) => setTimeout(next, 10));
          events.push('installed');
          resolve(MODEL);
        });
      }),
    removeModel: async () => {
      events.push('removed');
      return undefined;
    },
  });
  const download = store.getState().install(OFFER, ACCESS);
  await store.getState().remove('a/b');
  await download;
  expect(events).toEqual(['installed', 'removed']);
});
