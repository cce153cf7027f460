import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ModelId } from '../../catalog/models.ts';
import type { Caller } from '../../client/caller.ts';
import { type AppError, fromWire, toWire } from '../../protocol/errors.ts';
import type { QuantizedBits } from '../../protocol/generation.ts';
import type {
  CopyBits,
  DownloadProgress,
  HubAccess,
  InstalledModel,
  ModelOffer,
  Prediction,
  StorageReport,
} from '../../protocol/models.ts';
import { createSpeedometer } from './download-speed.ts';

/** A download, an import or a quantisation under way. */
export interface Download {
  /** Null until the first news of it. */
  readonly progress: DownloadProgress | null;
  /** Bytes per second over the last seconds; null until it is known. */
  readonly speed: number | null;
}

/** The models on this device, the downloads under way, and what a name on the Hub turned out to be. */
export interface Models {
  /** Null until the first answer. */
  readonly installed: readonly InstalledModel[] | null;
  /** Those of them that can show previews. */
  readonly previewVaes: readonly ModelId[];
  readonly storage: StorageReport | null;
  /** Why nothing can be downloaded or opened from disk, where the browser stores no files. */
  readonly noStorage: AppError | null;
  readonly downloads: Readonly<Record<ModelId, Download>>;
  /** The last error of each model, by its id; an error of the lookup itself has the key ''. */
  readonly errors: Readonly<Record<ModelId, AppError>>;
  /** What the last lookup found, until it is installed or dismissed. */
  readonly offer: ModelOffer | null;
  readonly lookingUp: boolean;

  refresh(): Promise<void>;
  /** Finds out what is behind a name, and puts it in `offer`. */
  lookUp(name: string, access: HubAccess, preferHalf: boolean): Promise<void>;
  dismiss(): void;
  /** Downloads the files that are missing of a model, or keeps a copy of them. Resolves when it ends, also by an error or a pause. */
  install(offer: ModelOffer | InstalledModel, access: HubAccess, copyBits?: CopyBits): Promise<void>;
  /** Looks up a name and downloads what it stands for. */
  fetch(id: ModelId, name: string, access: HubAccess, preferHalf: boolean): Promise<void>;
  /** Pauses a download; `install` resumes it. */
  pause(id: ModelId): void;
  /** Single-file checkpoints and LoRAs from disk; a .json file among them is the adapter_config.json that PEFT wrote beside a LoRA. */
  importFiles(files: readonly File[]): Promise<void>;
  /** Makes a quantised copy; like a download, it has its progress in `downloads` and stops with `pause`. */
  quantize(id: ModelId, bits: QuantizedBits): Promise<void>;
  setPrediction(id: ModelId, prediction: Prediction): Promise<void>;
  /** The words that call what a LoRA was trained for; none where its file names none, or cannot be read now. */
  triggerWords(id: ModelId): Promise<readonly string[]>;
  /** The picture that a model's file holds of what it makes; null where it holds none, or cannot be read now. */
  thumbnail(id: ModelId): Promise<Blob | null>;
  remove(id: ModelId): Promise<void>;
}

/** Copies models from disk, at the same time, each with the settings that were chosen with it. */
async function importAll(
  library: Caller,
  downloads: ReturnType<typeof downloadsIn>,
  files: readonly File[],
): Promise<void> {
  const models = files.filter(({ name }) => !name.endsWith('.json'));
  const config = files.find((file) => !models.includes(file)) ?? null;
  const copy = (file: File) =>
    downloads.run(`disk:${file.name}`, (options) => library.call('importModel', { file, config }, options));
  // Settings alone are tried as a model, and refused in a sentence.
  await Promise.all((models.length > 0 ? models : files).map(copy));
}

/**
 * The store of the models on this device.
 * @param library calls a worker of its own, so that downloads and pictures do not wait for each other
 * @param now gives milliseconds
 */
export function createModelsStore(library: Caller, now: () => number): StoreApi<Models> {
  return createStore<Models>()((set, get, store) => {
    const errors = errorsIn(store);
    const downloads = downloadsIn(store, errors, now);

    return {
      installed: null,
      previewVaes: [],
      storage: null,
      noStorage: null,
      downloads: {},
      errors: {},
      offer: null,
      lookingUp: false,

      refresh: () => refresh(library, store, errors),

      async lookUp(name, access, preferHalf) {
        errors.clearUninstalled();
        set({ lookingUp: true, offer: null });
        try {
          set({ offer: await library.call('lookUpModel', { name, access, preferHalf }) });
        } catch (error) {
          errors.set('', error);
        } finally {
          set({ lookingUp: false });
        }
      },

      dismiss() {
        errors.clear('');
        set({ offer: null });
      },

      fetch: (id, name, access, preferHalf) =>
        downloads.run(id, async (options) => {
          const { signal } = options;
          const model = await library.call('lookUpModel', { name, access, preferHalf }, { signal });
          return library.call('installModel', { model, access }, options);
        }),

      async install(offer, access, bits) {
        const { id, type, repo, revision, licence } = offer;
        if (get().offer?.id === id) set({ offer: null });
        if (repo === null || revision === null) return;
        const { files, bits: copyBits } = ('copyOf' in offer && offer.copyOf) || { files: offer.files, bits };
        const model = { id, type, repo, revision, licence, files, copyBits };
        await downloads.run(id, (options) => library.call('installModel', { model, access }, options));
      },

      pause: (id) => void downloads.stop(id),

      importFiles(files) {
        errors.clearUninstalled();
        return importAll(library, downloads, files);
      },

      quantize: (id, bits) =>
        downloads.run(id, (options) => library.call('quantizeModel', { id, bits }, options)),

      async setPrediction(id, prediction) {
        await library.call('setPrediction', { id, prediction }).catch((error) => errors.set(id, error));
        await get().refresh();
      },

      triggerWords: (id) => library.call('readTriggerWords', { id }).catch(() => []),

      thumbnail: (id) => library.call('readThumbnail', { id }).catch(() => null),

      async remove(id) {
        // What still arrives would be there again.
        await downloads.stop(id);
        errors.clear(id);
        await library.call('removeModel', { id }).catch((error) => errors.set(id, error));
        await get().refresh();
      },
    };
  });
}

/** Asks what is on this device; a browser that stores no files is no error, but something to say before a download. */
async function refresh(
  library: Caller,
  { setState }: StoreApi<Models>,
  errors: ReturnType<typeof errorsIn>,
): Promise<void> {
  try {
    const { models, previewVaes, storage } = await library.call('listModels', undefined);
    setState({ installed: models, previewVaes, storage, noStorage: null });
  } catch (error) {
    const known = fromWire(toWire(error));
    const noStorage = known.code === 'no-storage' ? known : null;
    setState({ installed: [], noStorage });
    if (!noStorage) errors.set('', error);
  }
}

/** The store's errors: set when something fails, cleared when it is tried again. */
function errorsIn({ getState, setState }: StoreApi<Models>) {
  return {
    /** A stop is no error. */
    set(id: ModelId, error: unknown) {
      const known = fromWire(toWire(error));
      if (known.code !== 'aborted') setState({ errors: { ...getState().errors, [id]: known } });
    },
    clear(id: ModelId) {
      const { [id]: _, ...errors } = getState().errors;
      setState({ errors });
    },
    /** Those of names and files that did not become models. */
    clearUninstalled() {
      const ids = getState().installed?.map(({ id }) => id) ?? [];
      const kept = Object.entries(getState().errors).filter(([id]) => ids.includes(id));
      setState({ errors: Object.fromEntries(kept) });
    },
  };
}

interface DownloadOptions {
  readonly signal: AbortSignal;
  onProgress(progress: DownloadProgress): void;
}

/** The store's downloads: at most one of each model, shown while it runs. */
function downloadsIn(
  { getState, setState }: StoreApi<Models>,
  errors: ReturnType<typeof errorsIn>,
  now: () => number,
) {
  const running = new Map<ModelId, { readonly abort: AbortController; readonly end: Promise<void> }>();
  const download = async (
    id: ModelId,
    signal: AbortSignal,
    start: (options: DownloadOptions) => Promise<unknown>,
  ): Promise<void> => {
    errors.clear(id);
    const speedOf = createSpeedometer(now);
    const show = (progress: DownloadProgress | null) => {
      const download = { progress, speed: progress && speedOf(progress.loadedBytes) };
      setState({ downloads: { ...getState().downloads, [id]: download } });
    };
    show(null);
    try {
      await start({ signal, onProgress: show });
    } catch (error) {
      errors.set(id, error);
    } finally {
      running.delete(id);
      const { [id]: _, ...downloads } = getState().downloads;
      setState({ downloads });
      await getState().refresh();
    }
  };
  return {
    async run(id: ModelId, start: (options: DownloadOptions) => Promise<unknown>): Promise<void> {
      if (running.has(id)) return;
      const abort = new AbortController();
      const end = download(id, abort.signal, start);
      running.set(id, { abort, end });
      await end;
    },
    /** Resolves when it has ended. */
    async stop(id: ModelId): Promise<void> {
      const download = running.get(id);
      download?.abort.abort();
      await download?.end;
    },
  };
}
