import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import { type AppError, fromWire, toWire } from '../../protocol/errors.ts';
import type { PictureSettings } from '../../protocol/picture-settings.ts';
import { type Border, MIDDLE, NO_BORDER, type Placing } from '../../protocol/placement.ts';
import type { InitImageStorage, Mask, StoredInitImage } from '../../storage/stored-files.ts';
import { type PendingFiles, pendingFiles } from './pending-files.ts';

/** A picture that is not taken yet, with what it says. */
export interface ReceivedPicture {
  readonly file: Blob;
  /** An object URL of `file`, revoked when it is dismissed. */
  readonly url: string;
  readonly settings: PictureSettings;
}

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
  /** A picture that says how it was made: the person is asked what is to be done with it. */
  readonly received: ReceivedPicture | null;
  /** Takes the stored picture, unless another has been taken. */
  load(): Promise<void>;
  /** Replaces the picture by another; if the file is not a picture, `error` says so and the old one stays. */
  take(file: Blob): Promise<void>;
  /** Replaces the picture by another with all that was done with it, or by none. */
  put(image: StoredInitImage | null): Promise<void>;
  /** Takes a picture that came without being asked for; if it says how it was made, it is only `received`. */
  receive(file: Blob): Promise<void>;
  /** Forgets what was received. */
  dismissReceived(): void;
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
  let came = 0;
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
      if (stored && asked === 0) await put(stored);
    };
    const put = async (image: StoredInitImage | null) => {
      if (!image) return get().discard();
      const { file, ...placed } = image;
      await take(file);
      if (get().file === file) get().change(placed);
    };
    const receive = async (file: Blob) => {
      const [id, askedBefore] = [++came, asked];
      const facts = await client.call('inspectImage', { file }).catch(() => null);
      if (id !== came) return;
      const { settings } = facts ?? {};
      if (!settings || isEmptyOffer(settings)) return askedBefore === asked ? take(file) : undefined;
      get().dismissReceived();
      set({ received: { file, url: URL.createObjectURL(file), settings } });
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
      received: null,
      take: (file) => during(take(file)),
      put: (image) => during(put(image)),
      receive: (file) => during(receive(file)),
      ready,
      dismissReceived() {
        const { received } = get();
        if (received) URL.revokeObjectURL(received.url);
        set({ received: null });
      },
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

/** Whether nothing of them could be read. */
const isEmptyOffer = ({ settings }: PictureSettings) => Object.keys(settings).length === 0;
