import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { AppError } from '../protocol/errors.ts';
import type { PictureSettings } from '../protocol/picture-settings.ts';
import { ownName } from '../protocol/root.ts';
import { type PictureRow, parseRow } from './picture-row.ts';

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
  readonly #db: IDBPDatabase<Schema>;

  private constructor(db: IDBPDatabase<Schema>) {
    this.#db = db;
  }

  /**
   * Opens the gallery and purges what was deleted longer ago than it can be restored.
   * @param now milliseconds since 1970
   * @throws AppError no-storage where the browser stores nothing
   */
  static async open(now: number, name?: string): Promise<Gallery> {
    const db = await openGalleryDatabase(name).catch((cause: unknown) => {
      throw new AppError('no-storage', String(cause), { what: 'picture' }, { cause });
    });
    const gallery = new Gallery(db);
    await gallery.#purge(now);
    return gallery;
  }

  /**
   * Reads all rows, some hundred at a time.
   * @param onRows is given each lot
   * @returns how many could not be read; they stay stored
   */
  async list(onRows: (rows: readonly PictureRow[]) => void): Promise<number> {
    let unreadable = 0;
    let after: string | undefined;
    for (;;) {
      const range = after === undefined ? null : IDBKeyRange.lowerBound(after, true);
      const stored = await this.#db.getAll('rows', range, BATCH);
      const rows = stored.map(parseRow).filter((row) => row !== null);
      unreadable += stored.length - rows.length;
      onRows(rows.filter(({ deletedAt }) => deletedAt === null));
      if (stored.length < BATCH) return unreadable;
      after = (stored.at(-1) as { id: string }).id;
    }
  }

  /**
   * Stores a picture; null where this very file is stored already.
   * @throws AppError storage-full
   */
  async add({ png, thumbnail, image, mask, ...facts }: NewPicture): Promise<PictureRow | null> {
    const hash = await sha256(png);
    const known = (await this.#db.getAllFromIndex('rows', 'hash', hash)).map(parseRow);
    if (known.some((row) => row?.deletedAt === null)) return null;
    const [imageHash, maskHash] = await Promise.all([image && sha256(image), mask && sha256(mask)]);
    const row: PictureRow = {
      ...facts,
      ...{ id: crypto.randomUUID(), hash, bytes: png.size, image: imageHash, mask: maskHash },
      deletedAt: null,
    };
    const change = this.#db.transaction(['rows', 'files'], 'readwrite');
    const [rows, files] = [change.objectStore('rows'), change.objectStore('files')];
    const puts: Promise<unknown>[] = [
      rows.put(row),
      files.put(png, `png/${row.id}`),
      files.put(thumbnail, `thumbnail/${row.id}`),
      ...(image ? [files.put(image, `input/${imageHash}`)] : []),
      ...(mask ? [files.put(mask, `input/${maskHash}`)] : []),
      change.done,
    ];
    // The transaction's error says more than those of its requests.
    await Promise.all(puts).catch((cause: unknown) => full(change.error ?? cause));
    return row;
  }

  png(id: string): Promise<Blob | undefined> {
    return this.#db.get('files', `png/${id}`);
  }

  thumbnail(id: string): Promise<Blob | undefined> {
    return this.#db.get('files', `thumbnail/${id}`);
  }

  /** The initial image of a picture, or its mask, by its hash. */
  input(hash: string): Promise<Blob | undefined> {
    return this.#db.get('files', `input/${hash}`);
  }

  /** Changes rows; ids of rows that do not exist are ignored. */
  async change(ids: readonly string[], change: Partial<Pick<PictureRow, 'isFavourite' | 'deletedAt'>>) {
    const { store, done } = this.#db.transaction('rows', 'readwrite');
    for (const id of ids) {
      const row = parseRow(await store.get(id));
      if (row) await store.put({ ...row, ...change });
    }
    await done.catch(full);
  }

  /**
   * Removes for good what was deleted long enough ago, and the inputs that no picture needs any more. What was deleted in a
   * time to come, by a clock that has since been set back, would stay until then.
   */
  async #purge(now: number): Promise<void> {
    const gone: PictureRow[] = [];
    const used = new Set<string | null>();
    let after: string | undefined;
    for (;;) {
      const range = after === undefined ? null : IDBKeyRange.lowerBound(after, true);
      const stored = await this.#db.getAll('rows', range, BATCH);
      for (const row of stored.map(parseRow)) {
        if (row && row.deletedAt !== null && Math.abs(now - row.deletedAt) > UNDO_MS) gone.push(row);
        else for (const hash of [row?.image, row?.mask]) used.add(hash ?? null);
      }
      if (stored.length < BATCH) break;
      after = (stored.at(-1) as { id: string }).id;
    }
    if (gone.length === 0) return;
    const change = this.#db.transaction(['rows', 'files'], 'readwrite');
    for (const { id, image, mask } of gone) {
      void change.objectStore('rows').delete(id);
      const files = [`png/${id}`, `thumbnail/${id}`];
      for (const hash of [image, mask]) if (hash && !used.has(hash)) files.push(`input/${hash}`);
      for (const file of files) void change.objectStore('files').delete(file);
    }
    await change.done;
  }
}

/** Opens the database of the gallery, or makes it. */
export function openGalleryDatabase(name = ownName('gallery')): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(name, 1, {
    upgrade(db) {
      db.createObjectStore('rows', { keyPath: 'id' }).createIndex('hash', 'hash');
      db.createObjectStore('files');
    },
    // A newer version of the page in another tab wants to upgrade the database.
    blocking: (_old, _new, event) => (event.target as IDBDatabase).close(),
  });
}

async function sha256(file: Blob): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function full(cause: unknown): never {
  if (cause instanceof DOMException && cause.name === 'QuotaExceededError')
    throw new AppError('storage-full', 'No room for the picture.', { what: 'picture' }, { cause });
  throw cause;
}
