import { createStore, type StoreApi } from 'zustand/vanilla';
import { type AppError, fromWire, toWire } from '../protocol/errors.ts';
import type { Caller } from './generation.ts';

/** Where the picture outlives the page. Either call may fail: then it lives as long as the page. */
export interface InitImageStorage {
  load(): Promise<Blob | null>;
  save(file: Blob | null): Promise<void>;
}

/** The picture to begin with, if any. */
export interface InitImage {
  readonly file: Blob | null;
  /** An object URL of `file`, revoked when another takes its place. */
  readonly url: string | null;
  /** Pixels of the file; 0 without one. */
  readonly width: number;
  readonly height: number;
  /** Why the last file was not taken. */
  readonly error: AppError | null;
  /** Takes a picture in the place of the one that is there; a file that is none leaves it. */
  take(file: Blob): Promise<void>;
  discard(): void;
}

const NONE = { file: null, url: null, width: 0, height: 0, error: null };

export function createInitImageStore(client: Caller, storage: InitImageStorage): StoreApi<InitImage> {
  let asked = 0;
  const store = createStore<InitImage>()((set, get) => {
    const replace = (next: Pick<InitImage, 'file' | 'url' | 'width' | 'height' | 'error'>) => {
      const { url } = get();
      if (url) URL.revokeObjectURL(url);
      set(next);
      storage.save(next.file).catch(() => {});
    };
    return {
      ...NONE,
      async take(file) {
        const id = ++asked;
        try {
          const size = await client.call('inspectImage', { file });
          if (id === asked) replace({ file, url: URL.createObjectURL(file), ...size, error: null });
        } catch (error) {
          if (id === asked) set({ error: fromWire(toWire(error)) });
        }
      },
      discard() {
        asked++;
        replace(NONE);
      },
    };
  });
  storage.load().then(
    (file) => {
      if (file && asked === 0) void store.getState().take(file);
    },
    () => {},
  );
  return store;
}
