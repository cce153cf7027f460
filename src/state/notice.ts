import { createStore, type StoreApi } from 'zustand/vanilla';

/** A word to say that something has worked, gone after a while. */
export interface Notice {
  /** Empty when there is nothing to say. */
  readonly text: string;
  /** Counts what was said, so that the same words twice are heard twice. */
  readonly count: number;
  say(text: string): void;
}

const SHOWN_MS = 5_000;

export function createNoticeStore(): StoreApi<Notice> {
  return createStore<Notice>()((set, get) => ({
    text: '',
    count: 0,
    say(text) {
      const count = get().count + 1;
      set({ text, count });
      setTimeout(() => {
        if (get().count === count) set({ text: '' });
      }, SHOWN_MS);
    },
  }));
}
