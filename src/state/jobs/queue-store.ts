import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError } from '../../protocol/errors.ts';
import type { GenerationRequest } from '../../protocol/generation.ts';
import type { KeptJob, KeptQueue } from '../../storage/stored-queue.ts';
import type { FinishedRun, Origin } from './generation-store.ts';

/** One press of Generate, or one cell of an experiment, with all that it needs as it was then. */
export interface Job {
  readonly id: string;
  readonly request: GenerationRequest;
  readonly origin: Origin;
  /** From an earlier visit: it waits until it is told to go on. */
  readonly isHeld: boolean;
}

/** A job that came to nothing among others, and can be tried again. */
export interface FailedJob extends Job {
  readonly error: AppError;
}

/** Who paints: one job at a time. */
export interface Painter {
  paint(job: Job): Promise<FinishedRun | AppError>;
  /** Ends what is being painted. */
  stop(): void;
}

/** Jobs in the order they will run. Only the running one is known to the worker. */
export interface Queue {
  readonly running: Job | null;
  readonly waiting: readonly Job[];
  readonly failed: readonly FailedJob[];
  /** Jobs ended, in whatever way, since the queue last stood still. */
  readonly ended: number;
  /** The place in `waiting` that the last thing done was a move to; null if it was something else. */
  readonly movedTo: number | null;

  /** Lines a request up behind the others; with none running it begins at once. */
  add(request: GenerationRequest, origin: Origin): string;
  /** Takes a job out of the line, or stops it when it is running. */
  cancel(id: string): void;
  /** Puts a waiting job at this place of `waiting`, counted from 0; a place beyond the ends is the end. */
  move(id: string, to: number): void;
  /** Cancels all that wait. */
  clear(): void;
  /** Cancels all that wait, and stops the running one. */
  stopAll(): void;
  /** What was held from an earlier visit may run. */
  goOn(): void;
  /** Lines a failed job up once more. */
  retry(id: string): void;
  /** Forgets a failed job. */
  dismiss(id: string): void;
  /**
   * How a job that waits or runs ends.
   * @throws AppError the job's own; aborted when it was cancelled or stopped; bug when there is no such job
   */
  finished(id: string): Promise<FinishedRun>;
}

/** Whether a job waits that may run. */
export const isReady = ({ isHeld }: Job) => !isHeld;

/** `kept` is where jobs of the form outlive the page; an experiment keeps its own. `newId` gives an id nobody has. */
export function createQueueStore(painter: Painter, kept: KeptQueue, newId: () => string): StoreApi<Queue> {
  const listeners = new Map<string, ((end: FinishedRun | AppError) => void)[]>();
  const tell = (id: string, end: FinishedRun | AppError) => {
    for (const listener of listeners.get(id) ?? []) listener(end);
    listeners.delete(id);
  };

  const store = createStore<Queue>()((set, get) => {
    const change = (next: Partial<Queue>) => set({ movedTo: null, ...next });
    /** The next job in the place of the one that ended, in one change: nobody sees the queue stand still between two. */
    const advance = (next: Partial<Queue>) => {
      const waiting = next.waiting ?? get().waiting;
      const job = waiting.find(isReady) ?? null;
      change({ ...next, running: job, waiting: waiting.filter((other) => other !== job) });
      if (job) void run(job);
    };
    const run = async (job: Job) => {
      const end = await painter.paint(job);
      const { ended, failed, waiting } = get();
      const hasFailed = end instanceof AppError && end.code !== 'aborted';
      // The error of one that was alone stays on the easel, and Generate tries it again.
      const isAmongOthers = job.origin.kind === 'create' && (ended > 0 || waiting.some(isReady));
      advance({
        ended: ended + 1,
        failed: hasFailed && isAmongOthers ? [...failed, { ...job, error: end }] : failed,
      });
      tell(job.id, end);
    };
    const lineUp = (waiting: readonly Job[], next: Partial<Queue>) =>
      get().running ? change({ waiting }) : advance({ ...next, waiting });
    const create = (request: GenerationRequest, origin: Origin): Job => ({
      id: newId(),
      request,
      origin,
      isHeld: false,
    });

    return {
      running: null,
      waiting: [],
      failed: [],
      ended: 0,
      movedTo: null,

      add(request, origin) {
        const job = create(request, origin);
        lineUp([...get().waiting, job], { ended: 0 });
        return job.id;
      },

      cancel(id) {
        const { running, waiting } = get();
        if (running?.id === id) return painter.stop();
        if (!waiting.some((job) => job.id === id)) return;
        change({ waiting: waiting.filter((job) => job.id !== id) });
        tell(id, new AppError('aborted', 'Cancelled before it began.'));
      },

      move(id, to) {
        const job = get().waiting.find((other) => other.id === id);
        if (!job) return;
        const others = get().waiting.filter((other) => other !== job);
        const place = Math.min(Math.max(0, to), others.length);
        change({ waiting: others.toSpliced(place, 0, job), movedTo: place });
      },

      clear() {
        const { waiting } = get();
        if (waiting.length === 0) return;
        change({ waiting: [] });
        for (const { id } of waiting) tell(id, new AppError('aborted', 'Cancelled before it began.'));
      },

      stopAll() {
        get().clear();
        if (get().running) painter.stop();
      },

      goOn() {
        const waiting = get().waiting.map((job) => ({ ...job, isHeld: false }));
        lineUp(waiting, { ended: 0 });
      },

      retry(id) {
        const job = get().failed.find((other) => other.id === id);
        if (!job) return;
        get().dismiss(id);
        lineUp([...get().waiting, create(job.request, job.origin)], {});
      },

      dismiss: (id) => change({ failed: get().failed.filter((job) => job.id !== id) }),

      finished: (id) =>
        new Promise((resolve, reject) => {
          if (!line(get()).some((job) => job.id === id))
            throw new AppError('bug', `No job ${id} is lined up.`);
          const listener = (end: FinishedRun | AppError) =>
            end instanceof AppError ? reject(end) : resolve(end);
          listeners.set(id, [...(listeners.get(id) ?? []), listener]);
        }),
    };
  });

  store.subscribe((now, before) => {
    if (now.running === before.running && now.waiting === before.waiting) return;
    const jobs = line(now).filter(({ origin }) => origin.kind === 'create');
    // What cannot be kept lives as long as the page.
    kept.save(jobs.map(({ id, request }) => ({ id, request }))).catch(() => {});
  });
  const hold = (jobs: readonly KeptJob[]) => {
    const held = jobs.map((job): Job => ({ ...job, origin: { kind: 'create' }, isHeld: true }));
    store.setState(({ waiting }) => ({ waiting: [...held, ...waiting] }));
  };
  kept.adopt(hold).catch(() => {});
  return store;
}

/** All that is not over, in the order it will run. */
const line = ({ running, waiting }: Queue) => (running ? [running, ...waiting] : waiting);
