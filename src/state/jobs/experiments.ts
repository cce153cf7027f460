import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Axes, cellRequest, cellRequests, countCells } from '../../experiments/axes.ts';
import { runOrder } from '../../experiments/run-order.ts';
import { AppError, fromWire, toWire } from '../../protocol/errors.ts';
import type { GenerationRequest } from '../../protocol/generation.ts';
import type { ExperimentStorage, KeptCell, KeptSweep, Sweep } from '../../storage/stored-experiments.ts';
import { type AxisDraft, NO_AXIS, usualDraft } from './axis-draft.ts';
import type { Submit, Submitted } from './submit.ts';

/** One picture of an experiment. */
export type Cell =
  | { readonly state: 'waiting' }
  | { readonly state: 'running' }
  /** `url` is an object URL of `png`, revoked when another experiment is shown. */
  | { readonly state: 'done'; readonly png: Blob; readonly seconds: number; readonly url: string }
  | { readonly state: 'failed'; readonly error: AppError };

/** A sweep with its pictures, row by row. */
export interface Experiment extends Sweep {
  readonly cells: readonly Cell[];
}

/** What is being tried, one experiment at a time, and what was tried before. */
export interface Experiments {
  /** The columns, and perhaps the rows, as the form has them. */
  readonly drafts: readonly [columns: AxisDraft, rows: AxisDraft];
  readonly current: Experiment | null;
  readonly phase: 'idle' | 'running' | 'stopping';
  /** All that are kept, newest first; the current one among them. */
  readonly kept: readonly KeptSweep[];
  /** The one that was deleted last, while it can be brought back. */
  readonly deleted: Experiment | null;
  /** Whether this browser failed to keep something. */
  readonly isUnkept: boolean;

  setDraft(axis: 0 | 1, draft: AxisDraft): void;
  /** Begins another experiment; the one before is kept. Nothing happens while one is under way. */
  begin(base: GenerationRequest, axes: Axes): Promise<void>;
  /** Goes on with the cells that wait. */
  resume(): Promise<void>;
  /** Tries a cell again that has failed. */
  retry(cell: number): Promise<void>;
  /** Ends the picture in hand; what is finished stays. */
  stop(): void;
  /** Shows another one that was kept. */
  open(id: string): Promise<void>;
  delete(id: string): Promise<void>;
  undoDelete(): Promise<void>;
}

/** `submit` makes the pictures; `now` gives milliseconds since 1970, `newId` an id nobody has. */
export function createExperimentsStore(
  submit: Submit,
  storage: ExperimentStorage,
  now: () => number,
  newId: () => string,
): StoreApi<Experiments> {
  let abort = new AbortController();

  const store = createStore<Experiments>()((set, get) => {
    const keep = async (action: Promise<void>) => {
      try {
        await action;
        set({ kept: await storage.list() });
      } catch {
        set({ isUnkept: true });
      }
    };
    const cellsOf = async (id: string) => {
      try {
        return await storage.cells(id);
      } catch {
        set({ isUnkept: true });
        return new Map<number, KeptCell>();
      }
    };
    const show = (experiment: Experiment | null) => {
      release(get().current);
      set({ current: experiment });
    };
    const setCell = (place: number, next: Cell) => {
      const { current } = get();
      if (current)
        set({ current: { ...current, cells: current.cells.map((cell, i) => (i === place ? next : cell)) } });
    };

    const lineUp = async ({ id, base, axes }: Experiment, cell: number): Promise<Submitted | AppError> => {
      try {
        const origin = { kind: 'experiment', experiment: id, cell } as const;
        return await submit(cellRequest(base, axes, cell), origin, abort.signal);
      } catch (error) {
        return fromWire(toWire(error));
      }
    };
    const note = async (id: string, cell: number, end: Submitted | AppError) => {
      if (end instanceof AppError) {
        setCell(cell, end.code === 'aborted' ? { state: 'waiting' } : { state: 'failed', error: end });
      } else {
        setCell(cell, doneCell(end));
        await keep(storage.saveCell(id, cell, { png: end.png, seconds: end.seconds }));
      }
    };

    /** Runs the cells that wait; one that is stopped ends it. */
    const run = async (experiment: Experiment) => {
      const { id, base, axes } = experiment;
      const order = runOrder(cellRequests(base, axes));
      const linedUp = new Set<number>();
      const isNext = (cell: number) => {
        return get().current?.cells[cell]?.state === 'waiting' && !linedUp.has(cell);
      };
      const next = () => {
        const cell = abort.signal.aborted ? undefined : order.find(isNext);
        if (cell === undefined) return null;
        linedUp.add(cell);
        return { cell, end: lineUp(experiment, cell) };
      };
      let job = next();
      while (job) {
        // One ahead, so that the queue does not stand still between two.
        const following = next();
        setCell(job.cell, { state: 'running' });
        const end = await job.end;
        linedUp.delete(job.cell);
        await note(id, job.cell, end);
        if (end instanceof AppError && end.code === 'aborted') {
          abort.abort(end);
          await following?.end;
          return;
        }
        job = following ?? next();
      }
    };

    return {
      drafts: [usualDraft('guidanceScale'), NO_AXIS],
      current: null,
      phase: 'idle',
      kept: [],
      deleted: null,
      isUnkept: false,

      setDraft(axis, draft) {
        const [columns, rows] = get().drafts;
        set({ drafts: axis === 0 ? [draft, rows] : [columns, draft] });
      },

      async begin(base, axes) {
        if (get().phase !== 'idle') return;
        const sweep = { id: newId(), createdAt: now(), base, axes };
        show(withCells(sweep, new Map()));
        void keep(storage.save(sweep));
        await get().resume();
      },

      async resume() {
        const { current, phase } = get();
        if (!current || phase !== 'idle') return;
        abort = new AbortController();
        set({ phase: 'running' });
        await run(current);
        set({ phase: 'idle' });
      },

      async retry(cell) {
        if (get().current?.cells[cell]?.state !== 'failed') return;
        setCell(cell, { state: 'waiting' });
        await get().resume();
      },

      stop() {
        if (get().phase !== 'running') return;
        set({ phase: 'stopping' });
        abort.abort(new AppError('aborted', 'Stopped.'));
      },

      async open(id) {
        const { kept, phase, current } = get();
        const sweep = kept.find((one) => one.sweep.id === id)?.sweep;
        if (!sweep || phase !== 'idle' || current?.id === id) return;
        const cells = await cellsOf(id);
        if (get().phase === 'idle') show(withCells(sweep, cells));
      },

      async delete(id) {
        const { current, phase, kept } = get();
        if (current?.id === id && phase !== 'idle') return;
        const sweep = kept.find((one) => one.sweep.id === id)?.sweep;
        if (!sweep) return;
        const cells = await cellsOf(id);
        release(get().deleted);
        set({ deleted: withCells(sweep, cells) });
        if (current?.id === id) show(null);
        await keep(storage.remove(id));
      },

      async undoDelete() {
        const { deleted } = get();
        if (!deleted) return;
        const { cells, ...sweep } = deleted;
        release(deleted);
        set({ deleted: null });
        await keep(
          (async () => {
            await storage.save(sweep);
            for (const [place, cell] of cells.entries())
              if (cell.state === 'done')
                await storage.saveCell(sweep.id, place, { png: cell.png, seconds: cell.seconds });
          })(),
        );
        await get().open(sweep.id);
      },
    };
  });

  storage.list().then(
    async (kept) => {
      store.setState({ kept });
      const last = kept[0];
      if (last && store.getState().current === null) await store.getState().open(last.sweep.id);
    },
    () => store.setState({ isUnkept: true }),
  );
  return store;
}

function release(experiment: Experiment | null): void {
  for (const cell of experiment?.cells ?? []) if (cell.state === 'done') URL.revokeObjectURL(cell.url);
}

const doneCell = ({ png, seconds }: KeptCell): Cell => ({
  state: 'done',
  png,
  seconds,
  url: URL.createObjectURL(png),
});

function withCells(sweep: Sweep, done: ReadonlyMap<number, KeptCell>): Experiment {
  const cells = Array.from({ length: countCells(sweep.axes) }, (_, place): Cell => {
    const kept = done.get(place);
    return kept ? doneCell(kept) : { state: 'waiting' };
  });
  return { ...sweep, cells };
}
