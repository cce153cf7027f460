import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import { AppError, type ErrorCode, type Fault, fromWire, toWire } from '../../protocol/errors.ts';
import { type Gallery, type NewPicture, UNDO_MS } from '../../storage/gallery.ts';
import { type PackedPicture, zipLots, zipPictures } from '../../storage/gallery-zip.ts';
import { byAge, type PictureRow } from '../../storage/picture-row.ts';
import { type GalleryFilter, SHOW_ALL } from './gallery-filter.ts';
import type { ImportResult, RefusedFile } from './import-result.ts';
import { importedPicture, picturesIn } from './imported-pictures.ts';
import { createUnsavedPictures } from './unsaved-pictures.ts';

/** The pictures stored in this browser. */
export interface Pictures {
  /** Newest first; null until they have been read. */
  readonly rows: readonly PictureRow[] | null;
  readonly filter: GalleryFilter;
  /** How many stored rows could not be read. */
  readonly unreadable: number;
  /** The ids of what was deleted, one list for each time, as long as it can be restored. */
  readonly deleted: readonly (readonly string[])[];
  /** How many pictures of an import or export are done. */
  readonly busy: { readonly done: number; readonly total: number } | null;
  /** The result of the last import. */
  readonly imported: ImportResult | null;
  readonly error: AppError | null;
  /** Why the last finished picture could not be saved. */
  readonly saveError: AppError | null;
  /** How many pictures of this visit wait to be saved. */
  readonly unsaved: number;

  /** Opens the gallery, so that it is known whether there is one. */
  open(): Promise<void>;
  /** Reads all rows; again when another tab has changed them. */
  load(): Promise<void>;
  setFilter(change: Partial<GalleryFilter>): void;
  save(picture: PictureToSave): Promise<void>;
  setFavourite(ids: readonly string[], isFavourite: boolean): Promise<void>;
  /** Resolves with whether they are deleted; if not, `error` says why. */
  remove(ids: readonly string[]): Promise<boolean>;
  /** Restores what was deleted last. */
  undo(): Promise<void>;
  /** Adds pictures, and the pictures in zips. */
  importFiles(files: readonly File[]): Promise<void>;
  /** Packs pictures into zips: several where one would be too large to be read back. */
  zip(
    ids: readonly string[],
    nameOf: (row: PictureRow, type: string) => string,
    onZip: (file: Blob, part: number, parts: number) => void,
  ): Promise<void>;
  /** One file of a picture: by its row's id, or, an input, by its hash. Null where there is none. */
  file(kind: 'png' | 'thumbnail' | 'input', key: string): Promise<Blob | null>;
}

/** A thumbnail, with the size in pixels of the picture itself. */
export type SmallPicture = Pick<NewPicture, 'thumbnail' | 'width' | 'height'>;

type PictureToSave = Omit<NewPicture, keyof SmallPicture>;

/** What the store needs of the browser. */
export interface GalleryBrowser {
  /** @throws AppError no-storage */
  open(): Promise<Gallery>;
  /** @throws AppError unsupported-image */
  makeThumbnail(picture: Blob): Promise<SmallPicture>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Tells the other tabs that something has changed. */
  tellOthers(): void;
  /** Calls `listen` when another tab has changed something, and when the gallery was opened, or opened again. */
  onChanged(listen: () => void): void;
}

/** The store of the gallery. Nothing is read until `load`. */
export function createGalleryStore(client: Caller, browser: GalleryBrowser): StoreApi<Pictures> {
  const gallery = openOnce(browser);
  return createStore<Pictures>()((set, get, api) => {
    let loading: Promise<unknown> = Promise.resolve();
    const access: Access = { store: api, browser, gallery, loaded: () => loading };
    const unsaved = createUnsavedPictures(
      async (picture: PictureToSave) => {
        if (await addPicture(access, picture)) browser.tellOthers();
      },
      (count) => set(count === 0 ? { unsaved: 0, saveError: null } : { unsaved: count }),
    );
    browser.onChanged(() => {
      void unsaved.retry();
      if (get().rows) void get().load();
    });
    return {
      rows: null,
      filter: SHOW_ALL,
      unreadable: 0,
      deleted: [],
      busy: null,
      imported: null,
      error: null,
      saveError: null,
      unsaved: 0,

      // What is wrong is said by whoever stores.
      open: () => gallery().then(noop, noop),

      async load() {
        await unsaved.retry();
        loading = attempt(api, async () => {
          const rows: PictureRow[] = [];
          const unreadable = await (await gallery()).list((some) => rows.push(...some));
          set({ rows: rows.sort(byAge), unreadable });
        });
        await loading;
      },

      setFilter: (change) => set({ filter: { ...get().filter, ...change } }),

      async save(picture) {
        try {
          const row = await addPicture(access, picture);
          set({ saveError: null });
          if (row) browser.tellOthers();
          await unsaved.retry();
        } catch (error) {
          set({ saveError: fromWire(toWire(error)) });
          unsaved.keep(picture, error);
        }
      },

      ...rowChanges(access),
      ...transfers(access, client),

      async file(kind, key) {
        try {
          return (await (await gallery())[kind](key)) ?? null;
        } catch (error) {
          set({ error: fromWire(toWire(error)) });
          return null;
        }
      },
    };
  });
}

const noop = () => {};

type OpenGallery = () => Promise<Gallery>;

/** What the actions work on. */
interface Access {
  readonly store: StoreApi<Pictures>;
  readonly browser: GalleryBrowser;
  readonly gallery: OpenGallery;
  /** When no rows are being read: a list that is under way may not have what has just been added. */
  loaded(): Promise<unknown>;
}

/** Opens the gallery at the first call; after a refusal the next call tries again. */
function openOnce(browser: GalleryBrowser): OpenGallery {
  let opened: Promise<Gallery> | undefined;
  return () => {
    opened ??= browser.open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}

/** Runs `job` and shows its error, if any. Null after an error. */
async function attempt<T>({ setState }: StoreApi<Pictures>, job: () => Promise<T>): Promise<T | null> {
  try {
    const result = await job();
    setState({ error: null });
    return result;
  } catch (error) {
    setState({ error: fromWire(toWire(error)) });
    return null;
  }
}

/** Stores a picture and shows it; null when this very file is there already. */
async function addPicture(
  { store, browser, gallery, loaded }: Access,
  picture: PictureToSave,
): Promise<PictureRow | null> {
  const small = await browser.makeThumbnail(picture.png);
  const row = await (await gallery()).add({ ...picture, ...small });
  await loaded();
  const { rows } = store.getState();
  if (row && rows) store.setState({ rows: [...rows.filter(({ id }) => id !== row.id), row].sort(byAge) });
  return row;
}

/** After these nothing more can be imported; any other error is about one file. */
const ENDS_IMPORT: readonly ErrorCode[] = ['storage-full', 'no-storage', 'aborted'];

/** Why a file could not be imported. @throws what ends the import */
function refusalOf(name: string, thrown: unknown): RefusedFile {
  const error = fromWire(toWire(thrown));
  if (ENDS_IMPORT.includes(error.code)) throw error;
  return { name, error };
}

/** The actions that change rows which are there. */
function rowChanges({ store, browser, gallery }: Access): Pick<Pictures, 'setFavourite' | 'remove' | 'undo'> {
  const { getState, setState } = store;
  const change = (ids: readonly string[], to: Parameters<Gallery['change']>[1]) =>
    attempt(store, async () => (await gallery()).change(ids, to));
  // The rows stay as they are until a change is written: what looks deleted must not be back after a reload.
  return {
    async setFavourite(ids, isFavourite) {
      if ((await change(ids, { isFavourite })) === null) return;
      const changed = new Set(ids);
      const rows = getState().rows ?? [];
      setState({ rows: rows.map((row) => (changed.has(row.id) ? { ...row, isFavourite } : row)) });
      browser.tellOthers();
    },

    async remove(ids) {
      if ((await change(ids, { deletedAt: browser.now() })) === null) return false;
      const gone = new Set(ids);
      const { rows, deleted } = getState();
      setState({ rows: (rows ?? []).filter(({ id }) => !gone.has(id)), deleted: [...deleted, ids] });
      browser.tellOthers();
      setTimeout(() => setState({ deleted: getState().deleted.filter((lot) => lot !== ids) }), UNDO_MS);
      return true;
    },

    async undo() {
      const lot = getState().deleted.at(-1);
      if (!lot || (await change(lot, { deletedAt: null })) === null) return;
      setState({ deleted: getState().deleted.filter((other) => other !== lot) });
      await getState().load();
      browser.tellOthers();
    },
  };
}

/** The actions that bring pictures in and take them out, in files. */
function transfers(access: Access, client: Caller): Pick<Pictures, 'importFiles' | 'zip'> {
  const { store, browser, gallery } = access;
  const { getState, setState } = store;
  const add = async (packed: PackedPicture) => {
    const picture = await packed.open();
    const { settings } = await client.call('inspectImage', { file: picture.file });
    return addPicture(access, importedPicture(picture, settings, browser.now()));
  };
  return {
    async importFiles(files) {
      if (getState().busy) return;
      let [added, known] = [0, 0];
      const refused: RefusedFile[] = [];
      setState({ imported: null, busy: { done: 0, total: files.length } });
      await attempt(store, async () => {
        const pictures: PackedPicture[] = [];
        for (const file of files)
          await picturesIn(file).then(
            (found) => pictures.push(...found),
            (error: unknown) => refused.push(refusalOf(file.name, error)),
          );
        for (const [done, picture] of pictures.entries()) {
          setState({ busy: { done, total: pictures.length } });
          await add(picture).then(
            (row) => (row ? added++ : known++),
            (error: unknown) => refused.push(refusalOf(picture.name, error)),
          );
        }
      });
      setState({ busy: null, imported: { added, known, refused } });
      browser.tellOthers();
    },

    async zip(ids, nameOf, onZip) {
      const { busy, rows } = getState();
      if (busy) return;
      const wanted = new Set(ids);
      const lots = zipLots((rows ?? []).filter(({ id }) => wanted.has(id)));
      let done = 0;
      const name = (row: PictureRow, type: string) => {
        setState({ busy: { done: done++, total: wanted.size } });
        return nameOf(row, type);
      };
      await attempt(store, async () => {
        let count = 0;
        for (const [i, lot] of lots.entries()) {
          const { zip, lost } = await zipPictures(await gallery(), lot, name);
          onZip(zip, i + 1, lots.length);
          count += lost;
        }
        if (count === 0) return;
        const details = { kind: 'pictures-lost', count } satisfies Fault;
        throw new AppError('unreadable-file', `${count} pictures cannot be read.`, details);
      });
      setState({ busy: null });
    },
  };
}
