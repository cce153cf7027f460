import type { TextualInversion } from '../checkpoint/textual-inversion.ts';
import type { CLIPTextConfig } from '../models/config.ts';
import type { PromptChunk } from '../prompt/chunks.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import type { Feeds } from '../runtime/session.ts';

/**
 * One chunk as the inputs of a text encoder: its tokens, where it pools, and the learned vectors in the place of some.
 * @throws AppError unsupported-embedding when a learned vector is for an encoder of another width
 */
export function textEncoderFeeds(
  { eos_token_id, hidden_size }: CLIPTextConfig,
  { ids, injections }: Pick<PromptChunk<TextualInversion>, 'ids' | 'injections'>,
): Feeds {
  return {
    input_ids: ids,
    eos_rows: Int32Array.of(endOfText(ids, eos_token_id)),
    ...injectionFeeds(injections, ids.length, hidden_size),
  };
}

/**
 * Where transformers' CLIPTextModel pools: at the first end token; at the largest id under the eos_token_id 2, which
 * configurations from before the mistake was found still have (modeling_clip.py).
 */
function endOfText(ids: Int32Array, eosTokenId: number): number {
  return ids.indexOf(eosTokenId === 2 ? ids.reduce((a, b) => Math.max(a, b)) : eosTokenId);
}

/** Which positions read a learned vector in place of their token's, and the vectors. */
function injectionFeeds(
  injections: PromptChunk<TextualInversion>['injections'],
  length: number,
  width: number,
): { injected_keep: Float32Array; injected_states: Float32Array } {
  const keep = new Float32Array(length).fill(1);
  const states = new Float32Array(length * width);
  for (const { position, embedding, row } of injections) {
    const vectors = embedding.vectors.find((learned) => learned.width === width);
    if (!vectors) throw otherWidth(embedding, width);
    keep[position] = 0;
    states.set(vectors.data.subarray(row * width, (row + 1) * width), position * width);
  }
  return { injected_keep: keep, injected_states: states };
}

function otherWidth({ token, vectors }: TextualInversion, width: number): AppError {
  const found = vectors.map((learned) => learned.width).join(' and ');
  const message = `${token} was made for another model: its vectors have ${found} numbers, this text encoder’s ${width}.`;
  return new AppError('unsupported-embedding', message, {
    kind: 'embedding-of-other-model',
    token,
    expected: width,
    found,
  } satisfies Fault);
}
