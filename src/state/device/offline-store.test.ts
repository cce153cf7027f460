import { expect, test } from 'vitest';
import type { BrowserCache } from '../../pwa/browser-cache.ts';
import { createOfflineStore } from './offline-store.ts';

const MANIFESTS: Record<string, unknown> = {
  'models/trinket/manifest.json': { files: [{ path: 'unet/config.json' }, { path: 'vae/config.json' }] },
  'models/clip/manifest.json': { files: [{ path: 'merges.txt' }] },
};
const WASM = 'https://x/app/assets/ort.wasm.gz';

/** A store whose service worker caches whatever is fetched, but for `broken` files. */
function setup(cached: string[], change: Partial<BrowserCache> = {}, broken: readonly string[] = []) {
  const fetched: string[] = [];
  const add = (path: string) => {
    if (!broken.includes(path)) cached.push(`https://x/app/${path}`);
  };
  const cache: BrowserCache = {
    isControlled: () => true,
    cached: async () => cached,
    fetchJson: async (path) => {
      add(path);
      return broken.includes(path) ? null : MANIFESTS[path];
    },
    fetch: async (path) => {
      fetched.push(path);
      add(path);
    },
    ...change,
  };
  return { store: createOfflineStore(cache), fetched };
}

test('missing files of the bundled models are fetched, and then nothing is missing', async () => {
  const { store, fetched } = setup([WASM, 'https://x/app/models/trinket/unet/config.json']);
  await store.getState().check();
  expect(fetched).toEqual(
    expect.arrayContaining(['models/trinket/vae/config.json', 'models/clip/merges.txt']),
  );
  expect(fetched).not.toContain('models/trinket/unet/config.json');
  expect(store.getState().missing).toEqual([]);
});

test('the runtime is fetched once its address is known', async () => {
  const { store } = setup([]);
  await store.getState().check();
  expect(store.getState().missing).toEqual(['runtime']);
  await store.getState().check('assets/ort.wasm.gz');
  expect(store.getState().missing).toEqual([]);
});

test('models are missing where one of their files cannot be fetched', async () => {
  const { store } = setup([WASM], {}, ['models/trinket/vae/config.json']);
  await store.getState().check();
  expect(store.getState().missing).toEqual(['models']);
  const unlisted = setup([WASM], {}, ['models/clip/manifest.json']).store;
  await unlisted.getState().check();
  expect(unlisted.getState().missing).toEqual(['models']);
});

test('without a service worker everything is missing', async () => {
  const { store, fetched } = setup([WASM], { isControlled: () => false });
  await store.getState().check();
  expect([store.getState().missing, fetched]).toEqual([['page', 'runtime', 'models'], []]);
});
