import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ModelId } from '../../catalog/models.ts';
import type { Caller } from '../../client/caller.ts';
import { type AppError, fromWire, toWire } from '../../protocol/errors.ts';
import type { EmbeddingFile } from '../../protocol/generation.ts';
import type { EmbeddingStorage } from '../../storage/stored-files.ts';

/** The textual inversions at hand, by their trigger words. */
export interface Embeddings {
  readonly embeddings: readonly EmbeddingFile[];
  /** Why the last file was not taken. */
  readonly error: AppError | null;
  /** Takes .safetensors files; the name of each is its word. One of the same name is replaced. */
  add(model: ModelId, files: readonly File[]): Promise<void>;
  remove(token: string): void;
}

export function createEmbeddingsStore(client: Caller, storage: EmbeddingStorage): StoreApi<Embeddings> {
  const store = createStore<Embeddings>()((set, get) => {
    const keep = (embeddings: readonly EmbeddingFile[]) => {
      set({ embeddings });
      storage.save(embeddings).catch(() => {});
    };
    return {
      embeddings: [],
      error: null,
      async add(model, files) {
        set({ error: null });
        for (const file of files) {
          const added = { token: file.name.replace(/\.[^.]*$/, ''), file };
          try {
            // Counting nothing with it reads it.
            await client.call('countTokens', { model, texts: [], embeddings: [added] });
            keep([...get().embeddings.filter(({ token }) => token !== added.token), added]);
          } catch (error) {
            set({ error: fromWire(toWire(error)) });
          }
        }
      },
      remove(token) {
        set({ error: null });
        keep(get().embeddings.filter((embedding) => embedding.token !== token));
      },
    };
  });
  storage.load().then(
    (embeddings) => store.setState({ embeddings: [...embeddings, ...store.getState().embeddings] }),
    () => {},
  );
  return store;
}
