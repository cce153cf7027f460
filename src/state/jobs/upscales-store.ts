import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ModelId } from '../../catalog/models.ts';
import type { Caller } from '../../client/caller.ts';
import type { UpscaledImage } from '../../protocol/calls.ts';
import type { DeviceChoice } from '../../protocol/device.ts';
import { type AppError, fromWire, toWire } from '../../protocol/errors.ts';

/** What is made of a finished picture: the worker's name for it. */
export type UpscaleTask = 'upscale' | 'removeBackground';

/** A finished picture, upscaled or without its background. */
export interface Upscaled extends UpscaledImage {
  readonly task: UpscaleTask;
  /** What it was made by. */
  readonly model: ModelId;
  /** An object URL of `png`, revoked when it is discarded. */
  readonly url: string;
}

/** Pictures made of finished ones, each by the key of the picture it was made of: an object URL, or the id of a gallery row. */
export interface Upscales {
  readonly made: Readonly<Record<string, Upscaled>>;
  /** What is being made; `done` goes from 0 to 1, and is not known of a background. */
  readonly busy: {
    readonly of: string;
    readonly task: UpscaleTask;
    readonly model: ModelId;
    readonly done: number;
  } | null;
  readonly error: { readonly of: string; readonly error: AppError } | null;
  /** The picture whose background cannot be removed before a model is fetched, and what is done then. */
  readonly lacking: { readonly of: string; readonly go: () => void } | null;
  /** Does nothing while another one runs. Resolves when it ends, also by an error or a stop. */
  upscale(of: string, file: Blob, model: ModelId, device: DeviceChoice, task?: UpscaleTask): Promise<void>;
  stop(): void;
  discard(of: string): void;
  /** Discards what was made of these pictures, and stops what is being made of one. */
  forget(gone: readonly string[]): void;
}

/**
 * @param client the worker that also generates, so that the device does one thing at a time
 * @param choiceNow what is asked for in place of a choice of device
 */
export function createUpscalesStore(
  client: Caller,
  choiceNow: (choice: DeviceChoice) => DeviceChoice,
): StoreApi<Upscales> {
  let abort = new AbortController();

  return createStore<Upscales>()((set, get) => ({
    made: {},
    busy: null,
    error: null,
    lacking: null,

    async upscale(of, file, model, device, task = 'upscale') {
      if (get().busy) return;
      abort = new AbortController();
      const { signal } = abort;
      set({ busy: { of, task, model, done: 0 }, error: null, lacking: null });
      try {
        const image = await client.call(
          task,
          { file, model, device: choiceNow(device) },
          {
            signal,
            onProgress: (event) => {
              if (event.stage === 'tile') set({ busy: { of, task, model, done: event.done / event.all } });
            },
          },
        );
        if (signal.aborted) return;
        get().discard(of);
        const url = URL.createObjectURL(image.png);
        set({ made: { ...get().made, [of]: { ...image, task, model, url } } });
      } catch (error) {
        const known = fromWire(toWire(error));
        if (known.code !== 'aborted') set({ error: { of, error: known } });
      } finally {
        set({ busy: null });
      }
    },

    stop: () => abort.abort(),

    discard(of) {
      const { [of]: gone, ...made } = get().made;
      if (!gone) return;
      URL.revokeObjectURL(gone.url);
      set({ made });
    },

    forget(gone) {
      const { busy, error, discard } = get();
      if (busy && gone.includes(busy.of)) abort.abort();
      if (error && gone.includes(error.of)) set({ error: null });
      for (const of of gone) discard(of);
    },
  }));
}
