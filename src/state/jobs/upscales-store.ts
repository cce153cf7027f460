import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ModelId } from '../../catalog/models.ts';
import type { Caller } from '../../client/caller.ts';
import type { UpscaledImage } from '../../protocol/calls.ts';
import type { DeviceChoice } from '../../protocol/device.ts';
import { type AppError, fromWire, toWire } from '../../protocol/errors.ts';

/** A finished picture made larger. */
export interface Upscaled extends UpscaledImage {
  /** By which. */
  readonly model: ModelId;
  /** An object URL of `png`, revoked when it is discarded. */
  readonly url: string;
}

/** Pictures made larger, by the name of the picture each was made of: an object URL, or the id of a row of the gallery. */
export interface Upscales {
  readonly made: Readonly<Record<string, Upscaled>>;
  /** The one under way, and the part of it that is done, 0 … 1. */
  readonly busy: { readonly of: string; readonly model: ModelId; readonly done: number } | null;
  readonly error: { readonly of: string; readonly error: AppError } | null;
  /** Does nothing while another is under way. Resolves when it is over, whatever came of it. */
  upscale(of: string, file: Blob, model: ModelId, device: DeviceChoice): Promise<void>;
  stop(): void;
  discard(of: string): void;
  /** These pictures are gone: what was made of them is let go, and what is being made of one is stopped. */
  forget(gone: readonly string[]): void;
}

/** `client` is the worker that paints: one thing at a time on the device. */
export function createUpscalesStore(client: Caller): StoreApi<Upscales> {
  let abort = new AbortController();

  return createStore<Upscales>()((set, get) => ({
    made: {},
    busy: null,
    error: null,

    async upscale(of, file, model, device) {
      if (get().busy) return;
      abort = new AbortController();
      const { signal } = abort;
      set({ busy: { of, model, done: 0 }, error: null });
      try {
        const image = await client.call(
          'upscale',
          { file, model, device },
          {
            signal,
            onProgress: (event) => {
              if (event.stage === 'tile') set({ busy: { of, model, done: event.done / event.all } });
            },
          },
        );
        if (!signal.aborted)
          set({ made: { ...get().made, [of]: { ...image, model, url: URL.createObjectURL(image.png) } } });
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
