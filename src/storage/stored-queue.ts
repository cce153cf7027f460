import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import * as v from 'valibot';
import type { GenerationRequest } from '../protocol/generation.ts';
import { RequestSchema } from '../protocol/request.ts';
import { ownName } from '../protocol/root.ts';

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

/** Opens the database of the queue, or makes it. */
export function openQueueDatabase(): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(ownName('queue'), 1, {
    upgrade(db) {
      db.createObjectStore('queues');
      db.createObjectStore('jobs', { keyPath: 'id' });
    },
  });
}

/**
 * The queue in IndexedDB. Jobs are stored under the name of their page, which holds a lock of that name. A page that gets the
 * lock of another one knows that it was closed, and takes over its jobs: no two pages ever have the same job.
 */
export function openQueueStorage(locks: LockManager, page: string): QueueStorage {
  const opening = openQueueDatabase();
  const isMine = new Promise<void>((resolve) => {
    // Held until the page is closed.
    void locks.request(lockName(page), () => new Promise(() => resolve()));
  });
  const written = new Set<string>();
  const gone: string[] = [];
  let saving = Promise.resolve();

  const save = async (
    jobs: readonly StoredJob[],
    added: readonly StoredJob[],
    ended: readonly string[],
    pages: readonly string[],
  ) => {
    await isMine;
    const change = (await opening).transaction(['queues', 'jobs'], 'readwrite');
    const [queues, rows] = [change.objectStore('queues'), change.objectStore('jobs')];
    const ids = jobs.map(({ id }) => id);
    await Promise.all([
      ...added.map((job) => rows.put(job)),
      ...ended.map((id) => rows.delete(id)),
      ...pages.map((other) => queues.delete(other)),
      ids.length > 0 ? queues.put(ids, page) : queues.delete(page),
      change.done,
    ]);
  };

  const read = async (other: string): Promise<StoredJob[]> => {
    const db = await opening;
    const ids = (await db.get('queues', other)) ?? [];
    const rows = await Promise.all(ids.map((id) => db.get('jobs', id)));
    for (const id of ids) written.add(id);
    gone.push(other);
    return rows.map(readStoredJob).filter((job) => job !== null);
  };

  return {
    async adopt(take) {
      const others = (await (await opening).getAllKeys('queues')).filter((name) => name !== page);
      for (const other of others)
        locks
          .request(lockName(other), async () => {
            take(await read(other));
            // The lock is released when they are no longer stored under the other page's name.
            await saving;
          })
          .catch(() => {});
    },

    save(jobs) {
      const added = jobs.filter(({ id }) => !written.has(id));
      const ended = [...written].filter((id) => jobs.every((job) => job.id !== id));
      for (const { id } of added) written.add(id);
      for (const id of ended) written.delete(id);
      saving = save(jobs, added, ended, gone.splice(0));
      return saving;
    },
  };
}
