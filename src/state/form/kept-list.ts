import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ListStorage } from '../../storage/stored-files.ts';
import { type PendingFiles, pendingFiles } from './pending-files.ts';

/** What files hold for a list, and why others hold nothing. */
export interface ReadFile<Item, Problem> {
  readonly items: readonly Item[];
  readonly faults: readonly Problem[];
}

/** Things of a person, each with a name of its own, in the order of their names. */
export interface KeptList<Item extends { readonly name: string }, Problem> {
  readonly items: readonly Item[];
  /** Why the last files, or parts of them, gave nothing. */
  readonly faults: readonly Problem[];
  /**
   * The list before the last change, the names of what that has replaced or deleted, and the name that something has had instead of
   * another; null where there is nothing to undo.
   */
  readonly before: {
    readonly items: readonly Item[];
    readonly names: readonly string[];
    readonly renamed: Renamed;
  } | null;
  /** Adds those that are stored. */
  load(): Promise<void>;
  /** Adds what files hold. One of the same name is replaced, which can be undone. */
  add(files: readonly File[]): Promise<void>;
  /** Adds one, in the place of the one that had this name. */
  put(item: Item, instead?: string): void;
  remove(name: string): void;
  /** Puts back what the last change has replaced or deleted. */
  undo(): void;
  /** Resolves when those that are stored and those being added are there. */
  readonly ready: PendingFiles['ready'];
}

type Renamed = { readonly from: string; readonly to: string } | null;

/** @param read reads a file that was added */
export function createKeptList<Item extends { readonly name: string }, Problem>(
  storage: ListStorage<Item>,
  read: (file: File) => Promise<ReadFile<Item, Problem>>,
): StoreApi<KeptList<Item, Problem>> {
  return createStore<KeptList<Item, Problem>>()((set, get) => {
    const { during, ready } = pendingFiles(() => get().load());
    const unsaved = new Set<string>();
    const without = (names: readonly string[]) => get().items.filter(({ name }) => !names.includes(name));
    const sorted = (items: readonly Item[]) => items.toSorted((a, b) => a.name.localeCompare(b.name));
    const change = (items: readonly Item[], names: readonly string[], renamed: Renamed = null) => {
      const replaced = names.filter((name) => get().items.some((item) => item.name === name));
      const { items: old } = get();
      set({ before: replaced.length > 0 ? { items: old, names: replaced, renamed } : null });
      set({ items: sorted(items) });
      const gone = old.filter(({ name }) => !items.some((item) => item.name === name));
      const changed = new Map<string, Item | null>(gone.map(({ name }) => [name, null]));
      for (const item of items) if (!old.includes(item)) changed.set(item.name, item);
      // If they cannot be stored, they live as long as the page, and it is for the storage to say so.
      storage.change(changed).then(
        () => unsaved.clear(),
        () => {
          for (const name of changed.keys()) unsaved.add(name);
        },
      );
    };
    const load = async () => {
      const stored = await storage.load().catch(() => []);
      const added = get().items.map(({ name }) => name);
      set({ items: sorted([...stored.filter(({ name }) => !added.includes(name)), ...get().items]) });
    };
    // Another tab's change: what is stored now, and what could not be stored. What would be undone is no longer what is there.
    const reload = async () => {
      const { items: seen } = get();
      const stored = await storage.load().catch(() => null);
      if (stored === null || get().items !== seen) return;
      const kept = seen.filter((item) => unsaved.has(item.name));
      const names = new Set(kept.map(({ name }) => name));
      set({ items: sorted([...stored.filter(({ name }) => !names.has(name)), ...kept]), before: null });
    };
    storage.onChanged(() => void reload());
    const add = async (files: readonly File[]) => {
      const all = await Promise.all(files.map(read));
      const items = all.flatMap((one) => one.items);
      set({ faults: all.flatMap((one) => one.faults) });
      if (items.length === 0) return;
      // Of two of one name the last counts.
      const added = new Map(items.map((item) => [item.name, item]));
      change([...without([...added.keys()]), ...added.values()], [...added.keys()]);
    };
    return {
      items: [],
      faults: [],
      before: null,
      ready,
      load: () => during(load()),
      add: (files) => during(add(files)),
      put(item, instead = item.name) {
        const names = [instead, item.name];
        set({ faults: [] });
        const isRenamed = instead !== item.name;
        change([...without(names), item], names, isRenamed ? { from: instead, to: item.name } : null);
      },
      remove(name) {
        set({ faults: [] });
        change(without([name]), [name]);
      },
      undo() {
        const { before } = get();
        if (before) change(before.items, []);
      },
    };
  });
}
