import * as v from 'valibot';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { BUNDLED, CLIP_VOCABULARY } from '../../catalog/models.ts';
import type { BrowserCache } from '../../pwa/browser-cache.ts';

/** What works without a network, and whether a newer version of the page waits. */
export interface Offline {
  /** What is not cached yet; null before the first check, empty once the page, the runtime and Trinket are. */
  readonly missing: readonly OfflinePart[] | null;
  /** Replaces the page by the newer version; null where none waits. */
  readonly applyUpdate: (() => void) | null;
  /**
   * Caches what is missing, as far as it can, and updates `missing`.
   * @param runtime the address of the onnxruntime file that this device uses, once it is known
   */
  check(runtime?: string): Promise<void>;
}

export type OfflinePart = 'page' | 'runtime' | 'models';

/** Folders beside index.html that are to work without a network. */
const FOLDERS = [...Object.values(BUNDLED).map(({ path }) => path), CLIP_VOCABULARY];

const Manifest = v.object({ files: v.array(v.object({ path: v.string() })) });

/** The store of what works offline; nothing is known until `check`. */
export function createOfflineStore(cache: BrowserCache): StoreApi<Offline> {
  /** The bundled files that are not cached; where a folder's manifest is missing, at least that file. */
  const missingFiles = async (): Promise<string[]> => {
    const cached = await cache.cached();
    const lists = FOLDERS.map(async (folder) => {
      const list = v.safeParse(Manifest, await cache.fetchJson(`${folder}/manifest.json`));
      const files = list.success ? list.output.files.map(({ path }) => path) : [];
      return ['manifest.json', ...files].map((path) => `${folder}/${path}`);
    });
    const paths = (await Promise.all(lists)).flat();
    return paths.filter((path) => !cached.some((url) => url.endsWith(`/${path}`)));
  };

  return createStore<Offline>()((set) => ({
    missing: null,
    applyUpdate: null,

    async check(runtime) {
      if (!cache.isControlled()) {
        set({ missing: ['page', 'runtime', 'models'] });
        return;
      }
      for (const path of await missingFiles()) await cache.fetch(path);
      const hasModels = (await missingFiles()).length === 0;
      const isRuntimeCached = async () => (await cache.cached()).some((url) => url.endsWith('.wasm.gz'));
      if (runtime && !(await isRuntimeCached())) await cache.fetch(runtime);
      const hasRuntime = await isRuntimeCached();
      const missing: OfflinePart[] = [
        ...(hasRuntime ? [] : ['runtime' as const]),
        ...(hasModels ? [] : ['models' as const]),
      ];
      set({ missing });
    },
  }));
}
