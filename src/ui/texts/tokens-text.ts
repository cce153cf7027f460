import type { Texts } from './en.ts';

/** More chunks than these are told by their number. */
const MOST_CHUNKS = 3;

/**
 * The tokens of a prompt: “12 of 75 tokens”; where it fills several chunks “75 + 12 tokens”, where many “537 tokens in 8 chunks”.
 * @param chunks tokens of each
 * @param room tokens that a chunk can hold
 */
export function tokensText(texts: Texts['create'], chunks: readonly number[], room: number): string {
  if (chunks.length === 1) return texts.tokensOf(chunks[0] ?? 0, room);
  if (chunks.length <= MOST_CHUNKS) return texts.tokens(chunks.join(' + '));
  return texts.tokensIn(
    chunks.reduce((sum, count) => sum + count, 0),
    chunks.length,
  );
}
