import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppError } from '../../protocol/errors.ts';
import type { StorageNews, Stored } from '../../storage/storage-news.ts';

/** What this browser does not keep, and what it has lost. */
export interface StorageFaults {
  /** Why something is not kept for the next visit. */
  readonly failed: Readonly<Partial<Record<Stored, AppError>>>;
  /** How much of what an earlier visit stored could not be read. */
  readonly unreadable: Readonly<Partial<Record<Stored, number>>>;
  /** Hides what is said; the same is not said again during this visit. */
  dismiss(): void;
}

/** The store of what is not kept, and the news that it hears. `onOpened` is called when something was opened. */
export function createStorageStore(): {
  readonly store: StoreApi<StorageFaults>;
  newsOf(what: Stored, onOpened?: () => void): StorageNews;
} {
  const said = new Set<string>();
  const nameOf = (what: Stored, { code, details }: AppError) => `${what} ${code} ${details.kind}`;
  const store = createStore<StorageFaults>()((set, get) => ({
    failed: {},
    unreadable: {},
    dismiss() {
      for (const [what, error] of Object.entries(get().failed)) said.add(nameOf(what as Stored, error));
      set({ failed: {}, unreadable: {} });
    },
  }));
  const newsOf = (what: Stored, onOpened = () => {}): StorageNews => ({
    failed(error) {
      const { [what]: before, ...others } = store.getState().failed;
      if (error === null && before) store.setState({ failed: others });
      if (error === null || said.has(nameOf(what, error))) return;
      if (!before || nameOf(what, before) !== nameOf(what, error))
        store.setState({ failed: { ...others, [what]: error } });
    },
    unreadable(count) {
      if (said.has(`${what} ${count} unreadable`)) return;
      said.add(`${what} ${count} unreadable`);
      store.setState(({ unreadable }) => ({ unreadable: { ...unreadable, [what]: count } }));
    },
    opened: onOpened,
  });
  return { store, newsOf };
}
