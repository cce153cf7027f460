import type { ClipTokenizer } from '../tokenizer/clip.ts';
import { BREAK, parseEmphasis } from './emphasis.ts';

/** A concept learned as token vectors, called by its trigger word (textual inversion, Gal et al. 2022). */
export interface Embedding {
  readonly token: string;
  /** How many positions of a chunk it takes, one for each vector. */
  readonly length: number;
}

/** The position of an embedding's vector `row` in a chunk. */
export interface Injection<E extends Embedding> {
  readonly position: number;
  readonly embedding: E;
  readonly row: number;
}

/** As much text as a text encoder takes at a time: T = tokenizer.maxLength positions, begin and end included. */
export interface PromptChunk<E extends Embedding = Embedding> {
  /** [T]: begin, text, end, padding. */
  readonly ids: Int32Array;
  /** [T]: 1 where nothing is emphasised. */
  readonly weights: Float32Array;
  readonly injections: readonly Injection<E>[];
  /** Tokens of the text. */
  readonly length: number;
}

/** After a comma this close to the end of a chunk the text moves to the next chunk (A1111's comma_padding_backtrack). */
const COMMA_REACH = 20;

/**
 * A prompt as chunks, each with its own begin and end, as in AUTOMATIC1111's web UI (modules/sd_hijack_clip.py,
 * tokenize_line). A prompt that fits into one chunk gets the ids of CLIPTokenizer(padding="max_length"). `BREAK` starts a
 * new chunk.
 */
export function promptChunks<E extends Embedding>(
  tokenizer: ClipTokenizer,
  prompt: string,
  embeddings: readonly E[],
): PromptChunk<E>[] {
  const room = tokenizer.maxLength - 2;
  const comma = tokenizer.encode(',');
  const triggers = triggersOf(tokenizer, embeddings, room);
  const chunks: PromptChunk<E>[] = [];
  let text: Token<E>[] = [];
  const close = () => {
    chunks.push(toChunk(tokenizer, text));
    text = [];
  };

  for (const part of parseEmphasis(prompt)) {
    if (part === BREAK) {
      close();
      continue;
    }
    const ids = tokenizer.encode(part.text);
    for (let at = 0; at < ids.length; ) {
      const id = ids[at] as number;
      const isComma = comma.length === 1 && id === comma[0];
      const trigger = triggers.find(({ ids: word }) => word.every((wordId, k) => wordId === ids[at + k]));
      const needed = trigger?.embedding.length ?? 1;
      if (text.length === room) {
        const lastComma = text.findLastIndex((token) => token.isComma);
        const isNear = !isComma && lastComma >= 0 && room - lastComma <= COMMA_REACH;
        const moved = isNear ? text.splice(lastComma + 1) : [];
        close();
        text = moved;
      }
      if (text.length + needed > room) close();
      const added = Array.from({ length: needed }, (_, row): Token<E> => {
        if (!trigger) return { id, weight: part.weight, isComma };
        return { id: 0, weight: part.weight, isComma: false, embedding: trigger.embedding, row };
      });
      text.push(...added);
      at += trigger?.ids.length ?? 1;
    }
  }
  if (text.length > 0 || chunks.length === 0) close();
  return chunks;
}

interface Token<E> {
  readonly id: number;
  readonly weight: number;
  readonly isComma: boolean;
  readonly embedding?: E;
  readonly row?: number;
}

/** The embeddings' trigger words as ids, the longest first; an embedding too long for a chunk is left out. */
function triggersOf<E extends Embedding>(tokenizer: ClipTokenizer, embeddings: readonly E[], room: number) {
  return embeddings
    .map((embedding) => ({ embedding, ids: tokenizer.encode(embedding.token) }))
    .filter(({ embedding, ids }) => ids.length > 0 && embedding.length <= room)
    .sort((a, b) => b.ids.length - a.ids.length);
}

function toChunk<E extends Embedding>(
  { maxLength, beginId, endId, padId }: ClipTokenizer,
  text: readonly Token<E>[],
): PromptChunk<E> {
  const ids = new Int32Array(maxLength).fill(padId);
  const weights = new Float32Array(maxLength).fill(1);
  ids.set([beginId, ...text.map(({ id }) => id), endId]);
  weights.set(
    text.map(({ weight }) => weight),
    1,
  );
  const injections = text.flatMap(({ embedding, row }, i) =>
    embedding && row !== undefined ? [{ position: i + 1, embedding, row }] : [],
  );
  return { ids, weights, injections, length: text.length };
}

/** A chunk without text, with which a prompt is extended where another prompt has more chunks. */
export const emptyChunk = (tokenizer: ClipTokenizer): PromptChunk<never> => toChunk(tokenizer, []);
