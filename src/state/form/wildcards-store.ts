import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Wildcards } from '../../protocol/wildcards.ts';
import type { WordList, WordListStorage } from '../../storage/stored-files.ts';
import { type PendingFiles, pendingFiles } from './pending-files.ts';
import type { WordListFault } from './word-list.ts';

/** The lists of words that prompts can call, in the order of their names. */
export interface WildcardLists {
  readonly lists: readonly WordList[];
  readonly all: Wildcards;
  /** Why the last files gave no list. */
  readonly faults: readonly WordListFault[];
  /** The lists before the last change, and the names that it has replaced or deleted; null where there is nothing to undo. */
  readonly before: { readonly lists: readonly WordList[]; readonly names: readonly string[] } | null;
  /** Adds those that are stored. */
  load(): Promise<void>;
  /** Adds files with an entry on each line. A list of the same name is replaced, which can be undone. */
  add(files: readonly File[]): Promise<void>;
  remove(name: string): void;
  /** Puts back what the last change has replaced or deleted. */
  undo(): void;
  /** Resolves when those that are stored and those being added are there. */
  readonly ready: PendingFiles['ready'];
}

/** The store of the lists of words. */
export function createWildcardsStore(storage: WordListStorage): StoreApi<WildcardLists> {
  return createStore<WildcardLists>()((set, get) => {
    const show = (lists: readonly WordList[]) => {
      const sorted = lists.toSorted((a, b) => a.name.localeCompare(b.name));
      set({ lists: sorted, all: Object.fromEntries(sorted.map(({ name, words }) => [name, words])) });
    };
    const change = (lists: readonly WordList[], names: readonly string[]) => {
      set({ before: names.length > 0 ? { lists: get().lists, names } : null });
      show(lists);
      // If they cannot be stored, they live as long as the page, and it is for the storage to say so.
      storage.save(get().lists).catch(() => {});
    };
    const { during, ready } = pendingFiles(() => get().load());
    const without = (names: readonly string[]) => get().lists.filter(({ name }) => !names.includes(name));
    return {
      lists: [],
      all: {},
      faults: [],
      before: null,
      ready,
      load: () =>
        during(
          storage.load().then(
            (stored) => {
              const added = get().lists.map(({ name }) => name);
              show([...stored.filter(({ name }) => !added.includes(name)), ...get().lists]);
            },
            () => {},
          ),
        ),
      add: (files) =>
        during(
          (async () => {
            const { readWordList } = await import('./word-list.ts');
            const read = await Promise.all(files.map(readWordList));
            const added = read.filter((one) => 'words' in one);
            const names = added.map(({ name }) => name);
            const replaced = get().lists.filter(({ name }) => names.includes(name));
            set({ faults: read.filter((one) => 'kind' in one) });
            // Of two files of one name the last counts.
            const lists = new Map([...without(names), ...added].map((list) => [list.name, list]));
            if (added.length > 0)
              change(
                [...lists.values()],
                replaced.map(({ name }) => name),
              );
          })(),
        ),
      remove(name) {
        set({ faults: [] });
        change(without([name]), [name]);
      },
      undo() {
        const { before } = get();
        if (before) change(before.lists, []);
      },
    };
  });
}
