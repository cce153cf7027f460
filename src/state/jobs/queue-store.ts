import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, fromWire, toWire } from '../../protocol/errors.ts';
import type { GenerationRequest } from '../../protocol/generation.ts';
import { parseRequest } from '../../protocol/request.ts';
import type { QueueStorage, StoredJob } from '../../storage/stored-queue.ts';
import type { FinishedRun, Origin } from './run.ts';

/** One press of Generate, or one cell of an experiment, with everything that it needs. */
export interface Job {
  readonly id: string;
  readonly request: GenerationRequest;
  readonly origin: Origin;
  /** It comes from an earlier visit, and waits for `resume`. */
  readonly isHeld: boolean;
}

/** A job that failed while others were in the queue; it can be tried again. */
export interface FailedJob extends Job {
  readonly error: AppError;
}

/** Runs one job at a time. */
export interface JobRunner {
  /** Resolves with the finished run, or with why it did not finish. */
  run(job: Job): Promise<FinishedRun | AppError>;
  /** Stops the running job. */
  stop(): void;
}

/** The queue of jobs, in the order they will run. The worker knows only the running one. */
export interface Queue {
  readonly running: Job | null;
  readonly waiting: readonly Job[];
  readonly failed: readonly FailedJob[];
  /** How many jobs have ended, in whatever way, since the queue was last idle. */
  readonly ended: number;
  /** Where in `waiting` a job was moved, if that was the last change; else null. */
  readonly movedTo: number | null;

  /** Takes over the jobs of pages that were closed: they wait for `resume`. */
  adopt(): Promise<void>;
  /**
   * Adds a job behind the others; with none running it begins at once. One that could not run, and so could not be kept either,
   * fails at once. Returns its id.
   */
  add(request: GenerationRequest, origin: Origin): string;
  /** Removes a waiting job, or stops the running one. */
  cancel(id: string): void;
  /** Moves a waiting job to this index of `waiting`; an index beyond either end means that end. */
  move(id: string, to: number): void;
  /** Cancels all waiting jobs. */
  clear(): void;
  /** Cancels all waiting jobs and stops the running one. */
  stopAll(): void;
  /** Lets the jobs from an earlier visit run, or one of them. */
  resume(id?: string): void;
  /** Cancels the jobs from an earlier visit. */
  dropHeld(): void;
  /** Adds a failed job once more. */
  retry(id: string): void;
  /** Removes a failed job from the list. */
  dismiss(id: string): void;
  /**
   * Resolves when a waiting or running job has finished.
   * @throws AppError the job's own; aborted when it was cancelled or stopped; bug when there is no such job
   */
  finished(id: string): Promise<FinishedRun>;
}

/** Whether a waiting job may run. */
export const mayRun = ({ isHeld }: Job) => !isHeld;

/**
 * The queue's store.
 * @param storage where the form's jobs outlive the page; an experiment stores its own
 * @param newId gives an id that is in use nowhere
 * @param settled resolves when what has been painted is saved
 */
export function createQueueStore(
  runner: JobRunner,
  storage: QueueStorage,
  newId: () => string,
  settled: () => Promise<unknown>,
): StoreApi<Queue> {
  const ends = createJobEnds();

  const store = createStore<Queue>()((set, get, api) => {
    /** Starts the next job in the same change that ends the last one: nobody sees the queue idle in between. */
    const advance = (next: Partial<Queue>) => {
      const waiting = next.waiting ?? get().waiting;
      const job = waiting.find(mayRun) ?? null;
      set({ movedTo: null, ...next, running: job, waiting: waiting.filter((other) => other !== job) });
      if (job) void run(job);
    };
    const run = async (job: Job) => {
      const end = await runner.run(job);
      const { ended, failed, waiting } = get();
      const hasFailed = end instanceof AppError && end.code !== 'aborted';
      // The error of a job that was alone stays on the easel, and Generate tries it again.
      const isAmongOthers = job.origin.kind === 'create' && (ended > 0 || waiting.some(mayRun));
      advance({
        ended: ended + 1,
        failed: hasFailed && isAmongOthers ? [...failed, { ...job, error: end }] : failed,
      });
      ends.tell(job.id, end);
    };
    const lineUp = (waiting: readonly Job[], next: Partial<Queue>) => {
      if (get().running) set({ movedTo: null, waiting });
      else advance({ ...next, waiting });
    };
    const enqueue = (request: GenerationRequest, origin: Origin, next: Partial<Queue>) => {
      const job: Job = { id: newId(), request, origin, isHeld: false };
      const error = origin.kind === 'create' && get().running && requestFault(request);
      if (error) set({ movedTo: null, failed: [...get().failed, { ...job, error }] });
      else lineUp([...get().waiting, job], next);
      return job.id;
    };

    return {
      running: null,
      waiting: [],
      failed: [],
      ended: 0,
      movedTo: null,

      add: (request, origin) => enqueue(request, origin, { ended: 0 }),
      adopt: () => storage.adopt((jobs) => hold(api, jobs)).catch(() => {}),
      ...cancellations(api, runner, ends),
      move: (id, to) => set(moved(get().waiting, id, to)),

      resume(id) {
        const waiting = get().waiting.map((job) =>
          id === undefined || job.id === id ? { ...job, isHeld: false } : job,
        );
        lineUp(waiting, { ended: 0 });
      },

      retry(id) {
        const job = get().failed.find((other) => other.id === id);
        if (!job) return;
        get().dismiss(id);
        enqueue(job.request, job.origin, {});
      },

      dismiss: (id) => set({ movedTo: null, failed: get().failed.filter((job) => job.id !== id) }),

      finished: (id) =>
        new Promise((resolve, reject) => {
          if (!line(get()).some((job) => job.id === id))
            throw new AppError('bug', `No job ${id} is in the queue.`);
          ends.listen(id, (end) => (end instanceof AppError ? reject(end) : resolve(end)));
        }),
    };
  });
  storeJobs(store, storage, settled);
  return store;
}

/** Why the engine would not take a request; null where it would. */
function requestFault(request: GenerationRequest): AppError | null {
  try {
    parseRequest(request);
    return null;
  } catch (error) {
    return fromWire(toWire(error));
  }
}

/** All jobs that have not ended, in the order they will run. */
const line = ({ running, waiting }: Queue) => (running ? [running, ...waiting] : waiting);

type End = FinishedRun | AppError;

/** Who wants to know how a job ends; each is told once. */
function createJobEnds() {
  const listeners = new Map<string, ((end: End) => void)[]>();
  return {
    listen(id: string, listener: (end: End) => void): void {
      listeners.set(id, [...(listeners.get(id) ?? []), listener]);
    },
    tell(id: string, end: End): void {
      for (const listener of listeners.get(id) ?? []) listener(end);
      listeners.delete(id);
    },
  };
}

/** The actions that end jobs before they are finished. */
function cancellations(
  { getState, setState }: StoreApi<Queue>,
  runner: JobRunner,
  ends: ReturnType<typeof createJobEnds>,
): Pick<Queue, 'cancel' | 'clear' | 'dropHeld' | 'stopAll'> {
  const remove = (ids: readonly string[]) => {
    if (ids.length === 0) return;
    setState({ movedTo: null, waiting: getState().waiting.filter(({ id }) => !ids.includes(id)) });
    for (const id of ids) ends.tell(id, new AppError('aborted', 'Cancelled before it began.'));
  };
  return {
    cancel(id) {
      const { running, waiting } = getState();
      if (running?.id === id) runner.stop();
      else if (waiting.some((job) => job.id === id)) remove([id]);
    },
    dropHeld: () => remove(getState().waiting.flatMap(({ id, isHeld }) => (isHeld ? id : []))),
    clear: () => remove(getState().waiting.map(({ id }) => id)),
    stopAll() {
      getState().clear();
      if (getState().running) runner.stop();
    },
  };
}

/** The change that moves a job; none where the job does not wait. */
function moved(waiting: readonly Job[], id: string, to: number): Partial<Queue> {
  const job = waiting.find((other) => other.id === id);
  if (!job) return {};
  const others = waiting.filter((other) => other !== job);
  const index = Math.min(Math.max(0, to), others.length);
  return { waiting: others.toSpliced(index, 0, job), movedTo: index };
}

/** Adds the jobs of an earlier visit before the others. */
function hold({ setState }: StoreApi<Queue>, jobs: readonly StoredJob[]): void {
  const held = jobs.map((job): Job => ({ ...job, origin: { kind: 'create' }, isHeld: true }));
  setState(({ waiting }) => ({ waiting: [...held, ...waiting] }));
}

/** Stores the form's jobs as they change. One that has ended stays until its pictures are saved: the page may close before. */
function storeJobs(store: StoreApi<Queue>, storage: QueueStorage, settled: () => Promise<unknown>): void {
  const unsaved = new Set<Job>();
  const write = () => {
    const jobs = [...unsaved, ...line(store.getState())].filter(({ origin }) => origin.kind === 'create');
    // Where that fails they live as long as the page, and it is for the storage to say so.
    storage.save(jobs.map(({ id, request }) => ({ id, request }))).catch(() => {});
  };
  store.subscribe((now, before) => {
    if (now.running === before.running && now.waiting === before.waiting) return;
    const ended = now.running !== before.running ? before.running : null;
    if (ended) {
      unsaved.add(ended);
      void settled().finally(() => {
        unsaved.delete(ended);
        write();
      });
    }
    write();
  });
}
