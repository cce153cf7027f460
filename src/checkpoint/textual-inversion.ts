import { AppError, type Fault } from '../protocol/errors.ts';
import { isFloat, readFloats } from './floats.ts';
import { isLora } from './lora/keys.ts';
import { readSafetensors, type TensorEntry } from './safetensors.ts';

/** Vectors learned for a word. */
export interface LearnedVectors {
  readonly length: number;
  /** hidden_size of the text encoder they are for. */
  readonly width: number;
  /** [length, width] */
  readonly data: Float32Array;
}

/** A textual inversion (Gal et al. 2022): a word, and what each text encoder reads in its place. */
export interface TextualInversion {
  readonly token: string;
  /** How many positions of a prompt it takes, the same in every encoder. */
  readonly length: number;
  /** For one text encoder, or for SDXL's two. */
  readonly vectors: readonly LearnedVectors[];
}

/**
 * Reads a textual-inversion file: `emb_params` (AUTOMATIC1111), `clip_l` and `clip_g` (SDXL), `text_encoders_0` and `_1` (pivotal
 * tuning by diffusers' advanced scripts), or the word itself as the only tensor (diffusers' save_textual_inversion).
 * @param token the word that it is used by
 * @throws AppError corrupt-file; unsupported-embedding when it has no such vectors
 */
export async function readTextualInversion(token: string, file: Blob): Promise<TextualInversion> {
  const entries = await readSafetensors(token, file);
  if (isLora(entries.keys())) throw aLora(token);
  const [only] = entries.keys();
  const pairs = [
    ['clip_l', 'clip_g'],
    ['text_encoders_0', 'text_encoders_1'],
  ];
  const names =
    pairs.map((pair) => pair.filter((name) => entries.has(name))).find(({ length }) => length > 0) ?? [];
  if (names.length === 0 && entries.has('emb_params')) names.push('emb_params');
  if (names.length === 0 && entries.size === 1 && only !== undefined) names.push(only);
  const vectors: LearnedVectors[] = [];
  for (const name of names) vectors.push(await readVectors(token, file, entries.get(name) as TensorEntry));
  const [first, ...rest] = vectors;
  if (!first || rest.some(({ length }) => length !== first.length))
    throw noEmbedding(token, [...entries.keys()].slice(0, 3).join(', ') || 'nothing');
  return { token, length: first.length, vectors };
}

async function readVectors(token: string, file: Blob, entry: TensorEntry): Promise<LearnedVectors> {
  const { dtype, shape, offset } = entry;
  const [length, width] = shape.length === 1 ? [1, shape[0]] : shape;
  if (!isFloat(dtype) || !length || !width || shape.length > 2)
    throw noEmbedding(token, `${dtype} [${shape}]`);
  const data = await readFloats(dtype, file.slice(offset, offset + entry.length));
  return { length, width, data };
}

function aLora(token: string): AppError {
  const details = { kind: 'lora-as-embedding', token } satisfies Fault;
  return new AppError('unsupported-embedding', `${token} is a LoRA, not an embedding.`, details);
}

function noEmbedding(token: string, found: string): AppError {
  const expected = 'emb_params, clip_l and clip_g, or one tensor of vectors';
  const details = { kind: 'no-embedding', token, expected, found } satisfies Fault;
  return new AppError(
    'unsupported-embedding',
    `${token} is not an embedding: expected ${expected}, found ${found}.`,
    details,
  );
}
