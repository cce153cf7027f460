import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Axes, cellRequest, cellRequests } from '../../experiments/axes.ts';
import { runOrder } from '../../experiments/run-order.ts';
import { AppError, fromWire, toWire } from '../../protocol/errors.ts';
import type { GenerationRequest } from '../../protocol/generation.ts';
import type {
  ExperimentSetup,
  ExperimentStorage,
  StoredExperiment,
} from '../../storage/stored-experiments.ts';
import { type AxisDraft, freshDraft, NO_AXIS } from './axis-draft.ts';
import { type Cell, doneCell, type Experiment, revokeUrls, withCells } from './experiment.ts';
import { type CellRun, runCells } from './run-cells.ts';
import type { Submit, Submitted } from './submit.ts';
import { keepUnstored } from './unstored-experiments.ts';

/** The experiment that is shown, which may be running, and those that are stored. */
export interface Experiments {
  /** The axes as the form has them; the rows may be none. */
  readonly drafts: readonly [columns: AxisDraft, rows: AxisDraft];
  readonly current: Experiment | null;
  readonly phase: 'idle' | 'running' | 'stopping';
  /** All that are stored, newest first; the current one among them. */
  readonly stored: readonly StoredExperiment[];
  /** The one that was deleted last, while it can be restored. */
  readonly deleted: Experiment | null;

  /** Lists what is stored, and shows the newest. */
  load(): Promise<void>;
  setDraft(axis: 0 | 1, draft: AxisDraft): void;
  /** Begins another experiment; the one before stays stored. Does nothing while one is running. */
  begin(base: GenerationRequest, axes: Axes): Promise<void>;
  /** Runs the cells that wait. */
  resume(): Promise<void>;
  /** Tries a failed cell again. */
  retry(cell: number): Promise<void>;
  /** Stops the running cell; finished ones stay. */
  stop(): void;
  /** Shows a stored experiment. */
  open(id: string): Promise<void>;
  delete(id: string): Promise<void>;
  undoDelete(): Promise<void>;
}

/**
 * The experiments' store. Nothing is read until `load`.
 * @param submit makes the pictures
 * @param stored keeps experiments beyond the life of the page
 * @param now gives milliseconds since 1970
 * @param newId gives an id that is in use nowhere
 */
export function createExperimentsStore(
  submit: Submit,
  stored: ExperimentStorage,
  now: () => number,
  newId: () => string,
): StoreApi<Experiments> {
  const storage = keepUnstored(stored);
  return createStore<Experiments>()((set, get, api) => {
    const save = (saving: Promise<void>) => saveIn(api, storage, saving);
    return {
      drafts: [freshDraft('guidanceScale'), NO_AXIS],
      current: null,
      phase: 'idle',
      stored: [],
      deleted: null,

      setDraft(axis, draft) {
        const [columns, rows] = get().drafts;
        set({ drafts: axis === 0 ? [draft, rows] : [columns, draft] });
      },

      async begin(base, axes) {
        if (get().phase !== 'idle') return;
        const setup = { id: newId(), createdAt: now(), base, axes };
        show(api, withCells(setup, new Map()));
        void save(storage.save(setup));
        await get().resume();
      },

      async load() {
        const stored = await storage.list().catch(() => []);
        set({ stored });
        const last = stored[0];
        if (last && get().current === null) await get().open(last.setup.id);
      },

      ...running(api, submit, (setup, cell, { png, seconds }) =>
        save(storage.saveCell(setup, cell, { png, seconds })),
      ),
      ...storedExperiments(api, storage),
    };
  });
}

/** Waits until something is stored and lists what is stored then. Where that fails, it is for the storage to say so. */
async function saveIn(
  { setState }: StoreApi<Experiments>,
  storage: ExperimentStorage,
  saving: Promise<void>,
) {
  try {
    await saving;
    setState({ stored: await storage.list() });
  } catch {
    // The pictures are still on the page.
  }
}

function show({ getState, setState }: StoreApi<Experiments>, experiment: Experiment | null): void {
  revokeUrls(getState().current);
  setState({ current: experiment });
}

function setCell({ getState, setState }: StoreApi<Experiments>, index: number, next: Cell): void {
  const { current } = getState();
  if (!current) return;
  setState({ current: { ...current, cells: current.cells.map((cell, i) => (i === index ? next : cell)) } });
}

/** The actions that run cells. */
function running(
  store: StoreApi<Experiments>,
  submit: Submit,
  saveCell: (setup: ExperimentSetup, cell: number, done: Submitted) => Promise<void>,
): Pick<Experiments, 'resume' | 'retry' | 'stop'> {
  const { getState, setState } = store;
  let abort = new AbortController();
  const cellRun = ({ cells: _, ...setup }: Experiment): CellRun => ({
    order: runOrder(cellRequests(setup.base, setup.axes)),
    abort,
    isWaiting: (cell) => getState().current?.cells[cell]?.state === 'waiting',
    async submit(cell) {
      const origin = { kind: 'experiment', experiment: setup.id, cell } as const;
      return submit(cellRequest(setup.base, setup.axes, cell), origin, abort.signal).catch((error: unknown) =>
        fromWire(toWire(error)),
      );
    },
    onStart: (cell) => setCell(store, cell, { state: 'running' }),
    async onEnd(cell, end) {
      if (end instanceof AppError) {
        const isStopped = end.code === 'aborted';
        setCell(store, cell, isStopped ? { state: 'waiting' } : { state: 'failed', error: end });
      } else {
        setCell(store, cell, doneCell(end));
        await saveCell(setup, cell, end);
      }
    },
  });
  return {
    async resume() {
      const { current, phase } = getState();
      if (!current || phase !== 'idle') return;
      abort = new AbortController();
      setState({ phase: 'running' });
      await runCells(cellRun(current));
      setState({ phase: 'idle' });
    },

    async retry(cell) {
      if (getState().current?.cells[cell]?.state !== 'failed') return;
      setCell(store, cell, { state: 'waiting' });
      await getState().resume();
    },

    stop() {
      if (getState().phase !== 'running') return;
      setState({ phase: 'stopping' });
      abort.abort(new AppError('aborted', 'Stopped.'));
    },
  };
}

/** The actions that open, delete and restore what is stored. */
function storedExperiments(
  store: StoreApi<Experiments>,
  storage: ExperimentStorage,
): Pick<Experiments, 'open' | 'delete' | 'undoDelete'> {
  const { getState, setState } = store;
  const find = (id: string) => getState().stored.find(({ setup }) => setup.id === id)?.setup;
  /** Null where they cannot be read now: an experiment without its pictures is not the one that is stored. */
  const cellsOf = (id: string) => storage.cells(id).catch(() => null);
  const saveAgain = async ({ cells, ...setup }: Experiment) => {
    await storage.save(setup);
    for (const [index, cell] of cells.entries())
      if (cell.state === 'done')
        await storage.saveCell(setup, index, { png: cell.png, seconds: cell.seconds });
  };
  return {
    async open(id) {
      const { phase, current } = getState();
      const setup = find(id);
      if (!setup || phase !== 'idle' || current?.id === id) return;
      const cells = await cellsOf(id);
      if (cells && getState().phase === 'idle') show(store, withCells(setup, cells));
    },

    async delete(id) {
      const { current, phase } = getState();
      if (current?.id === id && phase !== 'idle') return;
      const setup = find(id);
      const cells = await cellsOf(id);
      if (!setup || !cells) return;
      revokeUrls(getState().deleted);
      setState({ deleted: withCells(setup, cells) });
      if (current?.id === id) show(store, null);
      await saveIn(store, storage, storage.remove(id));
    },

    async undoDelete() {
      const { deleted } = getState();
      if (!deleted) return;
      revokeUrls(deleted);
      setState({ deleted: null });
      await saveIn(store, storage, saveAgain(deleted));
      await getState().open(deleted.id);
    },
  };
}
