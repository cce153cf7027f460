import * as v from 'valibot';
import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { GenerationRequest } from '../../protocol/generation.ts';
import { growthOf } from '../../protocol/hires.ts';
import type { Generation } from './generation-store.ts';
import { isReady, type Queue } from './queue-store.ts';

/** How fast requests were painted here. */
export interface Pace {
  /** By `paceName`: so many pixels, each so many times, took so many seconds. */
  readonly measured: Readonly<Record<string, { readonly seconds: number; readonly pixelSteps: number }>>;
  note(request: GenerationRequest, seconds: number, pixelSteps: number): void;
}

const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));
const Measured = v.fallback(v.record(v.string(), v.object({ seconds: positive, pixelSteps: positive })), {});

export function createPaceStore(storage: () => StateStorage): StoreApi<Pace> {
  return createStore<Pace>()(
    persist(
      (set, get) => ({
        measured: {},
        note(request, seconds, pixelSteps) {
          const before = get().measured;
          const name = paceName(request);
          const old = before[name] ?? { seconds: 0, pixelSteps: 0 };
          // A long run tells more than a short one, and a late one more than an early one.
          const sum = { seconds: old.seconds / 2 + seconds, pixelSteps: old.pixelSteps / 2 + pixelSteps };
          set({ measured: { ...before, [name]: sum } });
        },
      }),
      {
        name: 'safelight.pace',
        version: 1,
        storage: createJSONStorage(storage),
        partialize: ({ measured }) => ({ measured }),
        merge: (stored, fresh) => ({
          ...fresh,
          measured: v.parse(Measured, (stored as { measured?: unknown } | null | undefined)?.measured),
        }),
      },
    ),
  );
}

/** What is as fast as what: the same weights on the same device. */
const paceName = ({ model, unet, device, bits }: GenerationRequest) =>
  `${unet ?? model} ${bits ?? ''} ${device}`;

/** Pixels times steps of one picture, in both passes where there are two; twice where guidance evaluates both texts. */
function pixelSteps(request: GenerationRequest): number {
  const { width, height, numInferenceSteps, guidanceScale, image, hires } = request;
  const steps = image ? Math.floor(numInferenceSteps * image.strength) : numInferenceSteps;
  const enlarged = hires ? growthOf(request, hires.scale) * hires.steps : 0;
  return width * height * (steps + enlarged) * (guidanceScale > 1 ? 2 : 1);
}

/** Seconds the whole request will take, or null where nothing like it was measured. */
export function expectedSeconds(
  { measured }: Pick<Pace, 'measured'>,
  request: GenerationRequest,
): number | null {
  const pace = measured[paceName(request)];
  return pace ? (pace.seconds / pace.pixelSteps) * pixelSteps(request) * request.numImages : null;
}

/** Seconds until the queue stands still, what is held left out; null as soon as one job cannot be told. */
export function secondsLeft(
  { running, waiting }: Pick<Queue, 'running' | 'waiting'>,
  { progress }: Pick<Generation, 'progress'>,
  pace: Pick<Pace, 'measured'>,
): number | null {
  const ofRunning = progress?.stage === 'denoise' ? progress.secondsLeft : null;
  const each = [
    ...(running ? [ofRunning ?? expectedSeconds(pace, running.request)] : []),
    ...waiting.filter(isReady).map(({ request }) => expectedSeconds(pace, request)),
  ];
  return each.reduce((sum, seconds) => (sum === null || seconds === null ? null : sum + seconds), 0);
}

/**
 * From now on every finished run is measured, from its first step on: what was loaded before it is not of its pace. `now`
 * gives seconds. Returns what ends it.
 */
export function keepPace(
  generation: StoreApi<Generation>,
  pace: StoreApi<Pace>,
  now: () => number,
): () => void {
  let first: { readonly run: number; readonly at: number } | null = null;
  return generation.subscribe(({ phase, progress, run }, before) => {
    if (phase === 'running' && progress?.stage === 'denoise' && run && first?.run !== run.id)
      first = { run: run.id, at: now() };
    if (phase !== 'done' || before.phase === 'done' || !run?.result || first?.run !== run.id) return;
    const { request, step } = run;
    const ofPicture = pixelSteps(request);
    // The first step was over when it was heard of; a run of one step is measured with its loading.
    const afterFirst = ofPicture * (request.numImages - 1 / Math.max(1, step));
    if (afterFirst > 0) pace.getState().note(request, now() - first.at, afterFirst);
    else if (ofPicture > 0) pace.getState().note(request, run.result.seconds, ofPicture);
  });
}
