import type { DBSchema, IDBPDatabase } from 'idb';
import type { PictureSettings } from '../protocol/picture-settings.ts';
import { ownName } from '../protocol/root.ts';
import { Database, readEntries, readValue } from './database.ts';
import { inputsOf, type PictureRow, parseRow } from './picture-row.ts';
import type { StorageNews } from './storage-news.ts';
import { acceptTags } from './tags.ts';

interface Schema extends DBSchema {
  rows: { key: string; value: unknown; indexes: Indexes };
  /** `png/…` and `thumbnail/…` by a row's id, `input/…` by its sha256. */
  files: { key: string; value: Blob };
}

/** By these rows are found without the others being read. A row where it is null is not in that index. */
interface Indexes {
  readonly [name: string]: string | number;
  readonly hash: string;
  readonly createdAt: number;
  readonly deletedAt: number;
  readonly image: string;
  readonly mask: string;
  /** Each of a row's. */
  readonly steering: string;
}

const INDEXES = ['hash', 'createdAt', 'deletedAt', 'image', 'mask', 'steering'] as const;
/** Of lists, each entry is found. */
const MULTI_ENTRY: readonly string[] = ['steering'];

/** A picture to be stored, with everything that is known about it. */
export interface NewPicture {
  readonly png: Blob;
  /** At most 512 pixels a side. */
  readonly thumbnail: Blob;
  readonly createdAt: number;
  readonly width: number;
  readonly height: number;
  readonly settings: PictureSettings | null;
  readonly seconds: number | null;
  readonly device: PictureRow['device'];
  readonly revision: string | null;
  readonly isFavourite: boolean;
  readonly tags: readonly string[];
  readonly experiment: string | null;
  readonly image: Blob | null;
  readonly mask: Blob | null;
  /** The maps of its layers, then the pictures of its picture prompts. */
  readonly steering: readonly Blob[];
}

/** What is changed of a row, or how that is made of the row itself. */
export type RowChange =
  | Partial<Pick<PictureRow, 'isFavourite' | 'deletedAt'>>
  | ((row: PictureRow) => Partial<Pick<PictureRow, 'tags'>>);

/** Rows read at once, so that thousands of them do not block the page. */
const BATCH = 500;
/** Rows that are passed over at most for one of the newest. */
const PASSED_OVER = 10;
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

  /**
   * The newest pictures, the newest first. Only so many are read, and those that are passed over: what is deleted, what cannot
   * be read and what does not say how it was made.
   */
  async newest(count: number): Promise<PictureRow[]> {
    const rows: PictureRow[] = [];
    for (let passed = 0; rows.length < count && passed < count * PASSED_OVER; ) {
      const ids = await this.#database.read((db) => newestIds(db, passed, count - rows.length));
      if (ids.length === 0) break;
      for (const row of await this.#rows(ids)) if (row?.settings && row.deletedAt === null) rows.push(row);
      passed += ids.length;
    }
    return rows;
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
   * Stores a picture; null where this very file is stored already, which then gets the tags that it lacks.
   * @throws AppError storage-full, no-storage
   */
  async add({ png, thumbnail, image, mask, steering, ...facts }: NewPicture): Promise<PictureRow | null> {
    const hash = await sha256(png);
    const known = await this.#database.read((db) => db.getAllFromIndex('rows', 'hash', hash));
    const same = known.map(parseRow).flatMap((row) => (row?.deletedAt === null ? [row.id] : []));
    if (same.length > 0) {
      const { tags } = facts;
      if (tags.length > 0) await this.change(same, (row) => ({ tags: acceptTags([...row.tags, ...tags]) }));
      return null;
    }
    const [imageHash, maskHash] = await Promise.all([image && sha256(image), mask && sha256(mask)]);
    const steeringHashes = await Promise.all(steering.map(sha256));
    const row: PictureRow = {
      ...facts,
      ...{ id: crypto.randomUUID(), hash, bytes: png.size, image: imageHash, mask: maskHash },
      ...{ steering: steeringHashes, deletedAt: null },
    };
    await this.#database.change(['rows', 'files'], function* (change) {
      const [rows, files] = [change.objectStore('rows'), change.objectStore('files')];
      yield rows.put(row);
      yield files.put(png, `png/${row.id}`);
      yield files.put(thumbnail, `thumbnail/${row.id}`);
      if (image) yield files.put(image, `input/${imageHash}`);
      if (mask) yield files.put(mask, `input/${maskHash}`);
      for (const [i, file] of steering.entries()) yield files.put(file, `input/${steeringHashes[i]}`);
    });
    return row;
  }

  png(id: string): Promise<Blob | undefined> {
    return this.#file(`png/${id}`);
  }

  thumbnail(id: string): Promise<Blob | undefined> {
    return this.#file(`thumbnail/${id}`);
  }

  /** The initial image of a picture, its mask, or what steered it, by its hash. */
  input(hash: string): Promise<Blob | undefined> {
    return this.#file(`input/${hash}`);
  }

  async #file(key: string): Promise<Blob | undefined> {
    const file = await this.#database.read((db) => readValue(db, 'files', key));
    return file instanceof Blob ? file : undefined;
  }

  /** Changes rows; ids of rows that do not exist are ignored. */
  async change(ids: readonly string[], change: RowChange) {
    await this.#database.write(async (db) => {
      const { store, done } = db.transaction('rows', 'readwrite');
      const changeOne = async (id: string) => {
        const row = parseRow(await store.get(id));
        if (row) await store.put({ ...row, ...(typeof change === 'function' ? change(row) : change) });
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
    const ids = await this.#database.read((db) => longDeleted(db, now));
    if (ids.length === 0) return;
    const gone = (await this.#rows(ids)).filter((row) => row !== null);
    const unused = await this.#database.read((db) => unusedInputs(db, gone));
    await this.#database.change(['rows', 'files'], function* (change) {
      const [rows, files] = [change.objectStore('rows'), change.objectStore('files')];
      for (const { id } of gone) {
        yield rows.delete(id);
        for (const kind of ['png', 'thumbnail']) yield files.delete(`${kind}/${id}`);
      }
      for (const hash of unused) yield files.delete(`input/${hash}`);
    });
  }

  /** These rows; null for those that cannot be read. */
  async #rows(ids: readonly string[]): Promise<(PictureRow | null)[]> {
    const stored = await this.#database.read((db) => Promise.all(ids.map((id) => readValue(db, 'rows', id))));
    return stored.map(parseRow);
  }
}

/** The ids of the newest rows, whatever they hold, without the first `passed`. */
async function newestIds(db: IDBPDatabase<Schema>, passed: number, count: number): Promise<string[]> {
  const ids: string[] = [];
  const index = db.transaction('rows').store.index('createdAt');
  let cursor = await index.openKeyCursor(null, 'prev');
  if (passed > 0) cursor = (await cursor?.advance(passed)) ?? null;
  for (; cursor && ids.length < count; cursor = await cursor.continue()) ids.push(cursor.primaryKey);
  return ids;
}

/** The ids of what cannot be restored any more, by the index of what is deleted at all. */
async function longDeleted(db: IDBPDatabase<Schema>, now: number): Promise<string[]> {
  const ranges = [IDBKeyRange.upperBound(now - UNDO_MS, true), IDBKeyRange.lowerBound(now + UNDO_MS, true)];
  const ids = ranges.map((range) => db.getAllKeysFromIndex('rows', 'deletedAt', range));
  return (await Promise.all(ids)).flat();
}

/** The hashes of the inputs that only these rows name. */
async function unusedInputs(db: IDBPDatabase<Schema>, rows: readonly PictureRow[]): Promise<string[]> {
  const gone = new Set(rows.map(({ id }) => id));
  const hashes = new Set(rows.flatMap(inputsOf));
  const unused: string[] = [];
  for (const hash of hashes) {
    const named = ['image', 'mask', 'steering'].map((name) => db.getAllKeysFromIndex('rows', name, hash));
    if ((await Promise.all(named)).flat().every((id) => gone.has(id))) unused.push(hash);
  }
  return unused;
}

/** The database of the gallery. 0.2 had it without most of its indexes, and what came after it without that of `steering`. */
export function galleryDatabase(name = ownName('gallery'), news?: StorageNews): Database<Schema> {
  const upgrade: ConstructorParameters<typeof Database<Schema>>[2] = (db, change) => {
    const isThere = db.objectStoreNames.contains('rows');
    const rows = isThere ? change.objectStore('rows') : db.createObjectStore('rows', { keyPath: 'id' });
    for (const index of INDEXES)
      if (!rows.indexNames.contains(index))
        rows.createIndex(index, index, { multiEntry: MULTI_ENTRY.includes(index) });
    if (!isThere) db.createObjectStore('files');
  };
  return new Database(name, 'picture', upgrade, news, 3);
}

async function sha256(file: Blob): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
