import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import type { MemoryPlan } from '../../protocol/device.ts';
import { AppError, fromWire, toWire } from '../../protocol/errors.ts';
import type {
  GenerationProgress,
  GenerationRequest,
  GenerationResult,
  PassNumber,
} from '../../protocol/generation.ts';

/** One full decode along the way. Whoever shows the bitmap takes it over. */
export interface Frame {
  readonly pass: PassNumber;
  readonly step: number;
  readonly picture: ImageBitmap;
}

/** One picture of a run: first only a seed, then previews, then a PNG. */
export interface Picture {
  readonly seed: number;
  /** The latest preview. Whoever shows it takes it over; it is closed unseen when the next one is faster. */
  readonly preview: ImageBitmap | null;
  readonly frames: readonly Frame[];
  readonly png: Blob | null;
  /** An object URL of `png`, revoked when the next run takes the place of this one. */
  readonly url: string | null;
}

/** Who asked for a request: the form, or one cell of an experiment. */
export type Origin =
  | { readonly kind: 'create' }
  | { readonly kind: 'experiment'; readonly experiment: string; readonly cell: number };

/** What lies on the easel. */
export interface Run {
  readonly id: number;
  readonly origin: Origin;
  readonly request: GenerationRequest;
  readonly pictures: readonly Picture[];
  /** The pass of the picture in hand, and the steps done of it. */
  readonly pass: PassNumber;
  readonly step: number;
  /** The model's own sampler, where it is one that is not known. */
  readonly unknownScheduler: string | null;
  /** Present once every picture is there. */
  readonly result: GenerationResult | null;
}

/** A run whose pictures are all there. Its PNGs live on when its URLs are revoked and its frames closed. */
export type FinishedRun = Run & { readonly result: GenerationResult };

/** The job: one at a time. */
export interface Generation {
  readonly phase: 'idle' | 'running' | 'stopping' | 'done' | 'failed';
  /** The request under way, or the last one. */
  readonly request: GenerationRequest | null;
  /** The last thing heard while running. */
  readonly progress: GenerationProgress | null;
  /** The pictures shown: those of the run before, until the new one has something to show. */
  readonly run: Run | null;
  readonly error: AppError | null;
  /** How the last request used memory, or was going to. */
  readonly plan: MemoryPlan | null;

  /**
   * Only for the queue, which asks for one at a time. Resolves when it is over, with what came of it: all the pictures,
   * or why they are not there (`aborted` after a stop).
   */
  generate(request: GenerationRequest, origin: Origin): Promise<FinishedRun | AppError>;
  stop(): void;
}

/** Whether a request is under way. */
export const isBusy = ({ phase }: Generation) => phase === 'running' || phase === 'stopping';

/** The job's store; `client` runs the requests. */
export function createGenerationStore(client: Caller): StoreApi<Generation> {
  let abort = new AbortController();
  let runs = 0;

  return createStore<Generation>()((set, get) => ({
    phase: 'idle',
    request: null,
    progress: null,
    run: null,
    error: null,
    plan: null,

    async generate(request, origin) {
      if (isBusy(get())) return new AppError('bug', 'Another request is under way.');
      abort = new AbortController();
      let run = newRun(++runs, request, origin);
      set({ phase: 'running', request, progress: null, error: null });

      const onProgress = (event: GenerationProgress) => {
        run = advance(run, event);
        if (event.stage === 'plan') set({ plan: event.plan });
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
  }));
}

const blank = (seed: number): Picture => ({ seed, preview: null, frames: [], png: null, url: null });

function newRun(id: number, request: GenerationRequest, origin: Origin): Run {
  // torch reads a seed modulo 2³², and so does the form.
  const seed = (image: number) => (request.seed + image) % 2 ** 32;
  const pictures = Array.from({ length: request.numImages }, (_, image) => blank(seed(image)));
  return { id, origin, request, pictures, pass: 1, step: 0, unknownScheduler: null, result: null };
}

/** The run after one event. A preview that was never shown is closed when the next one comes. */
function advance(run: Run, event: GenerationProgress): Run {
  const change = (image: number, next: (picture: Picture) => Partial<Picture>): Picture[] =>
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
      const { png, seed } = event.picture;
      return { ...run, pictures: change(event.image, () => ({ seed, png, url: URL.createObjectURL(png) })) };
    }
    case 'substitute':
      return { ...run, unknownScheduler: event.asked };
    default:
      return run;
  }
}

/** Frees what a run held that is no longer shown. */
function discard(run: Run): void {
  for (const { preview, frames, url } of run.pictures) {
    preview?.close();
    for (const { picture } of frames) picture.close();
    if (url !== null) URL.revokeObjectURL(url);
  }
}
