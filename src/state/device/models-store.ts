import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  BUNDLED,
  type GenerationDefaults,
  type ModelId,
  modelLabel,
  RECOMMENDED,
} from '../../catalog/models.ts';
import type { ModelKind } from '../../catalog/schedulers.ts';
import type { Caller } from '../../client/caller.ts';
import { type AppError, fromWire, toWire } from '../../protocol/errors.ts';
import type { QuantizedBits } from '../../protocol/generation.ts';
import type {
  DownloadProgress,
  HubAccess,
  InstalledModel,
  ModelOffer,
  Prediction,
  StorageReport,
} from '../../protocol/models.ts';

/** A model that is arriving now. */
export interface Arrival {
  readonly progress: DownloadProgress | null;
  /** Bytes a second, over the last seconds; null until there is something to tell. */
  readonly speed: number | null;
}

/** What lies on this device, what is arriving, and what a name on the Hub turned out to be. */
export interface Models {
  /** Null until the first answer. */
  readonly installed: readonly InstalledModel[] | null;
  readonly storage: StorageReport | null;
  readonly arrivals: Readonly<Record<ModelId, Arrival>>;
  /** The last thing that went wrong with a model, by its id; the box to look up names has the key ''. */
  readonly errors: Readonly<Record<ModelId, AppError>>;
  /** What was looked up, until it is installed or dismissed. */
  readonly offer: ModelOffer | null;
  readonly lookingUp: boolean;

  refresh(): Promise<void>;
  /** What a name is; fills `offer`. */
  lookUp(name: string, access: HubAccess, preferHalf: boolean): Promise<void>;
  dismiss(): void;
  /** Fetches what is missing of a model, offered or begun before. Resolves when it is over, whatever came of it. */
  install(offer: ModelOffer | InstalledModel, access: HubAccess): Promise<void>;
  /** Looks up a name and fetches what it is. */
  fetch(id: ModelId, name: string, access: HubAccess, preferHalf: boolean): Promise<void>;
  /** Leaves a download as it is, to be taken up again. */
  pause(id: ModelId): void;
  /** A single-file checkpoint from disk. */
  importFile(file: File): Promise<void>;
  /** Makes a quantised copy; it is watched and stopped as a download is. */
  quantize(id: ModelId, bits: QuantizedBits): Promise<void>;
  setPrediction(id: ModelId, prediction: Prediction): Promise<void>;
  remove(id: ModelId): Promise<void>;
}

/** Seconds over which a download's speed is taken. */
const SPEED_WINDOW_MS = 5_000;

/** `library` is a worker of its own, so that a download does not wait for a picture, nor a picture for a download. */
export function createModelsStore(library: Caller, now: () => number): StoreApi<Models> {
  const running = new Map<ModelId, AbortController>();

  return createStore<Models>()((set, get) => {
    const fail = (id: ModelId, error: unknown) => {
      const known = fromWire(toWire(error));
      if (known.code !== 'aborted') set({ errors: { ...get().errors, [id]: known } });
    };
    const forget = (id: ModelId) => {
      const { [id]: _, ...errors } = get().errors;
      set({ errors });
    };
    /** What was said of names and files that are no models here. */
    const forgetStrays = () => {
      const ids = get().installed?.map(({ id }) => id) ?? [];
      set({ errors: Object.fromEntries(Object.entries(get().errors).filter(([id]) => ids.includes(id))) });
    };
    /** A long call that can be paused and is watched. */
    const arrive = async (
      id: ModelId,
      start: (options: {
        signal: AbortSignal;
        onProgress(progress: DownloadProgress): void;
      }) => Promise<unknown>,
    ) => {
      if (running.has(id)) return;
      const abort = new AbortController();
      running.set(id, abort);
      forget(id);
      const speed = speedometer(now);
      const show = (progress: DownloadProgress | null) => {
        const arrival = { progress, speed: progress && speed(progress.loadedBytes) };
        set({ arrivals: { ...get().arrivals, [id]: arrival } });
      };
      show(null);
      try {
        await start({ signal: abort.signal, onProgress: show });
      } catch (error) {
        fail(id, error);
      } finally {
        running.delete(id);
        const { [id]: _, ...arrivals } = get().arrivals;
        set({ arrivals });
        await get().refresh();
      }
    };

    return {
      installed: null,
      storage: null,
      arrivals: {},
      errors: {},
      offer: null,
      lookingUp: false,

      async refresh() {
        try {
          const { models, storage } = await library.call('listModels', undefined);
          set({ installed: models, storage });
        } catch (error) {
          set({ installed: [] });
          fail('', error);
        }
      },

      async lookUp(name, access, preferHalf) {
        forgetStrays();
        set({ lookingUp: true, offer: null });
        try {
          set({ offer: await library.call('lookUpModel', { name, access, preferHalf }) });
        } catch (error) {
          fail('', error);
        } finally {
          set({ lookingUp: false });
        }
      },

      dismiss() {
        forget('');
        set({ offer: null });
      },

      async fetch(id, name, access, preferHalf) {
        await arrive(id, async (options) => {
          const { signal } = options;
          const model = await library.call('lookUpModel', { name, access, preferHalf }, { signal });
          return library.call('installModel', { model, access }, options);
        });
      },

      async install({ id, type, repo, revision, licence, files }, access) {
        if (get().offer?.id === id) set({ offer: null });
        if (repo === null || revision === null) return;
        const model = { id, type, repo, revision, licence, files };
        await arrive(id, (options) => library.call('installModel', { model, access }, options));
      },

      pause: (id) => running.get(id)?.abort(),

      async importFile(file) {
        forgetStrays();
        await arrive(`disk:${file.name}`, (options) => library.call('importModel', { file }, options));
      },

      async quantize(id, bits) {
        await arrive(id, (options) => library.call('quantizeModel', { id, bits }, options));
      },

      async setPrediction(id, prediction) {
        await library.call('setPrediction', { id, prediction }).catch((error: unknown) => fail(id, error));
        await get().refresh();
      },

      async remove(id) {
        running.get(id)?.abort();
        forget(id);
        await library.call('removeModel', { id }).catch((error: unknown) => fail(id, error));
        await get().refresh();
      },
    };
  });
}

/** Bytes a second, from how many there were some seconds ago. */
function speedometer(now: () => number): (loaded: number) => number | null {
  const seen: { at: number; loaded: number }[] = [];
  return (loaded) => {
    seen.push({ at: now(), loaded });
    while (seen.length > 2 && (seen.at(-1)?.at as number) - (seen[0]?.at as number) > SPEED_WINDOW_MS)
      seen.shift();
    const [first, last] = [seen[0], seen.at(-1)] as [(typeof seen)[0], (typeof seen)[0]];
    const seconds = (last.at - first.at) / 1000;
    return seconds >= 0.5 ? Math.max(0, last.loaded - first.loaded) / seconds : null;
  };
}

/** What the form needs to know of a model. */
export interface ModelCard {
  readonly label: string;
  readonly kind: ModelKind;
  readonly defaults: GenerationDefaults;
}

const UNKNOWN = { kind: 'diffusion', defaults: RECOMMENDED[2]?.defaults as GenerationDefaults } as const;

/** A model by its id: bundled, on this device, recommended, or nothing anybody knows more of. */
export function modelCard(id: ModelId, installed: readonly InstalledModel[] | null): ModelCard {
  const known =
    BUNDLED[id] ??
    RECOMMENDED.find((model) => model.id === id) ??
    installed?.find((model) => model.id === id)?.facts ??
    UNKNOWN;
  return { label: modelLabel(id), kind: known.kind, defaults: known.defaults };
}

/** Whether a model can paint now. */
export function isReady(id: ModelId, installed: readonly InstalledModel[] | null): boolean {
  return id in BUNDLED || (installed?.some((model) => model.id === id && model.complete) ?? false);
}
