import type { FormListStorage } from '../../storage/stored-files.ts';

/**
 * Items of the form in the order in which they were added, and where they are kept. If they cannot be stored, they live as long as
 * the page, and it is for the storage to say so.
 */
export function createFormItems<Item extends { readonly id: string }>(
  items: () => readonly Item[],
  set: (items: readonly Item[]) => void,
  storage: FormListStorage<Item>,
) {
  let isLoaded = false;
  let isReplaced = false;
  const save = (next: readonly Item[]) => {
    set(next);
    // What is stored and not read yet must not be written over.
    if (isLoaded) storage.save(next).catch(() => {});
  };
  const find = (id: string) => items().find((item) => item.id === id);
  return {
    find,
    save,
    change: (id: string, next: Partial<Item>) =>
      save(items().map((item) => (item.id === id ? { ...item, ...next } : item))),
    remove: (id: string) => save(items().filter((item) => item.id !== id)),
    /** Replaces all of them, and those that are stored and not read yet. */
    put(next: readonly Item[]) {
      isReplaced = true;
      save(next);
    },
    /** Puts those that are stored before those that were added; leaves them where all were replaced. */
    async load() {
      const stored = await storage.load().catch(() => []);
      const before = isReplaced || isLoaded ? [] : stored.filter(({ id }) => !find(id));
      const hasOthers = isReplaced || items().length > 0;
      isLoaded = true;
      const all = [...before, ...items()];
      if (hasOthers) save(all);
      else set(all);
    },
  };
}
