import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import { AppError, fromWire, toWire } from '../../protocol/errors.ts';
import { type Access, addPicture, attempt, openOnce } from './gallery-access.ts';
import { SHOW_ALL } from './gallery-filter.ts';
import type { GalleryBrowser, Pictures, PictureToSave } from './pictures.ts';
import { rowChanges } from './row-changes.ts';
import { rowReads } from './row-reads.ts';
import { createUnsavedPictures } from './unsaved-pictures.ts';

function notLoaded(cause: unknown): never {
  throw new AppError('download-failed', 'The script did not load.', { file: 'transfers' }, { cause });
}

/** The store of the gallery. Nothing is read until `load`. */
export function createGalleryStore(client: Caller, browser: GalleryBrowser): StoreApi<Pictures> {
  const gallery = openOnce(browser);
  return createStore<Pictures>()((set, get, api) => {
    const saved = new WeakMap<Blob, string>();
    const tell = () => {
      browser.tellOthers();
      if (get().recent) void get().loadRecent();
    };
    const { loaded, ...reads } = rowReads(api, gallery, () => unsaved.retry());
    const access: Access = { store: api, browser, gallery, loaded, tell, saved };
    const transfers = () =>
      attempt(api, async () => (await import('./transfers.ts').catch(notLoaded)).transfers(access, client));
    const unsaved = createUnsavedPictures(
      async (picture: PictureToSave) => {
        if (await addPicture(access, picture)) tell();
      },
      (count) => set(count === 0 ? { unsaved: 0, saveError: null } : { unsaved: count }),
    );
    browser.onChanged(() => {
      void unsaved.retry();
      if (get().rows) void get().load();
      if (get().recent) void get().loadRecent();
    });
    const save = async (picture: PictureToSave) => {
      try {
        const row = await addPicture(access, picture);
        set({ saveError: null });
        if (row) tell();
        await unsaved.retry();
      } catch (error) {
        set({ saveError: fromWire(toWire(error)) });
        unsaved.keep(picture, error);
      }
    };
    let saving: Promise<unknown> = Promise.resolve();
    return {
      rows: null,
      recent: null,
      filter: SHOW_ALL,
      unreadable: 0,
      deleted: [],
      busy: null,
      imported: null,
      error: null,
      saveError: null,
      unsaved: 0,

      setFilter: (change) => set({ filter: { ...get().filter, ...change } }),

      save(picture) {
        const one = save(picture);
        saving = Promise.allSettled([saving, one]);
        return one;
      },

      settled: () => saving,

      savedAs: (png) => saved.get(png) ?? null,

      ...reads,
      ...rowChanges(access),
      // What packs and unpacks is loaded when it is used.
      importFiles: async (files) => (await transfers())?.importFiles(files),
      zip: async (...what) => (await transfers())?.zip(...what),
    };
  });
}
