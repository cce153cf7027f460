import {
  type DBSchema,
  deleteDB,
  type IDBPDatabase,
  type IDBPTransaction,
  openDB,
  type StoreKey,
  type StoreNames,
} from 'idb';
import { answered } from '../protocol/answered.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import { QUIET, type StorageNews, type Stored } from './storage-news.ts';

/** What a connection fails with that was closed, or that the browser has lost: another one may work. */
const LOST = ['InvalidStateError', 'AbortError', 'UnknownError'];
/** What a browser fails with that does not store, or does not store this; any other error is ours. */
const REFUSED = [...LOST, 'SecurityError', 'DataCloneError', 'NotFoundError', 'NotReadableError'];

type Changes<S extends DBSchema | unknown> = IDBPTransaction<S, StoreNames<S>[], 'readwrite'>;
type Upgrade<S extends DBSchema> = (
  db: IDBPDatabase<S>,
  change: IDBPTransaction<S, StoreNames<S>[], 'versionchange'>,
) => void;

/**
 * A database of this deployment, the only way to one. It is opened when it is first used, and again when it was closed under
 * the page: cleared by a person or by the browser, or wanted by another tab.
 */
export class Database<S extends DBSchema> {
  readonly #name: string;
  readonly #what: Stored;
  readonly #upgrade: Upgrade<S>;
  readonly #version: number;
  readonly #news: StorageNews;
  #opening: Promise<IDBPDatabase<S>> | undefined;
  #db: IDBPDatabase<S> | undefined;

  /**
   * @param what is lost where it cannot be stored
   * @param upgrade makes the stores, or what an older version has not made
   * @param version counts up when `upgrade` makes something new; a page that knows only an older one then lets go of it
   */
  constructor(name: string, what: Stored, upgrade: Upgrade<S>, news: StorageNews = QUIET, version = 1) {
    this.#name = name;
    this.#what = what;
    this.#upgrade = upgrade;
    this.#news = news;
    this.#version = version;
  }

  /**
   * Reads. `job` runs a second time where the connection was lost.
   * @throws AppError no-storage, storage-full
   */
  async read<T>(job: (db: IDBPDatabase<S>) => Promise<T>): Promise<T> {
    try {
      return await this.#attempt(job);
    } catch (error) {
      const known = this.#known(error);
      if (known instanceof AppError) this.#news.failed(known);
      throw known;
    }
  }

  /** As `read`, for what changes something: that it worked is news too. */
  async write<T>(job: (db: IDBPDatabase<S>) => Promise<T>): Promise<T> {
    const result = await this.read(job);
    this.#news.failed(null);
    return result;
  }

  /** Makes all of these changes, or none. `make` gives the requests; it may run a second time. */
  change<Names extends readonly StoreNames<S>[]>(
    stores: Names,
    make: (change: Changes<S>) => Iterable<Promise<unknown>>,
  ): Promise<void> {
    return this.write((db) => changeAll(db, stores, make));
  }

  /** Closes it; the next use opens it again. */
  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    (await opening?.catch(() => null))?.close();
  }

  /** Lets go of a connection, unless another has taken its place. */
  #forget(db: IDBPDatabase<S>): void {
    db.close();
    if (this.#db === db) this.#opening = undefined;
  }

  async #attempt<T>(job: (db: IDBPDatabase<S>) => Promise<T>): Promise<T> {
    const db = await this.#open();
    try {
      return await job(db);
    } catch (error) {
      if (!LOST.includes((error as Error).name)) throw error;
      this.#forget(db);
    }
    return job(await this.#open());
  }

  #open(): Promise<IDBPDatabase<S>> {
    if (!this.#opening) {
      const opening = this.#connect(() => {
        if (this.#opening === opening) this.#opening = undefined;
      });
      this.#opening = opening;
      opening.then(
        (db) => {
          this.#db = db;
          this.#news.opened();
        },
        () => {
          if (this.#opening === opening) this.#opening = undefined;
        },
      );
    }
    return answered(this.#what, this.#opening);
  }

  async #connect(onClosed: () => void): Promise<IDBPDatabase<S>> {
    const db = await openDB<S>(this.#name, this.#version, {
      upgrade: (db, _old, _new, change) => this.#upgrade(db, change),
      terminated: onClosed,
      // Another tab wants to delete it, or to upgrade it for a newer version of the page.
      blocking(_old, _new, event) {
        (event.target as IDBDatabase).close();
        onClosed();
      },
    });
    if (db.objectStoreNames.length > 0) return db;
    // Somebody else has made it, and nothing can be in it.
    db.close();
    await deleteDB(this.#name);
    return this.#connect(onClosed);
  }

  /** Why the browser did not store, or the error as it is. */
  #known(error: unknown): unknown {
    if (error instanceof AppError) return error;
    const { name, message } = error as Error;
    const what = this.#what;
    if (name === 'QuotaExceededError')
      return new AppError('storage-full', message, { what }, { cause: error });
    if (name === 'VersionError') {
      const details = { kind: 'storage-newer', what } satisfies Fault;
      return new AppError('no-storage', message, details, { cause: error });
    }
    // Before it is open, whatever is thrown is the browser's: there may be no indexedDB at all.
    if (this.#opening && !REFUSED.includes(name)) return error;
    return new AppError('no-storage', `${name}: ${message}`, { what }, { cause: error });
  }
}

/** Makes all of these changes to a database, or none; once they are asked for, they are made though the page be closed. */
export async function changeAll<S extends DBSchema | unknown>(
  db: IDBPDatabase<S>,
  stores: readonly StoreNames<S>[],
  make: (change: Changes<S>) => Iterable<Promise<unknown>>,
  options?: IDBTransactionOptions,
): Promise<void> {
  const change = db.transaction([...stores], 'readwrite', options);
  const requests: Promise<unknown>[] = [change.done];
  try {
    for (const request of make(change)) requests.push(request);
    // What is not being committed when its page is closed is undone.
    change.commit();
    await Promise.all(requests);
  } catch (cause) {
    // The transaction's error says more than those of its requests.
    const error = change.error ?? cause;
    for (const request of requests) request.catch(() => {});
    try {
      change.abort();
    } catch {
      // It is over already.
    }
    throw error;
  }
}

/** What is stored, in the order of its keys. A value that the browser cannot read is undefined. */
export async function readEntries<S extends DBSchema, Name extends StoreNames<S>>(
  db: IDBPDatabase<S>,
  store: Name,
  range: IDBKeyRange | null = null,
  most?: number,
): Promise<{ readonly key: StoreKey<S, Name>; readonly value: unknown }[]> {
  const keys = await db.getAllKeys(store, range, most);
  // All or nothing: one that is damaged fails them all.
  const values: unknown[] = await db
    .getAll(store, range, most)
    .catch(() => Promise.all(keys.map((key) => readValue(db, store, key))));
  return keys.map((key, i) => ({ key, value: values[i] }));
}

/** One value; undefined where there is none that the browser can read. */
export async function readValue<S extends DBSchema, Name extends StoreNames<S>>(
  db: IDBPDatabase<S>,
  store: Name,
  key: StoreKey<S, Name>,
): Promise<unknown> {
  try {
    return await db.get(store, key);
  } catch (error) {
    if (['InvalidStateError', 'AbortError'].includes((error as Error).name)) throw error;
    return undefined;
  }
}
