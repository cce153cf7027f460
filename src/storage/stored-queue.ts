import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import * as v from 'valibot';
import { type GenerationRequest, REQUEST_DEFAULTS } from '../protocol/generation.ts';
import { InitImageSchema, RequestSchema } from '../protocol/request.ts';
import { ownName } from '../protocol/root.ts';

/** What is kept of a job. */
export interface StoredJob {
  readonly id: string;
  readonly request: GenerationRequest;
}

/** Where the queue outlives the page. Any call may fail: then it lives as long as the page. */
export interface QueueStorage {
  /** Hands over, once or several times, the jobs of pages that are gone; from then on they are this page's. */
  adopt(take: (jobs: readonly StoredJob[]) => void): Promise<void>;
  /** The page's jobs are these now, in this order. */
  save(jobs: readonly StoredJob[]): Promise<void>;
}

/** A page's queue by the page's own name: the ids of its jobs in order, and each job in a row that is written once. */
interface Schema extends DBSchema {
  queues: { key: string; value: readonly string[] };
  jobs: { key: string; value: StoredJob };
}

/** What the page itself needs of a request, to show it and to estimate its time. The worker checks all of it. */
const settings = RequestSchema.entries;
const Stored = v.object({
  id: v.pipe(v.string(), v.nonEmpty(), v.maxLength(100)),
  request: v.looseObject({
    ...{ model: settings.model, prompt: settings.prompt, negativePrompt: settings.negativePrompt },
    ...{ device: settings.device, scheduler: settings.scheduler, seed: settings.seed },
    ...{ width: settings.width, height: settings.height, numImages: settings.numImages },
    ...{ numInferenceSteps: settings.numInferenceSteps, guidanceScale: settings.guidanceScale },
    image: v.nullable(v.looseObject({ file: v.blob(), strength: InitImageSchema.entries.strength })),
  }),
});

/** A row as a job, or null: the one check of stored jobs. What an older version did not know has its default. */
export function readStoredJob(row: unknown): StoredJob | null {
  const { success, output } = v.safeParse(Stored, row);
  if (!success) return null;
  return {
    id: output.id,
    request: { ...REQUEST_DEFAULTS, ...output.request } as unknown as GenerationRequest,
  };
}

/** A Web Lock that a page holds as long as it lives. */
const lockName = (page: string) => ownName(`queue.${page}`);

export function openQueueDatabase(): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(ownName('queue'), 1, {
    upgrade(db) {
      db.createObjectStore('queues');
      db.createObjectStore('jobs', { keyPath: 'id' });
    },
  });
}

/**
 * Jobs in IndexedDB, under the name of the page that lined them up. A page holds a lock of its name; who gets the lock of
 * another's name knows that page to be gone, and takes its jobs over: no two pages ever have the same job.
 */
export function openQueueStorage(locks: LockManager, page: string): QueueStorage {
  const opening = openQueueDatabase();
  const isMine = new Promise<void>((resolve) => {
    // Held until the page is gone.
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
            // The lock is let go when they are no longer to be found under the other's name.
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
