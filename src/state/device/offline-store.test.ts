import { expect, test } from 'vitest';
import { createOfflineStore, type Shelf } from './offline-store.ts';

const MANIFESTS: Record<string, unknown> = {
  'models/trinket/manifest.json': { files: [{ path: 'unet/config.json' }, { path: 'vae/config.json' }] },
  'models/clip/manifest.json': { files: [{ path: 'merges.txt' }] },
};
const WASM = 'https://x/app/assets/ort.wasm.gz';

/** A browser whose service worker keeps whatever is fetched; `broken` files never come. */
function shelf(kept: string[], change: Partial<Shelf> = {}, broken: readonly string[] = []) {
  const fetched: string[] = [];
  const keep = (path: string) => {
    if (!broken.includes(path)) kept.push(`https://x/app/${path}`);
  };
  const whole: Shelf = {
    isControlled: () => true,
    kept: async () => kept,
    fetchJson: async (path) => {
      keep(path);
      return broken.includes(path) ? null : MANIFESTS[path];
    },
    fetch: async (path) => {
      fetched.push(path);
      keep(path);
    },
    ...change,
  };
  return { store: createOfflineStore(whole), fetched };
}

test('what is missing of the bundled models is fetched, and then all is there', async () => {
  const { store, fetched } = shelf([WASM, 'https://x/app/models/trinket/unet/config.json']);
  await store.getState().check();
  expect(fetched).toEqual(
    expect.arrayContaining(['models/trinket/vae/config.json', 'models/clip/merges.txt']),
  );
  expect(fetched).not.toContain('models/trinket/unet/config.json');
  expect(store.getState().missing).toEqual([]);
});

test('the runtime is fetched where it is known which', async () => {
  const { store } = shelf([]);
  await store.getState().check();
  expect(store.getState().missing).toEqual(['runtime']);
  await store.getState().check('assets/ort.wasm.gz');
  expect(store.getState().missing).toEqual([]);
});

test('a file that does not come is missing', async () => {
  const { store } = shelf([WASM], {}, ['models/trinket/vae/config.json']);
  await store.getState().check();
  expect(store.getState().missing).toEqual(['models']);
  const unlisted = shelf([WASM], {}, ['models/clip/manifest.json']).store;
  await unlisted.getState().check();
  expect(unlisted.getState().missing).toEqual(['models']);
});

test('without a service worker nothing is', async () => {
  const { store, fetched } = shelf([WASM], { isControlled: () => false });
  await store.getState().check();
  expect([store.getState().missing, fetched]).toEqual([['page', 'runtime', 'models'], []]);
});
