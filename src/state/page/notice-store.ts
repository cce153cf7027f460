import { createStore, type StoreApi } from 'zustand/vanilla';

/** What has worked, or has not. */
export type NoticeFact =
  | { readonly kind: 'upscaled'; readonly width: number; readonly height: number }
  /** `absent` is what a picture was made with and is not on this device, by its name. */
  | { readonly kind: 'settings-applied'; readonly absent: string | null }
  | {
      readonly kind:
        | 'settings-restored'
        | 'image-copied'
        | 'parameters-copied'
        | 'image-shared'
        | 'not-allowed';
    };

/** What is said to have worked, gone after a while. */
export interface Notice {
  /** Null when there is nothing to say. */
  readonly fact: NoticeFact | null;
  /** Counts what was said, so that the same words twice are heard twice. */
  readonly count: number;
  say(fact: NoticeFact): void;
}

const SHOWN_MS = 5_000;

export function createNoticeStore(): StoreApi<Notice> {
  return createStore<Notice>()((set, get) => ({
    fact: null,
    count: 0,
    say(fact) {
      const count = get().count + 1;
      set({ fact, count });
      setTimeout(() => {
        if (get().count === count) set({ fact: null });
      }, SHOWN_MS);
    },
  }));
}
