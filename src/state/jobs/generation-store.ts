import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import type { MemoryPlan, UsedDevice } from '../../protocol/device.ts';
import { AppError, fromWire, toWire } from '../../protocol/errors.ts';
import type {
  GenerationProgress,
  GenerationRequest,
  GenerationResult,
  KeptImage,
  LoraNote,
  PaintedTexts,
  PassNumber,
  StoppedAt,
  TagNote,
} from '../../protocol/generation.ts';

/** One full decode of the filmstrip. Whoever shows the bitmap owns it from then on. */
export interface Frame {
  readonly pass: PassNumber;
  readonly step: number;
  readonly picture: ImageBitmap;
}

/** One picture of a run: at first only a seed, then previews, then a PNG. */
export interface RunPicture {
  readonly seed: number;
  /** What it was painted with; null until it is there, and where it is the request's. */
  readonly texts: PaintedTexts | null;
  /** The latest preview. Whoever shows it owns it from then on; it is closed when the next one comes first. */
  readonly preview: ImageBitmap | null;
  readonly frames: readonly Frame[];
  readonly png: Blob | null;
  /** How far it was, where it was kept when its run was stopped. */
  readonly stopped: StoppedAt | null;
  /** An object URL of `png`, revoked when the pictures of the next run are shown. */
  readonly url: string | null;
}

/** Where a job comes from: the form, or one cell of an experiment. */
export type Origin =
  | { readonly kind: 'create' }
  | { readonly kind: 'experiment'; readonly experiment: string; readonly cell: number };

/** A picture that was made before: with what it was made, so far as that is known. */
export interface EarlierPicture {
  readonly request: GenerationRequest;
  readonly seed: number;
  readonly png: Blob;
  readonly seconds: number | null;
  /** Whose picture it is. */
  readonly origin: Run['origin'];
}

/** The pictures on the easel, and how far they are. */
export interface Run {
  readonly id: number;
  readonly origin: Origin | { readonly kind: 'gallery'; readonly id: string };
  readonly request: GenerationRequest;
  readonly pictures: readonly RunPicture[];
  /** The pass of the current picture, and how many of its steps are done. */
  readonly pass: PassNumber;
  readonly step: number;
  /** The class name of the model's own scheduler, where it is an unknown one that was replaced. */
  readonly unknownScheduler: string | null;
  /** What the prompt's tags ask for and was not done. */
  readonly tagNotes: readonly TagNote[];
  /** What to know of the LoRAs that it uses. */
  readonly loraNotes: readonly LoraNote[];
  /** What it computes on; null until that is open. */
  readonly device: UsedDevice | null;
  /** Null until every picture is there; of an earlier one, how long it took may be unknown. */
  readonly result: GenerationResult | { readonly seconds: null } | null;
}

/** A run whose pictures are all there. Its PNGs stay valid when its URLs are revoked and its frames closed. */
export type FinishedRun = Run & { readonly result: GenerationResult };

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
  /** Whether a stopped run's pictures are being decoded. */
  readonly isKeeping: boolean;
  /** Decodes what the stopped run had begun. Does nothing where there is nothing of it. */
  keep(): Promise<void>;
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
      set({ phase: 'running', request, progress: null, error: null, device: null });

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
        return known;
      }
    },

    stop() {
      if (get().phase !== 'running') return;
      set({ phase: 'stopping' });
      abort.abort();
    },

    isKeeping: false,
    keep: () => keepStopped(client, api),

    show({ request, seed, png, seconds, origin }) {
      if (isBusy(get())) return;
      const before = get().run;
      const picture = { ...newPicture(seed), png, url: URL.createObjectURL(png) };
      const run = { ...newRun(++runs, { ...request, seed, numImages: 1 }, origin), pictures: [picture] };
      const step = request.hires ? request.hires.steps : request.numInferenceSteps;
      set({ phase: 'idle', error: null, progress: null, run: { ...run, step, result: { seconds } } });
      if (before) discard(before);
    },
  }));
}

async function keepStopped(
  client: Caller,
  { getState, setState }: Pick<StoreApi<Generation>, 'getState' | 'setState'>,
): Promise<void> {
  const { run, isKeeping } = getState();
  if (!run || isKeeping || !canKeep(getState())) return;
  const onProgress = ({ image, picture: { png, seed, texts }, stopped }: KeptImage) => {
    const now = getState().run;
    // A run that began meanwhile is shown instead.
    if (now?.id !== run.id) return;
    const kept = { seed, texts, png, stopped, url: URL.createObjectURL(png) };
    const pictures = now.pictures.map((one, i) => (i === image ? { ...one, ...kept } : one));
    setState({ run: { ...now, pictures } });
  };
  setState({ isKeeping: true });
  try {
    await client.call('keepStopped', undefined, { onProgress });
    if (canKeep(getState())) throw new AppError('worker-crashed', 'Nothing is left.');
  } catch (error) {
    if (canKeep(getState())) setState({ phase: 'failed', error: fromWire(toWire(error)) });
  } finally {
    setState({ isKeeping: false });
  }
}

const newPicture = (seed: number): RunPicture => ({
  ...{ seed, texts: null, preview: null, frames: [] },
  ...{ png: null, stopped: null, url: null },
});

function newRun(id: number, request: GenerationRequest, origin: Run['origin']): Run {
  // torch takes a seed modulo 2³², and so does the form.
  const seed = (image: number) => (request.seed + image) % 2 ** 32;
  const pictures = Array.from({ length: request.numImages }, (_, image) => newPicture(seed(image)));
  return {
    id,
    origin,
    request,
    pictures,
    pass: 1,
    step: 0,
    unknownScheduler: null,
    tagNotes: [],
    loraNotes: [],
    device: null,
    result: null,
  };
}

/** The run after one event. A preview that was not shown yet is closed when the next one comes. */
function advance(run: Run, event: GenerationProgress): Run {
  const change = (image: number, next: (picture: RunPicture) => Partial<RunPicture>): RunPicture[] =>
    run.pictures.map((picture, i) => (i === image ? { ...picture, ...next(picture) } : picture));

  switch (event.stage) {
    case 'denoise':
      run.pictures[event.image]?.preview?.close();
      return {
        ...run,
        pass: event.pass,
        step: event.step,
        pictures: change(event.image, () => ({ preview: event.preview })),
      };
    case 'frame': {
      const { image, pass, step, picture } = event;
      return {
        ...run,
        pictures: change(image, ({ frames }) => ({ frames: [...frames, { pass, step, picture }] })),
      };
    }
    case 'image': {
      const { png, seed, texts } = event.picture;
      const url = URL.createObjectURL(png);
      return { ...run, pictures: change(event.image, () => ({ seed, texts, png, url })) };
    }
    case 'device':
      return { ...run, device: event.device };
    case 'substitute':
      return { ...run, unknownScheduler: event.asked };
    case 'tags':
      return { ...run, tagNotes: event.notes };
    case 'loras':
      return { ...run, loraNotes: event.notes };
    default:
      return run;
  }
}

/** Frees the bitmaps and object URLs of a run that is no longer shown. */
function discard(run: Run): void {
  for (const { preview, frames, url } of run.pictures) {
    preview?.close();
    for (const { picture } of frames) picture.close();
    if (url !== null) URL.revokeObjectURL(url);
  }
}
