import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import { type AppError, fromWire, toWire } from '../../protocol/errors.ts';
import type { PictureSettings } from '../../protocol/picture-settings.ts';
import { type Border, MIDDLE, NO_BORDER, type Placing } from '../../protocol/placement.ts';
import type { InitImageStorage, Mask } from '../../storage/stored-files.ts';
import { type PendingFiles, pendingFiles } from './pending-files.ts';

/** The picture to start from, if any, and what can be done with it. */
export interface InitImageState {
  readonly file: Blob | null;
  /** An object URL of `file`, revoked when another picture replaces it. */
  readonly url: string | null;
  /** Pixels of the file; 0 without one. */
  readonly width: number;
  readonly height: number;
  /** The settings written in it. */
  readonly settings: PictureSettings | null;
  /** The part that is repainted; null for all of it. */
  readonly mask: Mask | null;
  readonly offset: Placing['offset'];
  readonly border: Border;
  /** Why the last file was refused. */
  readonly error: AppError | null;
  /** Takes the stored picture, unless another has been taken. */
  load(): Promise<void>;
  /** Replaces the picture by another; if the file is not a picture, `error` says so and the old one stays. */
  take(file: Blob): Promise<void>;
  discard(): void;
  /** Changes the mask, offset or border of the same picture. */
  change(change: Partial<Pick<InitImageState, 'mask' | 'offset' | 'border'>>): void;
  /** Resolves when the stored picture, or one that was taken, is there, or was refused. */
  readonly ready: PendingFiles['ready'];
}

const UNTOUCHED = { mask: null, offset: MIDDLE, border: NO_BORDER };
const NONE = { file: null, url: null, width: 0, height: 0, settings: null, error: null, ...UNTOUCHED };

/** The store of the start picture and of what is done with it. */
export function createInitImageStore(client: Caller, storage: InitImageStorage): StoreApi<InitImageState> {
  let asked = 0;
  return createStore<InitImageState>()((set, get) => {
    const save = () => {
      const { file, mask, offset, border } = get();
      // If it cannot be stored, it lives as long as the page, and it is for the storage to say so.
      storage.save(file && { file, mask, offset, border }).catch(() => {});
    };
    const replace = (next: Partial<InitImageState>) => {
      const { url } = get();
      if (url) URL.revokeObjectURL(url);
      set(next);
      save();
    };
    const { during, ready } = pendingFiles(() => get().load());
    const load = async () => {
      const stored = await storage.load().catch(() => null);
      if (!stored || asked > 0) return;
      await take(stored.file);
      const { mask, offset, border } = stored;
      if (get().file === stored.file) get().change({ mask, offset, border });
    };
    const take = async (file: Blob) => {
      const id = ++asked;
      try {
        const facts = await client.call('inspectImage', { file });
        if (id === asked) replace({ ...NONE, file, url: URL.createObjectURL(file), ...facts });
      } catch (error) {
        if (id === asked) set({ error: fromWire(toWire(error)) });
      }
    };
    return {
      ...NONE,
      load: () => during(load()),
      take: (file) => during(take(file)),
      ready,
      discard() {
        asked++;
        replace(NONE);
      },
      change(change) {
        set(change);
        save();
      },
    };
  });
}
