import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import { type AppError, fromWire, toWire } from '../../protocol/errors.ts';
import type { FoundRepo, HubAccess } from '../../protocol/models.ts';

/** What a person has searched the Hub for, and what it found. */
export interface HubSearch {
  /** Of the last search; null before the first. */
  readonly words: string | null;
  /** The most downloaded first; null until there is an answer. */
  readonly found: readonly FoundRepo[] | null;
  readonly isSearching: boolean;
  readonly error: AppError | null;
  /** Sends the words to the Hub: only when a person presses Search. A later search ends an earlier one. */
  search(words: string, access: HubAccess): Promise<void>;
}

/** @param library the worker that speaks to the Hub */
export function createHubSearchStore(library: Caller): StoreApi<HubSearch> {
  let abort = new AbortController();
  return createStore<HubSearch>()((set) => ({
    words: null,
    found: null,
    isSearching: false,
    error: null,

    async search(words, access) {
      abort.abort();
      abort = new AbortController();
      const { signal } = abort;
      set({ words, isSearching: true, error: null });
      try {
        const found = await library.call('searchHub', { words, access }, { signal });
        if (!signal.aborted) set({ found, isSearching: false });
      } catch (error) {
        if (!signal.aborted) set({ found: null, isSearching: false, error: fromWire(toWire(error)) });
      }
    },
  }));
}
