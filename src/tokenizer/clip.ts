import { type AddedToken, addedTokens, type TokenFiles } from './added-tokens.ts';

/** Turns text into the token ids of one CLIP vocabulary. */
export interface ClipTokenizer {
  /** The ids of the text, without begin and end, of any length. */
  encode(text: string): number[];
  readonly beginId: number;
  readonly endId: number;
  readonly padId: number;
  /** How many tokens have an id: the vocabulary and the added ones. */
  readonly size: number;
  /** How many ids a text encoder takes at a time, begin and end included. */
  readonly maxLength: number;
}

type Vocabulary = Readonly<Record<string, number>>;

/** The files of a repository's tokenizer/ folder: tokenizer.json, or vocab.json and merges.txt. */
export type ClipTokenizerFiles = TokenFiles &
  ({ readonly tokenizerJson: unknown } | { readonly vocab: Vocabulary; readonly merges: string });

interface Model {
  readonly vocab: Vocabulary;
  /** A merge is a pair, or in older files both halves with a space between them. */
  readonly merges: readonly (string | readonly string[])[];
}

// transformers' CLIPTokenizer (models/clip/tokenization_clip.py) splits by CLIP's rule, and what comes out by GPT-2's.
const SPLIT =
  "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";
const SPLIT_AGAIN = "'s|'t|'re|'ve|'m|'ll|'d|\\p{L}+|\\p{N}+|[^\\s\\p{L}\\p{N}]+";

/**
 * CLIP's tokenizer as transformers' CLIPTokenizer makes it of the same files: of tokenizer.json only the vocabulary, the
 * merges and the added tokens count. Added tokens, padding among them, are found in a text by name, and are one id each. The
 * text between them goes through @huggingface/tokenizers, the tokenizer of transformers.js, loaded when it is first needed.
 */
export async function loadClipTokenizer(files: ClipTokenizerFiles): Promise<ClipTokenizer> {
  const { Tokenizer } = await import('@huggingface/tokenizers');
  const model =
    'vocab' in files
      ? { vocab: files.vocab, merges: mergesOf(files.merges) }
      : (files.tokenizerJson as { readonly model: Model }).model;
  const { tokens, begin, end, unknown, padding } = addedTokens(files);
  const ids = idsOf(tokens, model.vocab);
  const tokenizer = new Tokenizer(tokenizerJson(model, unknown), {});
  const cut = cutter(ids, tokens, false);
  const cutNormalized = cutter(ids, tokens, true);
  const { model_max_length, max_len } = (files.tokenizerConfig ?? {}) as Readonly<Record<string, unknown>>;
  const longest = model_max_length ?? max_len;
  // A vocabulary may lack what stands for its unknown words too.
  const unknownId = ids.get(unknown) as number;
  const idsOfWords = (words: string): number[] =>
    (tokenizer.encode(words).ids as (number | undefined)[]).map((id) => id ?? unknownId);
  return {
    encode: (text) => cut(text, (raw) => cutNormalized(normalize(raw), idsOfWords)),
    beginId: ids.get(begin) as number,
    endId: ids.get(end) as number,
    padId: ids.get(padding) as number,
    size: new Set([...Object.values(model.vocab), ...ids.values()]).size,
    maxLength: typeof longest === 'number' ? Math.min(longest, 77) : 77,
  };
}

const mergesOf = (merges: string): string[] =>
  merges.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#version'));

/** The ids of added tokens by content; those that the vocabulary lacks get the next ids after it. */
function idsOf(tokens: readonly AddedToken[], vocab: Vocabulary): ReadonlyMap<string, number> {
  let next = Object.keys(vocab).length;
  return new Map(
    tokens.map(({ content }) => [
      content,
      Object.hasOwn(vocab, content) ? (vocab[content] as number) : next++,
    ]),
  );
}

/** CLIPTokenizer's normalizer. Each character becomes lower-case by itself, while JavaScript makes Σ at the end of a word ς. */
const normalize = (text: string) =>
  text
    .normalize('NFC')
    .replaceAll(/\p{White_Space}+/gu, ' ')
    .replaceAll('Σ', 'σ')
    .toLowerCase();

/** Encodes a text: its added tokens by their ids, what is between them by `encode`. */
type Cut = (text: string, encode: (text: string) => number[]) => number[];

/** Finds those added tokens that are normalized, or those that aren't: the leftmost, and of several the longest. */
function cutter(ids: ReadonlyMap<string, number>, tokens: readonly AddedToken[], isNormalized: boolean): Cut {
  const sought = new Map<string, AddedToken>();
  for (const token of tokens) {
    const text = isNormalized ? normalize(token.content) : token.content;
    if (token.normalized === isNormalized && !sought.has(text)) sought.set(text, token);
  }
  if (sought.size === 0) return (text, encode) => encode(text);
  const longestFirst = [...sought.keys()].sort((a, b) => b.length - a.length);
  const escaped = longestFirst.map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  const pattern = new RegExp(escaped.join('|'), 'gu');
  return (text, encode) => {
    const result: number[] = [];
    let end = 0;
    for (const { 0: found, index } of text.matchAll(pattern)) {
      const { content, singleWord } = sought.get(found) as AddedToken;
      const after = index + found.length;
      if (singleWord && (ENDS_IN_WORD.test(text.slice(0, index)) || BEGINS_WITH_WORD.test(text.slice(after))))
        continue;
      result.push(...encode(text.slice(end, index)), ids.get(content) as number);
      end = after;
    }
    return [...result, ...encode(text.slice(end))];
  };
}

const ENDS_IN_WORD = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]$/u;
const BEGINS_WITH_WORD = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]/u;

/** The tokenizer.json of CLIP's words. */
function tokenizerJson({ vocab, merges }: Model, unknown: string): object {
  const split = (regex: string) => ({
    type: 'Split',
    pattern: { Regex: regex },
    behavior: 'Removed',
    invert: true,
  });
  return {
    version: '1.0',
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        split(SPLIT),
        split(SPLIT_AGAIN),
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    // Begin and end are added to each chunk (prompt/chunks.ts).
    post_processor: null,
    model: {
      type: 'BPE',
      unk_token: unknown,
      continuing_subword_prefix: '',
      end_of_word_suffix: '</w>',
      fuse_unk: false,
      vocab,
      merges,
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true },
  };
}
