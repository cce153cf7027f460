import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import { type AppError, fromWire, toWire } from '../../protocol/errors.ts';
import type { InitImageFile } from '../../protocol/init-image.ts';
import type { PictureSettings } from '../../protocol/picture-settings.ts';
import { type Border, MIDDLE, NO_BORDER } from '../../protocol/placement.ts';
import type { InitImageStorage, Mask } from '../../storage/stored-files.ts';

/** The picture to begin with, if any. */
export interface InitImage {
  readonly file: Blob | null;
  /** An object URL of `file`, revoked when another takes its place. */
  readonly url: string | null;
  /** Pixels of the file; 0 without one. */
  readonly width: number;
  readonly height: number;
  /** The settings written in it. */
  readonly settings: PictureSettings | null;
  /** What of it is painted anew; null for all of it. */
  readonly mask: Mask | null;
  /** What part of it is taken where it is cut, 0 … 1 each. */
  readonly offset: InitImageFile['offset'];
  /** What is added around it, pixels of the size asked for. */
  readonly border: Border;
  /** Why the last file was not taken. */
  readonly error: AppError | null;
  /** Takes a picture in the place of the one that is there; a file that is none leaves it. */
  take(file: Blob): Promise<void>;
  discard(): void;
  /** Another mask, offset or border for the same picture. */
  change(change: Partial<Pick<InitImage, 'mask' | 'offset' | 'border'>>): void;
}

const UNTOUCHED = { mask: null, offset: MIDDLE, border: NO_BORDER };
const NONE = { file: null, url: null, width: 0, height: 0, settings: null, error: null, ...UNTOUCHED };

export function createInitImageStore(client: Caller, storage: InitImageStorage): StoreApi<InitImage> {
  let asked = 0;
  const store = createStore<InitImage>()((set, get) => {
    const keep = () => {
      const { file, mask, offset, border } = get();
      storage.save(file && { file, mask, offset, border }).catch(() => {});
    };
    const replace = (next: Partial<InitImage>) => {
      const { url } = get();
      if (url) URL.revokeObjectURL(url);
      set(next);
      keep();
    };
    return {
      ...NONE,
      async take(file) {
        const id = ++asked;
        try {
          const facts = await client.call('inspectImage', { file });
          if (id === asked) replace({ ...NONE, file, url: URL.createObjectURL(file), ...facts });
        } catch (error) {
          if (id === asked) set({ error: fromWire(toWire(error)) });
        }
      },
      discard() {
        asked++;
        replace(NONE);
      },
      change(change) {
        set(change);
        keep();
      },
    };
  });
  storage.load().then(
    async (kept) => {
      if (!kept || asked > 0) return;
      await store.getState().take(kept.file);
      const { mask, offset, border } = { ...UNTOUCHED, ...kept };
      if (store.getState().file === kept.file) store.getState().change({ mask, offset, border });
    },
    () => {},
  );
  return store;
}
