import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ModelId } from '../../catalog/models.ts';
import type { Caller } from '../../client/caller.ts';
import type { DeviceChoice } from '../../protocol/device.ts';
import { type AppError, fromWire, toWire } from '../../protocol/errors.ts';
import type { SegmentPrompt } from '../../protocol/segment.ts';

/** Finds things in the start picture. */
export interface Segments {
  /** What is being done: waited for a picture that is painted, looked at the picture for the first time, or found what is at a point. */
  readonly busy: 'waits' | 'look' | 'find' | null;
  readonly error: AppError | null;
  /** How often it was stopped: what waited before the last time is not asked any more. */
  readonly stops: number;
  /**
   * @param key the picture's own name
   * @returns the mask, which is null where nothing was found; null where it was stopped or failed
   */
  find(
    file: Blob,
    key: string,
    model: ModelId,
    device: DeviceChoice,
    prompt: SegmentPrompt,
  ): Promise<{ readonly mask: Blob | null } | null>;
  stop(): void;
  /** Frees what is kept of the picture. What still waits is stopped; what computes ends by itself, so that no model is lost. */
  end(): void;
}

/** @param client the worker that also generates */
export function createSegmentsStore(
  client: Caller,
  choiceNow: (choice: DeviceChoice) => DeviceChoice,
): StoreApi<Segments> {
  let abort = new AbortController();
  let asked = false;
  return createStore<Segments>()((set, get) => ({
    busy: null,
    error: null,
    stops: 0,
    async find(file, key, model, device, prompt) {
      abort = new AbortController();
      const { signal } = abort;
      // What is told after the end is of a picture that nobody looks at any more.
      const tell = (change: Partial<Segments>) => abort.signal === signal && set(change);
      asked = true;
      set({ busy: 'waits', error: null });
      try {
        return await client.call(
          'segment',
          { file, key, model, device: choiceNow(device), prompt },
          { signal, onProgress: ({ stage }) => tell({ busy: stage }) },
        );
      } catch (error) {
        const known = fromWire(toWire(error));
        if (known.code !== 'aborted') tell({ error: known });
        return null;
      } finally {
        tell({ busy: null });
      }
    },
    stop() {
      abort.abort();
      set({ stops: get().stops + 1 });
    },
    end() {
      if (get().busy === 'waits') abort.abort();
      abort = new AbortController();
      if (asked) client.call('forgetSegmented', undefined).catch(() => {});
      asked = false;
      set({ busy: null, error: null });
    },
  }));
}
