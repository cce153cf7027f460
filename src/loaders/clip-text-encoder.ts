import type { TextualInversion } from '../checkpoint/textual-inversion.ts';
import type { Feeds } from '../graph/graph.ts';
import type { TextOutputs, TextShape } from '../models/clip.ts';
import type { CLIPTextConfig } from '../models/config.ts';
import type { PromptChunk } from '../prompt/chunks.ts';
import { AppError, type Fault, unsupportedModel } from '../protocol/errors.ts';
import type { Session } from '../runtime/session.ts';
import type { TextEncoderConfig } from './open-tokenizer.ts';
import type { ChunkEncoder, TextChunk } from './text-encoders.ts';

/**
 * A CLIP text encoder (`models/clip.ts`, or an ONNX graph with the same inputs and outputs).
 * @param states which of its states the family uses by itself
 * @param open opens the encoder for a shape and outputs
 * @throws AppError from `encode`, unsupported-model, for a token that only the tokenizer knows
 */
export function clipTextEncoder(
  { name, config, tokenizer }: TextEncoderConfig,
  states: Pick<TextOutputs, 'skip' | 'normed' | 'pooled'>,
  open: (shape: TextShape, outputs: TextOutputs) => Promise<Session>,
): ChunkEncoder {
  return {
    name,
    tokenizer,
    encode: async (chunk, clipSkip) => {
      const skip = Math.max(states.skip, clipSkip - cutLayers(config));
      if (skip >= config.num_hidden_layers) throw tooManySkipped(config.num_hidden_layers, clipSkip);
      const known = Math.max(...chunk.ids) + 1;
      if (known > config.vocab_size)
        throw unsupportedModel('short-vocabulary', name, String(known), String(config.vocab_size));
      const outputs = { ...states, skip, injected: chunk.injections.length > 0 };
      const session = await open({ batch: 1, sequenceLength: chunk.ids.length }, outputs);
      const { encoder_hidden_states, text_embeds } = await session.run(feeds(config, chunk));
      const pooled = text_embeds && { pooled: text_embeds };
      return { states: encoder_hidden_states as Float32Array, ...pooled };
    },
  };
}

/**
 * Layers at its end that an encoder was published without: diffusers' Stable Diffusion 2 has 23 of OpenCLIP ViT-H's 24,
 * because it never uses the last. Clip skip counts it, as ComfyUI does.
 */
const cutLayers = ({ num_hidden_layers, hidden_size }: CLIPTextConfig) =>
  num_hidden_layers === 23 && hidden_size === 1024 ? 1 : 0;

/** The inputs of `clipTextModel` for one chunk; batch 1. */
function feeds({ eos_token_id, hidden_size }: CLIPTextConfig, { ids, injections }: TextChunk): Feeds {
  return {
    input_ids: ids,
    eos_rows: Int32Array.of(endOfText(ids, eos_token_id)),
    ...injectionFeeds(injections, ids.length, hidden_size),
  };
}

/**
 * The position of the token whose state stands for the whole text: the first end token. Configurations from before
 * transformers corrected a mistake have the eos_token_id 2, and there it is the largest id (modeling_clip.py).
 */
function endOfText(ids: Int32Array, eosTokenId: number): number {
  const end = ids.indexOf(eosTokenId === 2 ? ids.reduce((a, b) => Math.max(a, b)) : eosTokenId);
  // argmax of nothing but zeros is 0 in torch.
  return Math.max(0, end);
}

/**
 * Learned vectors (textual inversion) in place of tokens' embeddings: injected_keep [T, 1] is 0 where a vector stands,
 * injected_states [T, width] holds the vectors.
 */
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

function tooManySkipped(layers: number, clipSkip: number): AppError {
  const details = { kind: 'too-many-skipped', field: 'clipSkip', layers, found: clipSkip } satisfies Fault;
  const message = `clipSkip: expected fewer than the text encoder's ${layers} layers, found ${clipSkip}.`;
  return new AppError('invalid-request', message, details);
}

function otherWidth({ token, vectors }: TextualInversion, width: number): AppError {
  const found = vectors.map((learned) => learned.width).join(' + ');
  const message = `${token} was made for another model: its vectors have ${found} numbers, this model's text encoder expects ${width}.`;
  return new AppError('unsupported-embedding', message, {
    kind: 'embedding-of-other-model',
    token,
    expected: width,
    found,
  } satisfies Fault);
}
