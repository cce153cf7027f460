import * as v from 'valibot';
import type { ModelFiles } from '../hub/repo.ts';
import { CLIPTextConfig } from '../models/config.ts';
import { VOCABULARY, whole } from '../numerics/bounds.ts';
import { unsupportedModel } from '../protocol/errors.ts';
import { parseConfig, unfitSetting } from '../protocol/parse-config.ts';
import { type ClipTokenizer, loadClipTokenizer } from '../tokenizer/clip.ts';
import { TOKENIZER_FILES, tokenizerFolder } from './repository-layout.ts';

/** Tokens beside the vocabulary: each is looked for in every text. */
const ADDED_TOKENS = 2000;

const id = whole(0, VOCABULARY);
const vocabulary = v.record(v.string(), id);
const added = v.pipe(
  v.record(v.string(), v.unknown()),
  v.check((tokens) => Object.keys(tokens).length <= ADDED_TOKENS, `at most ${ADDED_TOKENS} tokens`),
);
const merges = v.pipe(
  v.array(v.union([v.string(), v.pipe(v.array(v.string()), v.length(2))])),
  v.maxLength(VOCABULARY),
  v.check((all) => all.every((merge) => typeof merge === typeof all[0]), 'texts or pairs'),
);
/** transformers writes 10³⁰ where a text may have any length. */
const maxLength = v.nullish(v.pipe(v.number(), v.minValue(3)));

/** What is read of each file; of tokenizer.json no rules, which may hold patterns that take forever. */
const FILES = {
  config: v.looseObject({
    model_max_length: maxLength,
    max_len: maxLength,
    added_tokens_decoder: v.nullish(added),
  }),
  specialTokens: v.looseObject({}),
  addedTokens: v.pipe(added, v.record(v.string(), id)),
  tokenizer: v.looseObject({
    model: v.looseObject({ vocab: vocabulary, merges }),
    added_tokens: v.nullish(v.pipe(v.array(v.unknown()), v.maxLength(ADDED_TOKENS))),
  }),
  vocab: vocabulary,
} as const;

/** A CLIP text encoder's configuration, and the tokenizer that goes with it. */
export interface TextEncoderConfig {
  /** The component's name: `text_encoder`, `text_encoder_2`. */
  readonly name: string;
  readonly config: CLIPTextConfig;
  readonly tokenizer: ClipTokenizer;
}

/**
 * CLIP's tokenizer from a repository's folder: from tokenizer.json, or from vocab.json and merges.txt, with what the other
 * files say about padding and added tokens.
 * @throws AppError unsupported-model, naming the file and the key; download-failed, corrupt-file
 */
export async function openTokenizer(files: ModelFiles, folder: string): Promise<ClipTokenizer> {
  const read = async (name: keyof typeof FILES): Promise<unknown> => {
    const path = `${folder}/${TOKENIZER_FILES[name]}`;
    if (!files.has(path)) return undefined;
    const json = await files.json(path);
    parseConfig(path, FILES[name], json);
    // As the file has it: a word of a vocabulary may be called like a member that every object has.
    return json;
  };
  const others = {
    tokenizerConfig: await read('config'),
    specialTokensMap: await read('specialTokens'),
    addedTokens: await read('addedTokens'),
  };
  const tokenizerJson = await read('tokenizer');
  if (tokenizerJson !== undefined) return loadClipTokenizer({ ...others, tokenizerJson });
  const vocab = await read('vocab');
  const mergesPath = `${folder}/${TOKENIZER_FILES.merges}`;
  if (vocab === undefined || !files.has(mergesPath))
    throw unsupportedModel('missing-part', folder, 'tokenizer.json / vocab.json, merges.txt', 'neither');
  const text = await (await files.file(mergesPath)).text();
  return loadClipTokenizer({ ...others, vocab: vocab as Record<string, number>, merges: text });
}

/**
 * A text encoder's configuration and its tokenizer, which fit each other.
 * @throws AppError unsupported-model, download-failed, corrupt-file
 */
export async function readTextEncoder(files: ModelFiles, name: string): Promise<TextEncoderConfig> {
  const config = parseConfig(name, CLIPTextConfig, await files.json(`${name}/config.json`));
  const tokenizer = await openTokenizer(files, tokenizerFolder(name));
  const { maxLength, beginId, endId, padId } = tokenizer;
  if (config.max_position_embeddings < maxLength)
    throw unfitSetting(
      name,
      'max_position_embeddings',
      `at least ${maxLength}`,
      config.max_position_embeddings,
    );
  const known = Math.max(beginId, endId, padId) + 1;
  if (known > config.vocab_size)
    throw unsupportedModel('short-vocabulary', name, String(known), String(config.vocab_size));
  return { name, config, tokenizer };
}
