import type { DBSchema, IDBPDatabase } from 'idb';
import type { PictureSettings } from '../protocol/picture-settings.ts';
import { ownName } from '../protocol/root.ts';
import { Database, readEntries, readValue } from './database.ts';
import { type PictureRow, parseRow } from './picture-row.ts';
import type { StorageNews } from './storage-news.ts';

interface Schema extends DBSchema {
  rows: { key: string; value: unknown; indexes: { hash: string } };
  /** `png/…` and `thumbnail/…` by a row's id, `input/…` by its sha256. */
  files: { key: string; value: Blob };
}

/** A picture to be stored, with everything that is known about it. */
export interface NewPicture {
  readonly png: Blob;
  /** At most 256 pixels a side. */
  readonly thumbnail: Blob;
  readonly createdAt: number;
  readonly width: number;
  readonly height: number;
  readonly settings: PictureSettings | null;
  readonly seconds: number | null;
  readonly device: PictureRow['device'];
  readonly revision: string | null;
  readonly isFavourite: boolean;
  readonly image: Blob | null;
  readonly mask: Blob | null;
}

/** Rows read at once, so that thousands of them do not block the page. */
const BATCH = 500;
/** How long a deleted picture can be restored, also by another tab. */
export const UNDO_MS = 10 * 60_000;

/**
 * The stored pictures, in IndexedDB: rows and files in separate stores, so that listing reads no files. Nothing is ever removed to
 * make room for something else.
 */
export class Gallery {
  readonly #database: Database<Schema>;

  constructor(name?: string, news?: StorageNews) {
    this.#database = galleryDatabase(name, news);
  }

  /**
   * Opens a gallery and purges it.
   * @param now milliseconds since 1970
   * @throws AppError no-storage where the browser stores nothing
   */
  static async open(now: number, name?: string): Promise<Gallery> {
    const gallery = new Gallery(name);
    await gallery.purge(now);
    return gallery;
  }

  /**
   * Reads all rows, some hundred at a time.
   * @param onRows is given each lot
   * @returns how many could not be read; they stay stored
   */
  async list(onRows: (rows: readonly PictureRow[]) => void): Promise<number> {
    let unreadable = 0;
    for await (const stored of this.#lots()) {
      const rows = stored.filter((row) => row !== null);
      unreadable += stored.length - rows.length;
      onRows(rows.filter(({ deletedAt }) => deletedAt === null));
    }
    return unreadable;
  }

  /** All rows, some hundred at a time; null for those that cannot be read. */
  async *#lots(): AsyncGenerator<(PictureRow | null)[]> {
    let range: IDBKeyRange | null = null;
    for (;;) {
      const entries = await this.#database.read((db) => readEntries(db, 'rows', range, BATCH));
      yield entries.map(({ value }) => parseRow(value));
      const last = entries.at(-1);
      if (!last || entries.length < BATCH) return;
      range = IDBKeyRange.lowerBound(last.key, true);
    }
  }

  /**
   * Stores a picture; null where this very file is stored already.
   * @throws AppError storage-full, no-storage
   */
  async add({ png, thumbnail, image, mask, ...facts }: NewPicture): Promise<PictureRow | null> {
    const hash = await sha256(png);
    const known = await this.#database.read((db) => db.getAllFromIndex('rows', 'hash', hash));
    if (known.map(parseRow).some((row) => row?.deletedAt === null)) return null;
    const [imageHash, maskHash] = await Promise.all([image && sha256(image), mask && sha256(mask)]);
    const row: PictureRow = {
      ...facts,
      ...{ id: crypto.randomUUID(), hash, bytes: png.size, image: imageHash, mask: maskHash },
      deletedAt: null,
    };
    await this.#database.change(['rows', 'files'], function* (change) {
      const [rows, files] = [change.objectStore('rows'), change.objectStore('files')];
      yield rows.put(row);
      yield files.put(png, `png/${row.id}`);
      yield files.put(thumbnail, `thumbnail/${row.id}`);
      if (image) yield files.put(image, `input/${imageHash}`);
      if (mask) yield files.put(mask, `input/${maskHash}`);
    });
    return row;
  }

  png(id: string): Promise<Blob | undefined> {
    return this.#file(`png/${id}`);
  }

  thumbnail(id: string): Promise<Blob | undefined> {
    return this.#file(`thumbnail/${id}`);
  }

  /** The initial image of a picture, or its mask, by its hash. */
  input(hash: string): Promise<Blob | undefined> {
    return this.#file(`input/${hash}`);
  }

  async #file(key: string): Promise<Blob | undefined> {
    const file = await this.#database.read((db) => readValue(db, 'files', key));
    return file instanceof Blob ? file : undefined;
  }

  /** Changes rows; ids of rows that do not exist are ignored. */
  async change(ids: readonly string[], change: Partial<Pick<PictureRow, 'isFavourite' | 'deletedAt'>>) {
    await this.#database.write(async (db) => {
      const { store, done } = db.transaction('rows', 'readwrite');
      const changeOne = async (id: string) => {
        const row = parseRow(await store.get(id));
        if (row) await store.put({ ...row, ...change });
      };
      const changed = Promise.all(ids.map(changeOne)).then(() => store.transaction.commit());
      await Promise.all([changed, done]);
    });
  }

  /**
   * Removes for good what was deleted longer ago than it can be restored, and the inputs that no picture needs any more. What
   * was deleted in a time to come, by a clock that has since been set back, would stay until then.
   * @param now milliseconds since 1970
   */
  async purge(now: number): Promise<void> {
    const gone: PictureRow[] = [];
    const used = new Set<string | null>();
    let unreadable = 0;
    for await (const rows of this.#lots())
      for (const row of rows) {
        if (row === null) unreadable++;
        else if (row.deletedAt !== null && Math.abs(now - row.deletedAt) > UNDO_MS) gone.push(row);
        else for (const hash of [row.image, row.mask]) used.add(hash);
      }
    if (gone.length === 0) return;
    await this.#database.change(['rows', 'files'], function* (change) {
      const [rows, files] = [change.objectStore('rows'), change.objectStore('files')];
      for (const { id, image, mask } of gone) {
        yield rows.delete(id);
        for (const kind of ['png', 'thumbnail']) yield files.delete(`${kind}/${id}`);
        // A row that cannot be read may need any of them.
        for (const hash of unreadable > 0 ? [] : [image, mask])
          if (hash && !used.has(hash)) yield files.delete(`input/${hash}`);
      }
    });
  }
}

/** The database of the gallery. */
export function galleryDatabase(name = ownName('gallery'), news?: StorageNews): Database<Schema> {
  const upgrade = (fresh: IDBPDatabase<Schema>) => {
    fresh.createObjectStore('rows', { keyPath: 'id' }).createIndex('hash', 'hash');
    fresh.createObjectStore('files');
  };
  return new Database(name, 'picture', upgrade, news);
}

async function sha256(file: Blob): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
