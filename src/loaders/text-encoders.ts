import { readTextualInversion, type TextualInversion } from '../checkpoint/textual-inversion.ts';
import { concatenate } from '../numerics/concatenate.ts';
import { emptyChunk, type PromptChunk, promptChunks } from '../prompt/chunks.ts';
import { weigh } from '../prompt/weigh.ts';
import type { EmbeddingFile } from '../protocol/generation.ts';
import type { ClipTokenizer } from '../tokenizer/clip.ts';
import type { TextOptions } from './family.ts';

/** As many tokens of a text as an encoder takes at once. */
export type TextChunk = Pick<PromptChunk<TextualInversion>, 'ids' | 'injections'>;

/** A chunk's states [T, D], and from some encoders one vector [P] for all of it. */
export interface EncodedChunk {
  readonly states: Float32Array;
  readonly pooled?: Float32Array;
}

/** One of a model's text encoders, and the tokenizer that goes with it. */
export interface ChunkEncoder {
  readonly name: string;
  readonly tokenizer: ClipTokenizer;
  /**
   * @param clipSkip layers left out at the end, unless the family leaves out more by itself
   * @throws AppError invalid-request when the encoder has too few layers; unsupported-model for a token only the tokenizer
   * knows; unsupported-embedding for vectors of another width
   */
  encode(chunk: TextChunk, clipSkip: number): Promise<EncodedChunk>;
}

/** A text's states [T, D] from all encoders side by side, T tokens, and the pooled vector [P] of its first chunk. */
export interface EncodedText extends EncodedChunk {
  readonly sequenceLength: number;
}

/** Chunks whose states are kept: those of a few prompts. */
const CACHED_CHUNKS = 32;

/**
 * A model's text encoders together: texts go through each of them in chunks, with the weights and embeddings of the prompt
 * syntax (encode_prompt of diffusers' StableDiffusionPipeline and StableDiffusionXLPipeline).
 */
export class TextEncoders {
  readonly #encoders: readonly ChunkEncoder[];
  /** The most recently used chunk is the last. */
  readonly #chunks = new Map<string, EncodedChunk>();

  constructor(encoders: readonly ChunkEncoder[]) {
    this.#encoders = encoders;
  }

  /**
   * Encodes texts; all get as many chunks as the longest.
   * @throws AppError unsupported-embedding, corrupt-file, invalid-request
   */
  async encode(
    texts: readonly string[],
    { embeddings: files, clipSkip, emphasis }: TextOptions,
  ): Promise<ReadonlyMap<string, EncodedText>> {
    const embeddings = await readEmbeddings(files);
    const chunksOf = ({ tokenizer }: ChunkEncoder, text: string) => promptChunks(tokenizer, text, embeddings);
    const count = Math.max(
      ...this.#encoders.flatMap((encoder) => texts.map((text) => chunksOf(encoder, text).length)),
    );
    const encoded = new Map<string, EncodedText>();
    for (const encoder of this.#encoders) {
      const { tokenizer } = encoder;
      const sequenceLength = count * tokenizer.maxLength;
      for (const text of texts) {
        const chunks = chunksOf(encoder, text);
        while (chunks.length < count) chunks.push(emptyChunk(tokenizer));
        const { states, pooled } = await this.#encodeChunks(encoder, chunks, { clipSkip, emphasis });
        const before = encoded.get(text);
        encoded.set(text, {
          ...before,
          sequenceLength,
          states: before ? sideBySide(before.states, states, sequenceLength) : states,
          ...(pooled && { pooled }),
        });
      }
    }
    return encoded;
  }

  /** Drops what was encoded: the encoders' weights have changed. */
  forget(): void {
    this.#chunks.clear();
  }

  /** A text's chunks one after another, each weighted by itself. */
  async #encodeChunks(
    encoder: ChunkEncoder,
    chunks: readonly PromptChunk<TextualInversion>[],
    { clipSkip, emphasis }: Omit<TextOptions, 'embeddings'>,
  ): Promise<EncodedChunk> {
    const outputs: EncodedChunk[] = [];
    for (const chunk of chunks) {
      const { states, pooled } = await this.#encodeChunk(encoder, chunk, clipSkip);
      outputs.push({ states: weigh(states, chunk.weights, emphasis), ...(pooled && { pooled }) });
    }
    const pooled = outputs[0]?.pooled;
    return { states: concatenate(outputs.map(({ states }) => states)), ...(pooled && { pooled }) };
  }

  async #encodeChunk(encoder: ChunkEncoder, chunk: TextChunk, clipSkip: number): Promise<EncodedChunk> {
    // What an embedding's file holds is not part of the key.
    if (chunk.injections.length > 0) return encoder.encode(chunk, clipSkip);
    const key = `${encoder.name} ${clipSkip} ${chunk.ids.join()}`;
    const encoded = this.#chunks.get(key) ?? (await encoder.encode(chunk, clipSkip));
    this.#chunks.delete(key);
    this.#chunks.set(key, encoded);
    if (this.#chunks.size > CACHED_CHUNKS) this.#chunks.delete(this.#chunks.keys().next().value as string);
    return encoded;
  }
}

/** @throws AppError unsupported-embedding, corrupt-file */
export function readEmbeddings(files: readonly EmbeddingFile[]): Promise<TextualInversion[]> {
  return Promise.all(files.map(({ token, file }) => readTextualInversion(token, file)));
}

/** [T, A] and [T, B] → [T, A + B]. */
function sideBySide(a: Float32Array, b: Float32Array, rows: number): Float32Array {
  const [left, right] = [a.length / rows, b.length / rows];
  const joined = new Float32Array(a.length + b.length);
  for (let row = 0; row < rows; row++) {
    joined.set(a.subarray(row * left, (row + 1) * left), row * (left + right));
    joined.set(b.subarray(row * right, (row + 1) * right), row * (left + right) + left);
  }
  return joined;
}
