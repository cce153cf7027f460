import type { UsedDevice } from '../../protocol/device.ts';
import type {
  GenerationProgress,
  GenerationRequest,
  GenerationResult,
  LoraNote,
  PaintedTexts,
  PassNumber,
  StoppedAt,
  TagNote,
} from '../../protocol/generation.ts';
import type { LessMemory } from './step-down.ts';

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
  /** How far it was, where it was kept when its run was stopped. */
  readonly stopped?: StoppedAt | undefined;
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
  /** What it takes less of, where it ran out of memory and was begun again; undefined where it was not. */
  readonly steppedDown?: LessMemory;
  /** How many of its pictures were there when it was begun again, and the seconds until then; undefined for none. */
  readonly before?: { readonly pictures: number; readonly seconds: number };
  /** What it computes on; null until that is open. */
  readonly device: UsedDevice | null;
  /** Null until every picture is there; of an earlier one, how long it took may be unknown. */
  readonly result: GenerationResult | { readonly seconds: null } | null;
}

/** A run whose pictures are all there. Its PNGs stay valid when its URLs are revoked and its frames closed. */
export type FinishedRun = Run & { readonly result: GenerationResult };

/** A picture of which nothing is there yet. */
export const newPicture = (seed: number): RunPicture => ({
  ...{ seed, texts: null, preview: null, frames: [] },
  ...{ png: null, stopped: null, url: null },
});

/** A run of which nothing is there yet. */
export function newRun(id: number, request: GenerationRequest, origin: Run['origin']): Run {
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

/** A run of which some pictures are there and the others are begun again. What those had is freed. */
export function continuedRun(run: Run, less: LessMemory, seconds: number): Run {
  const pictures = run.pictures.findIndex(({ png }) => png === null);
  const begun = run.pictures.slice(pictures);
  discard({ ...run, pictures: begun });
  return {
    ...run,
    request: { ...run.request, ...less },
    pictures: [...run.pictures.slice(0, pictures), ...begun.map(({ seed }) => newPicture(seed))],
    pass: 1,
    step: 0,
    steppedDown: less,
    before: { pictures, seconds: (run.before?.seconds ?? 0) + seconds },
  };
}

/** What is asked for: the pictures that are not there yet, each by its own seed. */
export function openRequest({ request, before }: Pick<Run, 'request' | 'before'>): GenerationRequest {
  if (!before) return request;
  const { pictures } = before;
  return { ...request, seed: (request.seed + pictures) % 2 ** 32, numImages: request.numImages - pictures };
}

/** The run after one event. A preview that was not shown yet is closed when the next one comes. */
export function advance(run: Run, event: GenerationProgress): Run {
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
export function discard(run: Run): void {
  for (const { preview, frames, url } of run.pictures) {
    preview?.close();
    for (const { picture } of frames) picture.close();
    if (url !== null) URL.revokeObjectURL(url);
  }
}
