import { createStore, type StoreApi } from 'zustand/vanilla';
import { modelLabel } from '../catalog/models.ts';
import { type Gallery, type NewPicture, UNDO_MS } from '../gallery/gallery.ts';
import { unzipPictures, zipPictures } from '../gallery/gallery-zip.ts';
import { byAge, hasWords, type PictureRow } from '../gallery/picture-row.ts';
import { AppError, fromWire, toWire } from '../protocol/errors.ts';
import type { Caller } from './generation.ts';

/** Which pictures are shown. */
export interface GalleryFilter {
  /** All of these words, in either prompt. */
  readonly words: string;
  /** A model's id; empty for any. */
  readonly model: string;
  readonly favourites: boolean;
}

/** What the last import came to. */
export interface Imported {
  readonly added: number;
  readonly known: number;
  readonly refused: number;
}

/** The pictures of this browser. */
export interface Pictures {
  /** Newest first; null until they have been read. */
  readonly rows: readonly PictureRow[] | null;
  readonly filter: GalleryFilter;
  /** Rows that could not be understood. */
  readonly strange: number;
  /** The last ones thrown away, as long as they can be had back. */
  readonly deleted: readonly string[];
  /** An import or export under way. */
  readonly busy: { readonly done: number; readonly total: number } | null;
  readonly imported: Imported | null;
  readonly error: AppError | null;

  /** Reads the rows; again when another tab has changed them. */
  load(): Promise<void>;
  setFilter(change: Partial<GalleryFilter>): void;
  keep(picture: Omit<NewPicture, 'thumbnail'>): Promise<void>;
  setFavourite(ids: readonly string[], isFavourite: boolean): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  undo(): Promise<void>;
  /** Pictures and zips of them. */
  importFiles(files: readonly File[]): Promise<void>;
  /** Null when that failed; the error is in the store. */
  zip(ids: readonly string[], nameOf: (row: PictureRow) => string): Promise<Blob | null>;
  file(kind: 'png' | 'thumbnail' | 'input', key: string): Promise<Blob | null>;
}

/** What the store needs of the browser. */
export interface GalleryShelf {
  open(): Promise<Gallery>;
  makeThumbnail(picture: Blob): Promise<Blob>;
  now(): number;
  /** Other tabs hear it when something has changed here. */
  tellOthers(): void;
  onOthers(listen: () => void): void;
}

/** The rows shown, of those there are. */
export function shownRows(rows: readonly PictureRow[], { words, model, favourites }: GalleryFilter) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(
    (row) =>
      (!favourites || row.isFavourite) &&
      (model === '' || row.settings?.settings.model === model) &&
      hasWords(row, wanted),
  );
}

/** The models there are pictures of, by id, with the names people know. */
export function modelsOf(rows: readonly PictureRow[]): Readonly<Record<string, string>> {
  const ids = new Set(rows.flatMap(({ settings }) => settings?.settings.model ?? []));
  return Object.fromEntries([...ids].map((id) => [id, modelLabel(id)]));
}

export function createGalleryStore(client: Caller, shelf: GalleryShelf): StoreApi<Pictures> {
  let opened: Promise<Gallery> | undefined;
  /** A browser that refuses once may be asked again. */
  const gallery = (): Promise<Gallery> => {
    opened ??= shelf.open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };

  const store = createStore<Pictures>()((set, get) => {
    /** What went wrong is said, and costs nothing that is there. */
    const attempt = async <T>(job: () => Promise<T>): Promise<T | null> => {
      try {
        const result = await job();
        set({ error: null });
        return result;
      } catch (error) {
        set({ error: fromWire(toWire(error)) });
        return null;
      }
    };
    const replaceRows = (ids: readonly string[], change: Partial<PictureRow>) =>
      set({ rows: (get().rows ?? []).map((row) => (ids.includes(row.id) ? { ...row, ...change } : row)) });
    const insert = (rows: readonly PictureRow[]) => {
      const others = (get().rows ?? []).filter(({ id }) => !rows.some((row) => row.id === id));
      set({ rows: [...others, ...rows].sort(byAge) });
    };
    const addOne = async (picture: Omit<NewPicture, 'thumbnail'>): Promise<PictureRow | null> => {
      const thumbnail = await shelf.makeThumbnail(picture.png);
      const row = await (await gallery()).add({ ...picture, thumbnail });
      if (row && get().rows) insert([row]);
      return row;
    };
    const importOne = async ({ file, row, image, mask }: Found): Promise<PictureRow | null> => {
      const { width, height, settings } = await client.call('inspectImage', { file });
      const untold = {
        createdAt: shelf.now(),
        isFavourite: false,
        seconds: null,
        device: null,
        revision: null,
      };
      const { createdAt, isFavourite, seconds, device, revision } = row ?? untold;
      const facts = { createdAt, isFavourite, seconds, device, revision };
      return addOne({ ...facts, png: file, width, height, settings: row?.settings ?? settings, image, mask });
    };

    return {
      rows: null,
      filter: { words: '', model: '', favourites: false },
      strange: 0,
      deleted: [],
      busy: null,
      imported: null,
      error: null,

      async load() {
        await attempt(async () => {
          const rows: PictureRow[] = [];
          const strange = await (await gallery()).list((some) => rows.push(...some));
          set({ rows: rows.sort(byAge), strange });
        });
      },

      setFilter: (change) => set({ filter: { ...get().filter, ...change } }),

      async keep(picture) {
        const row = await attempt(() => addOne(picture));
        if (row) shelf.tellOthers();
      },

      async setFavourite(ids, isFavourite) {
        replaceRows(ids, { isFavourite });
        await attempt(async () => (await gallery()).change(ids, { isFavourite }));
        shelf.tellOthers();
      },

      async remove(ids) {
        set({ rows: (get().rows ?? []).filter(({ id }) => !ids.includes(id)), deleted: ids });
        await attempt(async () => (await gallery()).change(ids, { deletedAt: shelf.now() }));
        shelf.tellOthers();
        setTimeout(() => {
          if (get().deleted === ids) set({ deleted: [] });
        }, UNDO_MS);
      },

      async undo() {
        const { deleted } = get();
        set({ deleted: [] });
        await attempt(async () => (await gallery()).change(deleted, { deletedAt: null }));
        await get().load();
        shelf.tellOthers();
      },

      async importFiles(files) {
        if (get().busy) return;
        let [added, known, refused] = [0, 0, 0];
        set({ imported: null, busy: { done: 0, total: files.length } });
        await attempt(async () => {
          const found: Found[] = [];
          for (const file of files) {
            if (await isZip(file)) found.push(...(await unzipPictures(file)));
            else found.push({ file, row: null, image: null, mask: null });
          }
          for (const [done, picture] of found.entries()) {
            set({ busy: { done, total: found.length } });
            try {
              if (await importOne(picture)) added++;
              else known++;
            } catch (error) {
              if (!(error instanceof AppError && error.code === 'unsupported-image')) throw error;
              refused++;
            }
          }
        });
        set({ busy: null, imported: { added, known, refused } });
        shelf.tellOthers();
      },

      async zip(ids, nameOf) {
        if (get().busy) return null;
        const rows = (get().rows ?? []).filter(({ id }) => ids.includes(id));
        let done = 0;
        const name = (row: PictureRow) => {
          set({ busy: { done: done++, total: rows.length } });
          return nameOf(row);
        };
        const file = await attempt(async () => zipPictures(await gallery(), rows, name));
        set({ busy: null });
        return file;
      },

      async file(kind, key) {
        const shelved = await gallery().catch(() => null);
        return (await shelved?.[kind](key)) ?? null;
      },
    };
  });
  shelf.onOthers(() => {
    if (store.getState().rows) void store.getState().load();
  });
  return store;
}

/** A picture on its way in. */
interface Found {
  readonly file: Blob;
  readonly row: PictureRow | null;
  readonly image: Blob | null;
  readonly mask: Blob | null;
}

async function isZip(file: Blob): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  return head[0] === 0x50 && head[1] === 0x4b;
}
