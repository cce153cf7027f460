import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import type { MemoryPlan, UsedDevice } from '../../protocol/device.ts';
import { AppError, fromWire, toWire } from '../../protocol/errors.ts';
import type { GenerationProgress, GenerationRequest, KeptImage } from '../../protocol/generation.ts';
import { MODEL_NAMES } from '../../protocol/settings.ts';
import {
  advance,
  discard,
  type EarlierPicture,
  type FinishedRun,
  newPicture,
  newRun,
  type Origin,
  type Run,
} from './run.ts';

/** The running job, or the last one. */
export interface Generation {
  readonly phase: 'idle' | 'running' | 'stopping' | 'done' | 'failed';
  /** The request of the running job, or of the last one. */
  readonly request: GenerationRequest | null;
  /** The latest progress of the job. */
  readonly progress: GenerationProgress | null;
  /** The pictures shown: those of the run before until the new one has something to show. */
  readonly run: Run | null;
  readonly error: AppError | null;
  /** How the last request used memory, or would have. */
  readonly plan: MemoryPlan | null;
  /** What the last request computed on; null until that was open. */
  readonly device: UsedDevice | null;

  /**
   * Called by the queue alone, one request at a time. Resolves with all the pictures, or with the error that ended the
   * run (`aborted` after a stop).
   */
  generate(request: GenerationRequest, origin: Origin): Promise<FinishedRun | AppError>;
  stop(): void;
  /** Says no more why the last job failed. */
  dismissError(): void;
  /** A run that was stopped before the last one, and whose model is still loaded: what it had begun can be kept. */
  readonly stopped: Run | null;
  /** Whether a stopped run's pictures are being decoded, or wait for that until a picture is done. */
  readonly isKeeping: boolean;
  /** Decodes what the last stopped run had begun. Does nothing where there is nothing of it. */
  keep(): Promise<void>;
  /** Leaves what the run before the last had begun as it is. */
  forgetStopped(): void;
  /** Shows a picture that was made before; not while a job is running, whose own are shown. */
  show(picture: EarlierPicture): void;
}

/** Whether the last job was stopped, and left something that can be kept. */
export const canKeep = ({ phase, run, request }: Generation) =>
  phase === 'done' &&
  run !== null &&
  run.result === null &&
  run.request === request &&
  run.pictures.some(({ preview, png }) => preview && !png);

/** The last run that was stopped with something that can be kept. */
const lastStopped = (now: Generation) => (canKeep(now) ? now.run : now.stopped);

/** What decodes a picture: a request with another of these loads others. */
const DECODED_BY = [...MODEL_NAMES, 'bits', 'device'] as const;

/** Whether a job is running. */
export const isBusy = ({ phase }: Generation) => phase === 'running' || phase === 'stopping';

/** @param client runs the requests */
export function createGenerationStore(client: Caller): StoreApi<Generation> {
  let abort = new AbortController();
  let runs = 0;

  return createStore<Generation>()((set, get, api) => ({
    phase: 'idle',
    request: null,
    progress: null,
    run: null,
    error: null,
    plan: null,
    device: null,

    async generate(request, origin) {
      if (isBusy(get())) return new AppError('bug', 'Another request is running.');
      abort = new AbortController();
      let run = newRun(++runs, request, origin);
      const last = lastStopped(get());
      const isLoaded = get().isKeeping || DECODED_BY.every((name) => last?.request[name] === request[name]);
      const stopped = isLoaded ? last : null;
      set({ phase: 'running', request, progress: null, error: null, device: null, stopped });

      const onProgress = (event: GenerationProgress) => {
        run = advance(run, event);
        if (event.stage === 'plan') set({ plan: event.plan });
        if (event.stage === 'device') set({ device: event.device });
        const shown = get().run;
        const isNew = shown !== null && shown.id !== run.id;
        const hasPicture = run.pictures.some(({ preview, url }) => preview || url);
        set(hasPicture ? { progress: event, run } : { progress: event });
        if (isNew && hasPicture) discard(shown);
      };

      try {
        const result = await client.call('generate', request, { signal: abort.signal, onProgress });
        const finished = { ...run, result };
        set({ phase: 'done', run: finished });
        return finished;
      } catch (error) {
        const known = fromWire(toWire(error));
        if (known.code === 'aborted') set({ phase: 'done' });
        else set({ phase: 'failed', error: known });
        // The worker has its own now, or has let go of the model.
        if (canKeep(get()) || known.code !== 'aborted') get().forgetStopped();
        return known;
      }
    },

    stop() {
      if (get().phase !== 'running') return;
      set({ phase: 'stopping' });
      abort.abort();
    },

    dismissError: () => set({ error: null }),
    stopped: null,
    isKeeping: false,
    keep: () => keepStopped(client, api),
    forgetStopped: () => set(get().isKeeping ? {} : { stopped: null }),

    show({ request, seed, png, seconds, origin }) {
      if (isBusy(get())) return;
      const before = get().run;
      const stopped = lastStopped(get());
      const picture = { ...newPicture(seed), png, url: URL.createObjectURL(png) };
      const run = { ...newRun(++runs, { ...request, seed, numImages: 1 }, origin), pictures: [picture] };
      const step = request.hires ? request.hires.steps : request.numInferenceSteps;
      set({
        phase: 'idle',
        error: null,
        progress: null,
        stopped,
        run: { ...run, step, result: { seconds } },
      });
      if (before) discard(before);
    },
  }));
}

async function keepStopped(
  client: Caller,
  { getState, setState }: Pick<StoreApi<Generation>, 'getState' | 'setState'>,
): Promise<void> {
  const id = lastStopped(getState())?.id;
  if (id === undefined || getState().isKeeping) return;
  let count = 0;
  const onProgress = ({ image, picture: { png, seed }, stopped }: KeptImage) => {
    const now = getState();
    const isShown = now.run?.id === id;
    const of = isShown ? now.run : now.stopped;
    if (of?.id !== id) return;
    count++;
    const kept = { seed, png, stopped, url: isShown ? URL.createObjectURL(png) : null };
    const pictures = of.pictures.map((one, i) => (i === image ? { ...one, ...kept } : one));
    setState({ [isShown ? 'run' : 'stopped']: { ...of, pictures } });
  };
  setState({ isKeeping: true });
  try {
    await client.call('keepStopped', undefined, { onProgress });
    if (count === 0) throw new AppError('worker-crashed', 'Nothing is left.');
  } catch (thrown) {
    const error = fromWire(toWire(thrown));
    setState(canKeep(getState()) ? { phase: 'failed', error } : { error });
  } finally {
    setState({ isKeeping: false, stopped: null });
  }
}
