import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import type { MemoryPlan, UsedDevice } from '../../protocol/device.ts';
import { AppError, fromWire, toWire } from '../../protocol/errors.ts';
import type { GeneratedImage, GenerationProgress, GenerationRequest } from '../../protocol/generation.ts';
import { ownName } from '../../protocol/root.ts';
import { oneBehind } from './one-behind.ts';

/** A picture of a drawing, with all that made it. */
export interface LivePicture extends GeneratedImage {
  /** Its initial image is the drawing. */
  readonly request: GenerationRequest;
  /** An object URL of its PNG, revoked when the next one is there. */
  readonly url: string;
  /** From when the pen was up, or the queue had nothing to run first, to when it was there. */
  readonly seconds: number;
  readonly device: UsedDevice | null;
}

/** Makes what is to be painted, when its turn has come. */
export type MakeRequest = () => Promise<GenerationRequest>;

/** The picture that follows the pen. */
export interface Live {
  /** `held`: a job of the queue runs first. */
  readonly phase: 'resting' | 'running' | 'held';
  readonly progress: GenerationProgress | null;
  /** What is being painted, once it has begun. */
  readonly request: GenerationRequest | null;
  readonly picture: LivePicture | null;
  /** Why the last one was not painted; the picture before stays. */
  readonly error: AppError | null;
  /** 0.1 … 1: how much of the run is left for the drawing, and so how far the picture may go from it. */
  readonly strength: number;
  /** Stays from picture to picture. */
  readonly seed: number;
  /** Paints that in the place of whatever is being painted or waits. */
  paint(request: MakeRequest): void;
  stop(): void;
  setStrength(strength: number): void;
  drawSeed(): void;
}

/** What the store needs of the page. */
export interface LiveWorld {
  readonly client: Caller;
  readonly storage: () => StateStorage;
  /** A whole number from 0 to 2³²−1. */
  readonly drawSeed: () => number;
  /** The jobs that run first. */
  readonly queue: { isIdle(): boolean; subscribe(listener: () => void): unknown };
  /** The request as this device is to run it. */
  readonly onThisDevice: (request: GenerationRequest) => GenerationRequest;
  /** Notes that memory ran out; gives what the run is begun again with, if anything takes less. */
  readonly onShortage: (shortage: {
    readonly request: GenerationRequest;
    readonly plan: MemoryPlan;
    readonly device: UsedDevice | null;
  }) => Partial<GenerationRequest> | undefined;
}

const LEAST_STRENGTH = 0.1;
const USUAL_STRENGTH = 0.6;

interface Wanted {
  readonly make: MakeRequest;
  /** By `performance.now`. */
  readonly since: number;
}

/** The store of the picture that follows the pen. Its strength and its seed outlive the page. */
export function createLiveStore(world: LiveWorld): StoreApi<Live> {
  const { queue, drawSeed, storage } = world;
  const store = createStore<Live>()(
    persist(
      (set, get) => {
        /** When the last job was over that this had waited for. */
        let freeSince = 0;
        const runs = oneBehind<Wanted>(
          async ({ make, since }, signal, stop) => {
            set({ phase: 'running', progress: null, error: null });
            const tell = (progress: GenerationProgress, request: GenerationRequest) =>
              set({ progress, request });
            const end = await paint(world, make, signal, stop, tell);
            // Whoever stopped it says what goes on.
            if (signal.aborted) return;
            if (end instanceof AppError) {
              set({ phase: 'resting', progress: null, error: end });
              return;
            }
            const before = get().picture;
            const seconds = (performance.now() - Math.max(since, freeSince)) / 1000;
            const picture = { ...end, seconds, url: URL.createObjectURL(end.png) };
            set({ phase: 'resting', progress: null, picture });
            if (before) URL.revokeObjectURL(before.url);
          },
          () => queue.isIdle(),
        );
        queue.subscribe(() => {
          if (queue.isIdle()) {
            if (get().phase === 'held') freeSince = performance.now();
            return runs.resume();
          }
          if (get().phase === 'running') set({ phase: 'held' });
          runs.hold();
        });
        return {
          phase: 'resting',
          progress: null,
          request: null,
          picture: null,
          error: null,
          strength: USUAL_STRENGTH,
          seed: drawSeed(),
          paint(make) {
            set({ phase: queue.isIdle() ? 'running' : 'held' });
            runs.ask({ make, since: performance.now() });
          },
          stop() {
            runs.stop();
            set({ phase: 'resting', progress: null });
          },
          setStrength: (strength) => set({ strength: Math.min(1, Math.max(LEAST_STRENGTH, strength)) }),
          drawSeed: () => set({ seed: drawSeed() }),
        };
      },
      {
        name: ownName('draw'),
        version: 1,
        storage: createJSONStorage(storage),
        partialize: ({ strength, seed }) => ({ strength, seed }),
        merge: (stored, fresh) => {
          const { strength, seed } = (stored ?? {}) as Partial<Record<string, unknown>>;
          const isStrength = typeof strength === 'number' && strength >= LEAST_STRENGTH && strength <= 1;
          const isSeed = Number.isInteger(seed) && (seed as number) >= 0 && (seed as number) < 2 ** 32;
          return {
            ...fresh,
            ...(isStrength && { strength }),
            ...(isSeed && { seed: seed as number }),
          };
        },
      },
    ),
  );
  return store;
}

type Painted = Omit<LivePicture, 'seconds' | 'url'>;

/** What a run has told so far. */
interface Told {
  picture: GeneratedImage | null;
  plan: MemoryPlan | null;
  device: UsedDevice | null;
}

/** Paints one picture, again with less memory where there was too little. */
async function paint(
  { client, onThisDevice, onShortage }: LiveWorld,
  make: MakeRequest,
  signal: AbortSignal,
  stop: AbortSignal,
  tell: (progress: GenerationProgress, request: GenerationRequest) => void,
): Promise<Painted | AppError> {
  const told: Told = { picture: null, plan: null, device: null };
  let request: GenerationRequest | null = null;
  for (;;) {
    try {
      const asked: GenerationRequest = request ?? onThisDevice(await make());
      request = asked;
      const onProgress = (event: GenerationProgress) => {
        note(told, event);
        if (!signal.aborted) tell(event, asked);
      };
      await client.call('live', asked, { signal: stop, patientSignal: signal, onProgress });
      const { picture, device } = told;
      if (!picture) return new AppError('bug', 'A run ended without a picture.');
      return { ...picture, request: asked, device };
    } catch (thrown) {
      const error = fromWire(toWire(thrown));
      const { plan, device } = told;
      if (error.code !== 'out-of-memory' || signal.aborted || !request || !plan) return error;
      const less = onShortage({ request, plan, device });
      if (!less) return error;
      request = { ...request, ...less };
    }
  }
}

function note(told: Told, event: GenerationProgress): void {
  if (event.stage === 'denoise') event.preview.close();
  if (event.stage === 'image') told.picture = event.picture;
  if (event.stage === 'plan') told.plan = event.plan;
  if (event.stage === 'device') told.device = event.device;
}
