import * as v from 'valibot';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { BUNDLED, CLIP_VOCABULARY } from '../../catalog/models.ts';

/** What of the page works without a network, and what newer page there is. */
export interface Offline {
  /** What is not kept yet; null while nobody has looked. Empty when the page, the runtime and Trinket are. */
  readonly missing: readonly Part[] | null;
  /** Puts a newer version in place, where one waits. */
  readonly applyUpdate: (() => void) | null;
  /** Looks what is kept, and fetches what can be fetched ahead; `runtime` is the address of the one that is used here. */
  check(runtime?: string): Promise<void>;
}

export type Part = 'page' | 'runtime' | 'models';

/** The browser, as far as this store uses it. */
export interface Shelf {
  /** Whether a service worker stands between the page and the network. */
  isControlled(): boolean;
  /** Everything that is kept of what came with the page, by address. */
  kept(): Promise<readonly string[]>;
  /** Fetches a file of the page's own, by its path from index.html, so that it is kept; null when it does not come. */
  fetchJson(path: string): Promise<unknown>;
  fetch(path: string): Promise<void>;
}

/** What came with the page and is to work without a network. */
const FOLDERS = [...Object.values(BUNDLED).map(({ path }) => path), CLIP_VOCABULARY];

const Manifest = v.object({ files: v.array(v.object({ path: v.string() })) });

export function createOfflineStore(shelf: Shelf): StoreApi<Offline> {
  /** The bundled files that are not kept; a folder whose list does not come is missing as a whole. */
  const missingFiles = async (): Promise<string[]> => {
    const kept = await shelf.kept();
    const lists = FOLDERS.map(async (folder) => {
      const list = v.safeParse(Manifest, await shelf.fetchJson(`${folder}/manifest.json`));
      const files = list.success ? list.output.files.map(({ path }) => path) : [];
      return ['manifest.json', ...files].map((path) => `${folder}/${path}`);
    });
    const paths = (await Promise.all(lists)).flat();
    return paths.filter((path) => !kept.some((url) => url.endsWith(`/${path}`)));
  };

  return createStore<Offline>()((set) => ({
    missing: null,
    applyUpdate: null,

    async check(runtime) {
      if (!shelf.isControlled()) {
        set({ missing: ['page', 'runtime', 'models'] });
        return;
      }
      for (const path of await missingFiles()) await shelf.fetch(path);
      const hasModels = (await missingFiles()).length === 0;
      const isRuntimeKept = async () => (await shelf.kept()).some((url) => url.endsWith('.wasm.gz'));
      if (runtime && !(await isRuntimeKept())) await shelf.fetch(runtime);
      const hasRuntime = await isRuntimeKept();
      const missing: Part[] = [
        ...(hasRuntime ? [] : ['runtime' as const]),
        ...(hasModels ? [] : ['models' as const]),
      ];
      set({ missing });
    },
  }));
}

/** The browser itself. `root` is the folder of index.html. */
export function browserShelf(root: URL, cacheName: string): Shelf {
  const get = (path: string) => fetch(new URL(path, root), { cache: 'no-cache' }).catch(() => null);
  return {
    isControlled: () => Boolean(navigator.serviceWorker?.controller),
    async kept() {
      const cache = await caches.open(cacheName);
      return (await cache.keys()).map(({ url }) => url);
    },
    async fetchJson(path) {
      const response = await get(path);
      return response?.ok ? response.json().catch(() => null) : null;
    },
    async fetch(path) {
      const response = await get(path);
      await response?.arrayBuffer().catch(() => null);
    },
  };
}
