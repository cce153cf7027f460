import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ModelId } from '../../catalog/models.ts';
import type { Caller } from '../../client/caller.ts';
import type { TokenCounts } from '../../protocol/calls.ts';
import type { EmbeddingFile } from '../../protocol/generation.ts';

/** How many tokens the prompts have. */
export interface Tokens {
  /** Of the prompt and the negative prompt, in this order; null until they are counted. */
  readonly counts: TokenCounts | null;
  /** Counts again, once typing has paused. */
  count(model: ModelId, texts: readonly string[], embeddings: readonly EmbeddingFile[]): void;
}

/** How long a pause in typing is. */
const PAUSE_MS = 150;

/** The store of how many tokens the prompts have. */
export function createTokensStore(client: Caller): StoreApi<Tokens> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;
  return createStore<Tokens>()((set) => ({
    counts: null,
    count(model, texts, embeddings) {
      clearTimeout(timer);
      const id = ++asked;
      timer = setTimeout(async () => {
        // No error is shown for a mere count: Generate would fail in the same way, and say why.
        const counts = await client.call('countTokens', { model, texts, embeddings }).catch(() => null);
        if (id === asked) set({ counts });
      }, PAUSE_MS);
    },
  }));
}
