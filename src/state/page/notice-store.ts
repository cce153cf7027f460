import { createStore, type StoreApi } from 'zustand/vanilla';

/** Something that has worked, or that the browser has not allowed. */
export type NoticeFact =
  | { readonly kind: 'upscaled'; readonly width: number; readonly height: number }
  /** `absent` names something that the picture was made with and that is not on this device. */
  | { readonly kind: 'settings-applied'; readonly absent: string | null }
  /** `instead` is the model that the form uses now; null where only a component was the deleted one's. */
  | { readonly kind: 'model-deleted'; readonly label: string; readonly instead: string | null }
  | {
      readonly kind:
        | 'settings-restored'
        | 'image-copied'
        | 'parameters-copied'
        | 'image-shared'
        | 'not-allowed';
    };

/** A message that disappears after a while. */
export interface Notice {
  /** Null while there is none. */
  readonly fact: NoticeFact | null;
  /** Counts the messages, so that screen readers read the same one twice. */
  readonly count: number;
  say(fact: NoticeFact): void;
}

const SHOWN_MS = 5_000;

/** The store of the page's notice. */
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
