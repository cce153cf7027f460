import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ModelId } from '../../catalog/models.ts';
import type { Caller } from '../../client/caller.ts';
import { type AppError, fromWire, toWire } from '../../protocol/errors.ts';
import type { EmbeddingFile } from '../../protocol/generation.ts';
import type { ListStorage } from '../../storage/stored-files.ts';
import { type PendingFiles, pendingFiles } from './pending-files.ts';

/** The textual inversions that prompts can call. */
export interface Embeddings {
  readonly embeddings: readonly EmbeddingFile[];
  /** Why the last file was refused. */
  readonly error: AppError | null;
  /** Adds those that are stored. */
  load(): Promise<void>;
  /**
   * Adds .safetensors files. A file's name is the word that calls it; a file of the same name is replaced.
   * @returns those that are LoRAs instead
   */
  add(model: ModelId, files: readonly File[]): Promise<readonly File[]>;
  remove(token: string): void;
  /** Resolves when those that are stored and those being added are there, or were refused. */
  readonly ready: PendingFiles['ready'];
}

/** The store of the embeddings added to the form. */
export function createEmbeddingsStore(
  client: Caller,
  storage: ListStorage<EmbeddingFile>,
): StoreApi<Embeddings> {
  return createStore<Embeddings>()((set, get) => {
    const unsaved = new Set<string>();
    const change = (token: string, added: EmbeddingFile | null) => {
      const others = get().embeddings.filter((embedding) => embedding.token !== token);
      set({ embeddings: added ? [...others, added] : others });
      // If they cannot be stored, they live as long as the page, and it is for the storage to say so.
      storage.change(new Map([[token, added]])).then(
        () => unsaved.clear(),
        () => unsaved.add(token),
      );
    };
    const { during, ready } = pendingFiles(() => get().load());
    const load = async () => {
      const stored = await storage.load().catch(() => []);
      const added = new Set(get().embeddings.map(({ token }) => token));
      set({ embeddings: [...stored.filter(({ token }) => !added.has(token)), ...get().embeddings] });
    };
    // Another tab's change: what is stored now, and what could not be stored.
    storage.onChanged(async () => {
      const { embeddings: seen } = get();
      const stored = await storage.load().catch(() => null);
      if (stored === null || get().embeddings !== seen) return;
      const kept = seen.filter(({ token }) => unsaved.has(token));
      const tokens = new Set(kept.map(({ token }) => token));
      set({ embeddings: [...stored.filter(({ token }) => !tokens.has(token)), ...kept] });
    });
    const add = async (model: ModelId, files: readonly File[]) => {
      set({ error: null });
      const loras: File[] = [];
      for (const file of files) {
        const added = { token: file.name.replace(/\.[^.]*$/, ''), file };
        try {
          // To count with a file, even nothing, the worker has to read it.
          await client.call('countTokens', { model, texts: [], embeddings: [added] });
          change(added.token, added);
        } catch (error) {
          const fault = fromWire(toWire(error));
          if (fault.details.kind === 'lora-as-embedding') loras.push(file);
          else set({ error: fault });
        }
      }
      return loras;
    };
    return {
      embeddings: [],
      error: null,
      load: () => during(load()),
      add: (model, files) => during(add(model, files)),
      ready,
      remove(token) {
        set({ error: null });
        change(token, null);
      },
    };
  });
}
