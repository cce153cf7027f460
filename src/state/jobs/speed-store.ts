import * as v from 'valibot';
import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { GenerationRequest } from '../../protocol/generation.ts';
import { growthOf } from '../../protocol/hires.ts';
import { ownName } from '../../protocol/root.ts';
import type { Generation } from './generation-store.ts';
import { mayRun, type Queue } from './queue-store.ts';

/** How fast requests have run on this device. */
export interface Speeds {
  /** By `speedName`: the pixels times steps of past runs, and the seconds they took. */
  readonly measured: Readonly<Record<string, { readonly seconds: number; readonly pixelSteps: number }>>;
  note(request: GenerationRequest, seconds: number, pixelSteps: number): void;
}

const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));
const Measured = v.fallback(v.record(v.string(), v.object({ seconds: positive, pixelSteps: positive })), {});

/** @param storage keeps the speeds between visits */
export function createSpeedStore(storage: () => StateStorage): StoreApi<Speeds> {
  return createStore<Speeds>()(
    persist(
      (set, get) => ({
        measured: {},
        note(request, seconds, pixelSteps) {
          const before = get().measured;
          const name = speedName(request);
          const old = before[name] ?? { seconds: 0, pixelSteps: 0 };
          // Weighted by length, and a later run counts twice as much as the one before it.
          const sum = { seconds: old.seconds / 2 + seconds, pixelSteps: old.pixelSteps / 2 + pixelSteps };
          set({ measured: { ...before, [name]: sum } });
        },
      }),
      {
        name: ownName('speed'),
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

/** Requests of one name are equally fast per pixel and step: they use the same weights on the same device. */
const speedName = ({ model, unet, device, bits }: GenerationRequest) =>
  `${unet ?? model} ${bits ?? ''} ${device}`;

/** Pixels times steps of one picture, over both passes where there are two; twice that with guidance. */
function pixelSteps(request: GenerationRequest): number {
  const { width, height, numInferenceSteps, guidanceScale, image, hires } = request;
  const steps = image ? Math.floor(numInferenceSteps * image.strength) : numInferenceSteps;
  const enlarged = hires ? growthOf(request, hires.scale) * hires.steps : 0;
  return width * height * (steps + enlarged) * (guidanceScale > 1 ? 2 : 1);
}

/** Seconds that the whole request will take; null where nothing like it has been measured. */
export function expectedSeconds(
  { measured }: Pick<Speeds, 'measured'>,
  request: GenerationRequest,
): number | null {
  const speed = measured[speedName(request)];
  return speed ? (speed.seconds / speed.pixelSteps) * pixelSteps(request) * request.numImages : null;
}

/** Seconds until the queue is idle, without jobs that are held; null where one job's time is unknown. */
export function secondsLeft(
  { running, waiting }: Pick<Queue, 'running' | 'waiting'>,
  { progress }: Pick<Generation, 'progress'>,
  speeds: Pick<Speeds, 'measured'>,
): number | null {
  const ofRunning = progress?.stage === 'denoise' ? progress.secondsLeft : null;
  const each = [
    ...(running ? [ofRunning ?? expectedSeconds(speeds, running.request)] : []),
    ...waiting.filter(mayRun).map(({ request }) => expectedSeconds(speeds, request)),
  ];
  return each.reduce((sum, seconds) => (sum === null || seconds === null ? null : sum + seconds), 0);
}

/**
 * Measures every finished run, from its first step on: loading does not count.
 * @param now gives seconds
 * @returns what ends that
 */
export function followSpeed(
  generation: StoreApi<Generation>,
  speeds: StoreApi<Speeds>,
  now: () => number,
): () => void {
  let first: { readonly run: number; readonly at: number } | null = null;
  return generation.subscribe(({ phase, progress, run }, before) => {
    if (phase === 'running' && progress?.stage === 'denoise' && run && first?.run !== run.id)
      first = { run: run.id, at: now() };
    if (phase !== 'done' || before.phase === 'done' || !run?.result || first?.run !== run.id) return;
    const { request, step } = run;
    const ofPicture = pixelSteps(request);
    // The first step was done when its progress arrived; a run of one step is measured with its loading.
    const afterFirst = ofPicture * (request.numImages - 1 / Math.max(1, step));
    if (afterFirst > 0) speeds.getState().note(request, now() - first.at, afterFirst);
    else if (ofPicture > 0) speeds.getState().note(request, run.result.seconds ?? 0, ofPicture);
  });
}
