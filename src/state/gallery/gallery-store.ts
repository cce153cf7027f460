import { createStore, type StoreApi } from 'zustand/vanilla';
import { modelLabel } from '../../catalog/models.ts';
import type { Caller } from '../../client/caller.ts';
import { AppError, fromWire, toWire } from '../../protocol/errors.ts';
import { type Gallery, type NewPicture, UNDO_MS } from '../../storage/gallery.ts';
import { unzipPictures, zipLots, zipPictures } from '../../storage/gallery-zip.ts';
import { byAge, hasWords, type PictureRow } from '../../storage/picture-row.ts';

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
  /** What was thrown away, press by press, as long as it can be had back. */
  readonly deleted: readonly (readonly string[])[];
  /** An import or export under way. */
  readonly busy: { readonly done: number; readonly total: number } | null;
  readonly imported: Imported | null;
  readonly error: AppError | null;
  /** Why the last picture made is not in the gallery. */
  readonly notKept: AppError | null;

  /** Reads the rows; again when another tab has changed them. */
  load(): Promise<void>;
  setFilter(change: Partial<GalleryFilter>): void;
  keep(picture: Kept): Promise<void>;
  setFavourite(ids: readonly string[], isFavourite: boolean): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  /** Has back what was thrown away last. */
  undo(): Promise<void>;
  /** Pictures and zips of them. */
  importFiles(files: readonly File[]): Promise<void>;
  /** Hands over zips of the pictures, several where one would be too large to read back. */
  zip(
    ids: readonly string[],
    nameOf: (row: PictureRow, type: string) => string,
    onZip: (file: Blob, part: number, parts: number) => void,
  ): Promise<void>;
  file(kind: 'png' | 'thumbnail' | 'input', key: string): Promise<Blob | null>;
}

/** A picture made small, with the size it has itself. */
export type SmallPicture = Pick<NewPicture, 'thumbnail' | 'width' | 'height'>;

/** A picture to be kept; the rest is read off it. */
type Kept = Omit<NewPicture, keyof SmallPicture>;

/** What the store needs of the browser. */
export interface GalleryShelf {
  open(): Promise<Gallery>;
  /** @throws AppError unsupported-image */
  makeThumbnail(picture: Blob): Promise<SmallPicture>;
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
    const replaceRows = (ids: readonly string[], change: Partial<PictureRow>) => {
      const wanted = new Set(ids);
      set({ rows: (get().rows ?? []).map((row) => (wanted.has(row.id) ? { ...row, ...change } : row)) });
    };
    const insert = (rows: readonly PictureRow[]) => {
      const others = (get().rows ?? []).filter(({ id }) => !rows.some((row) => row.id === id));
      set({ rows: [...others, ...rows].sort(byAge) });
    };
    const addOne = async (picture: Kept): Promise<PictureRow | null> => {
      const small = await shelf.makeThumbnail(picture.png);
      const row = await (await gallery()).add({ ...picture, ...small });
      if (row && get().rows) insert([row]);
      return row;
    };
    const importOne = async ({ file, row, image, mask }: Found): Promise<PictureRow | null> => {
      const { settings } = await client.call('inspectImage', { file });
      const untold = {
        createdAt: shelf.now(),
        isFavourite: false,
        seconds: null,
        device: null,
        revision: null,
      };
      const { createdAt, isFavourite, seconds, device, revision } = row ?? untold;
      const facts = { createdAt, isFavourite, seconds, device, revision };
      return addOne({ ...facts, png: file, settings: row?.settings ?? settings, image, mask });
    };

    return {
      rows: null,
      filter: { words: '', model: '', favourites: false },
      strange: 0,
      deleted: [],
      busy: null,
      imported: null,
      error: null,
      notKept: null,

      async load() {
        await attempt(async () => {
          const rows: PictureRow[] = [];
          const strange = await (await gallery()).list((some) => rows.push(...some));
          set({ rows: rows.sort(byAge), strange });
        });
      },

      setFilter: (change) => set({ filter: { ...get().filter, ...change } }),

      async keep(picture) {
        try {
          const row = await addOne(picture);
          set({ notKept: null });
          if (row) shelf.tellOthers();
        } catch (error) {
          set({ notKept: fromWire(toWire(error)) });
        }
      },

      async setFavourite(ids, isFavourite) {
        replaceRows(ids, { isFavourite });
        await attempt(async () => (await gallery()).change(ids, { isFavourite }));
        shelf.tellOthers();
      },

      async remove(ids) {
        const change = async () => (await gallery()).change(ids, { deletedAt: shelf.now() });
        // Not before it is written: what is shown as gone would be back after a reload.
        if ((await attempt(change)) === null) return;
        const gone = new Set(ids);
        set({ rows: (get().rows ?? []).filter(({ id }) => !gone.has(id)), deleted: [...get().deleted, ids] });
        shelf.tellOthers();
        setTimeout(() => set({ deleted: get().deleted.filter((lot) => lot !== ids) }), UNDO_MS);
      },

      async undo() {
        const lot = get().deleted.at(-1) ?? [];
        set({ deleted: get().deleted.slice(0, -1) });
        const change = async () => (await gallery()).change(lot, { deletedAt: null });
        if ((await attempt(change)) !== null) await get().load();
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

      async zip(ids, nameOf, onZip) {
        if (get().busy) return;
        const wanted = new Set(ids);
        const lots = zipLots((get().rows ?? []).filter(({ id }) => wanted.has(id)));
        let done = 0;
        const name = (row: PictureRow, type: string) => {
          set({ busy: { done: done++, total: wanted.size } });
          return nameOf(row, type);
        };
        await attempt(async () => {
          for (const [i, lot] of lots.entries())
            onZip(await zipPictures(await gallery(), lot, name), i + 1, lots.length);
        });
        set({ busy: null });
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
