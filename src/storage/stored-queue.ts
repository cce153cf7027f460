import type { DBSchema, IDBPDatabase } from 'idb';
import * as v from 'valibot';
import { answered } from '../protocol/answered.ts';
import { AppError } from '../protocol/errors.ts';
import type { GenerationRequest } from '../protocol/generation.ts';
import { RequestSchema } from '../protocol/request.ts';
import { ownName } from '../protocol/root.ts';
import { Database, readValue } from './database.ts';
import { QUIET, type StorageNews } from './storage-news.ts';

/** A job as it is stored. */
export interface StoredJob {
  readonly id: string;
  readonly request: GenerationRequest;
}

/** Stores the queue beyond the life of the page. Any call may fail: then it lasts as long as the page. */
export interface QueueStorage {
  /** Takes over the jobs of pages that were closed; `take` is called once for each such page. */
  adopt(take: (jobs: readonly StoredJob[]) => void): Promise<void>;
  /** Stores the page's jobs as they are now, in this order. */
  save(jobs: readonly StoredJob[]): Promise<void>;
}

/** By the name of a page, the ids of its jobs in order; and each job in a row that is written once. */
interface Schema extends DBSchema {
  queues: { key: string; value: readonly string[] };
  jobs: { key: string; value: StoredJob };
}

const Stored = v.object({
  id: v.pipe(v.string(), v.nonEmpty(), v.maxLength(100)),
  request: RequestSchema,
});

/** A row as a job, or null: the one check of stored jobs. What an older version did not know has its default. */
export function readStoredJob(row: unknown): StoredJob | null {
  const { success, output } = v.safeParse(Stored, row);
  return success ? output : null;
}

/** The Web Lock that a page holds until it is closed. */
const lockName = (page: string) => ownName(`queue.${page}`);

/** The database of the queue. */
export function queueDatabase(news?: StorageNews): Database<Schema> {
  const upgrade = (fresh: IDBPDatabase<Schema>) => {
    fresh.createObjectStore('queues');
    fresh.createObjectStore('jobs', { keyPath: 'id' });
  };
  return new Database(ownName('queue'), 'job', upgrade, news);
}

/**
 * The queue in IndexedDB. Jobs are stored under the name of their page, which holds a lock of that name. A page that gets the
 * lock of another one knows that it was closed, and takes over its jobs: no two pages ever have the same job.
 * @param locks gives the browser's Web Locks, if it has them: without, two tabs could not tell whose jobs are whose
 */
export function openQueueStorage(
  locks: () => LockManager,
  page: string,
  news: StorageNews = QUIET,
): QueueStorage {
  const known = new Set<string>();
  const gone = new Set<string>();
  const written = new Set<string>();
  const opened = () => {
    // Somebody may have cleared it.
    written.clear();
    news.opened();
  };
  const database = queueDatabase({ ...news, opened });
  const holdLock = holdPageLock(locks, page);
  let saving = Promise.resolve();
  let unreadable = 0;

  const save = async (jobs: readonly StoredJob[]) => {
    await holdLock().catch((error: AppError) => {
      news.failed(error);
      throw error;
    });
    const ids = jobs.map(({ id }) => id);
    for (const id of ids) known.add(id);
    await database.change(['queues', 'jobs'], function* (change) {
      const [queues, rows] = [change.objectStore('queues'), change.objectStore('jobs')];
      for (const job of jobs) if (!written.has(job.id)) yield rows.put(job);
      for (const id of known) if (!ids.includes(id)) yield rows.delete(id);
      for (const other of gone) yield queues.delete(other);
      yield ids.length > 0 ? queues.put(ids, page) : queues.delete(page);
    });
    for (const id of ids) written.add(id);
    for (const id of known) if (!ids.includes(id)) known.delete(id);
    gone.clear();
  };

  const read = async (other: string): Promise<StoredJob[]> => {
    const [ids, rows] = await database.read(async (db) => {
      const stored = await readValue(db, 'queues', other);
      const names = (Array.isArray(stored) ? stored : [null]).map(String);
      return [names, await Promise.all(names.map((id) => readValue(db, 'jobs', id)))] as const;
    });
    for (const id of ids) known.add(id);
    gone.add(other);
    const jobs = rows.map(readStoredJob).filter((job) => job !== null);
    unreadable += rows.length - jobs.length;
    if (unreadable > 0) news.unreadable(unreadable);
    return jobs;
  };

  return {
    async adopt(take) {
      await holdLock().catch(news.failed);
      const pages = await database.read((db) => db.getAllKeys('queues'));
      for (const other of pages)
        if (typeof other === 'string' && other !== page)
          locks()
            .request(lockName(other), async () => {
              take(await read(other));
              // The lock is released when they are no longer stored under the other page's name.
              await saving;
            })
            .catch(() => {});
    },

    save(jobs) {
      saving = saving.catch(() => {}).then(() => save(jobs));
      return saving;
    },
  };
}

/** Asks for the page's lock once, and again where it was refused. @throws AppError no-storage */
function holdPageLock(locks: () => LockManager, page: string): () => Promise<void> {
  let held: Promise<void> | undefined;
  const ask = () =>
    new Promise<void>((resolve, reject) => {
      // Held until the page is closed.
      locks()
        .request(lockName(page), () => new Promise(() => resolve()))
        .catch(reject);
    }).catch((cause: unknown) => {
      held = undefined;
      throw new AppError('no-storage', `Web Locks: ${cause}`, { what: 'job' }, { cause });
    });
  return () => {
    held ??= ask();
    return answered('job', held);
  };
}
