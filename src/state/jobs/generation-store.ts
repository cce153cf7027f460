import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import type { MemoryPlan, UsedDevice } from '../../protocol/device.ts';
import { AppError, fromWire, toWire } from '../../protocol/errors.ts';
import type { GenerationProgress, GenerationRequest, KeptImage } from '../../protocol/generation.ts';
import { MODEL_NAMES } from '../../protocol/settings.ts';
import {
  advance,
  continuedRun,
  discard,
  type EarlierPicture,
  type FinishedRun,
  newPicture,
  newRun,
  type Origin,
  openRequest,
  type Run,
} from './run.ts';
import type { LessMemory, OnShortage } from './step-down.ts';

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
  generate(
    request: GenerationRequest,
    origin: Origin,
    onShortage?: OnShortage,
  ): Promise<FinishedRun | AppError>;
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

    async generate(request, origin, onShortage) {
      if (isBusy(get())) return new AppError('bug', 'Another request is running.');
      abort = new AbortController();
      let run = newRun(++runs, request, origin);
      const last = lastStopped(get());
      const isLoaded = get().isKeeping || DECODED_BY.every((name) => last?.request[name] === request[name]);
      const stopped = isLoaded ? last : null;
      set({ stopped });
      for (;;) {
        const begunAt = performance.now();
        const ended = await attempt(client, api, run, abort.signal);
        if ('result' in ended) return ended;
        const less = get().phase === 'running' ? lessMemory(ended, get().device, onShortage) : undefined;
        if (!less) {
          const { error } = ended;
          set(error.code === 'aborted' ? { phase: 'done' } : { phase: 'failed', error });
          // The worker has its own now, or has let go of the model.
          if (canKeep(get()) || error.code !== 'aborted') get().forgetStopped();
          return error;
        }
        get().forgetStopped();
        const { pictures } = ended.run;
        run = pictures.some(({ png }) => png)
          ? continuedRun(ended.run, less, (performance.now() - begunAt) / 1000)
          : { ...newRun(++runs, { ...run.request, ...less }, origin), steppedDown: less };
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

    show({ request, seed, png, seconds, stopped: kept, origin }) {
      if (isBusy(get())) return;
      const before = get().run;
      const stopped = lastStopped(get());
      const picture = { ...newPicture(seed), png, stopped: kept ?? null, url: URL.createObjectURL(png) };
      const run = { ...newRun(++runs, { ...request, seed, numImages: 1 }, origin), pictures: [picture] };
      const steps = request.hires ? request.hires.steps : request.numInferenceSteps;
      const { pass, step } = kept ?? { pass: run.pass, step: steps };
      set({
        phase: 'idle',
        error: null,
        progress: null,
        stopped,
        run: { ...run, pass, step, result: kept ? null : { seconds } },
      });
      if (before) discard(before);
    },
  }));
}

/** An attempt at a run that failed. */
interface Failure {
  readonly error: AppError;
  readonly run: Run;
  readonly plan: MemoryPlan | null;
}

/** Runs a request once, and shows what becomes of it. */
async function attempt(
  client: Caller,
  { getState, setState }: Pick<StoreApi<Generation>, 'getState' | 'setState'>,
  begun: Run,
  signal: AbortSignal,
): Promise<FinishedRun | Failure> {
  let run = begun;
  let plan: MemoryPlan | null = null;
  const { request } = begun;
  setState({ phase: 'running', request, progress: null, error: null, device: null });
  const first = begun.before?.pictures ?? 0;
  const onProgress = (told: GenerationProgress) => {
    const event = 'image' in told ? { ...told, image: first + told.image } : told;
    run = advance(run, event);
    if (event.stage === 'plan') {
      plan = event.plan;
      setState({ plan });
    }
    if (event.stage === 'device') setState({ device: event.device });
    const shown = getState().run;
    const isNew = shown !== null && shown.id !== run.id;
    const hasPicture = run.pictures.some(({ preview, url }) => preview || url);
    setState(hasPicture ? { progress: event, run } : { progress: event });
    if (isNew && hasPicture) discard(shown);
  };
  try {
    const { seconds, ...result } = await client.call('generate', openRequest(begun), { signal, onProgress });
    const finished = { ...run, result: { ...result, seconds: seconds + (begun.before?.seconds ?? 0) } };
    setState({ phase: 'done', run: finished });
    return finished;
  } catch (error) {
    return { error: fromWire(toWire(error)), run, plan };
  }
}

/** What a run that filled the memory is begun again with; it is noted in any case. */
function lessMemory(
  { error, run, plan }: Failure,
  device: UsedDevice | null,
  onShortage: OnShortage | undefined,
): LessMemory | undefined {
  if (error.code !== 'out-of-memory' || !plan) return undefined;
  const less = onShortage?.({ request: run.request, plan, device });
  if (!less || run.pictures.every(({ png }) => png !== null)) return undefined;
  for (const { preview } of run.pictures) preview?.close();
  return less;
}

async function keepStopped(
  client: Caller,
  { getState, setState }: Pick<StoreApi<Generation>, 'getState' | 'setState'>,
): Promise<void> {
  const id = lastStopped(getState())?.id;
  if (id === undefined || getState().isKeeping) return;
  let count = 0;
  const onProgress = ({ image, picture: { png, seed, texts }, stopped }: KeptImage) => {
    const now = getState();
    const isShown = now.run?.id === id;
    const of = isShown ? now.run : now.stopped;
    if (of?.id !== id) return;
    count++;
    const kept = { seed, texts, png, stopped, url: isShown ? URL.createObjectURL(png) : null };
    const place = image + (of.before?.pictures ?? 0);
    const pictures = of.pictures.map((one, i) => (i === place ? { ...one, ...kept } : one));
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
