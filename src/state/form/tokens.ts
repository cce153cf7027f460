import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ModelId } from '../../catalog/models.ts';
import type { Caller } from '../../client/caller.ts';
import type { TokenCounts } from '../../protocol/calls.ts';
import type { EmbeddingFile } from '../../protocol/generation.ts';

/** How long the prompt and the negative prompt are for the model; null until that is known. */
export interface Tokens {
  readonly counts: TokenCounts | null;
  /** Counts anew, once the texts have rested for a moment. */
  count(model: ModelId, texts: readonly string[], embeddings: readonly EmbeddingFile[]): void;
}

const REST_MS = 150;

export function createTokensStore(client: Caller): StoreApi<Tokens> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;
  return createStore<Tokens>()((set) => ({
    counts: null,
    count(model, texts, embeddings) {
      clearTimeout(timer);
      const id = ++asked;
      timer = setTimeout(async () => {
        // The count is a courtesy: what fails here fails again, and is said, at Generate.
        const counts = await client.call('countTokens', { model, texts, embeddings }).catch(() => null);
        if (id === asked) set({ counts });
      }, REST_MS);
    },
  }));
}
