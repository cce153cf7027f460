/** Turns text into the token ids of one CLIP vocabulary. */
export interface ClipTokenizer {
  /** The ids of the text, without begin and end, of any length. */
  encode(text: string): number[];
  readonly beginId: number;
  readonly endId: number;
  readonly padId: number;
  /** How many ids a text encoder takes at a time, begin and end included. */
  readonly maxLength: number;
}

/** The files of a repository's tokenizer/ folder: tokenizer.json, or vocab.json and merges.txt. */
export type ClipTokenizerFiles = { readonly tokenizerConfig: unknown } & (
  | { readonly tokenizerJson: unknown }
  | { readonly vocab: Readonly<Record<string, number>>; readonly merges: string }
);

interface TokenizerJson {
  readonly model: { readonly vocab: Readonly<Record<string, number>> };
}

// OpenAI CLIP's split (simple_tokenizer.py), after lower-casing.
const SPLIT = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";
const END = '<|endoftext|>';

/**
 * CLIP's tokenizer by @huggingface/tokenizers, the tokenizer of transformers.js, which is loaded when it is first needed.
 * A text may contain the begin and end tokens by name, as in the original.
 * @throws RangeError when the vocabulary lacks a special token
 */
export async function loadClipTokenizer(files: ClipTokenizerFiles): Promise<ClipTokenizer> {
  const { Tokenizer } = await import('@huggingface/tokenizers');
  const config = files.tokenizerConfig as Record<string, unknown>;
  const special = {
    begin: tokenName(config.bos_token, '<|startoftext|>'),
    end: tokenName(config.eos_token, END),
  };
  const json =
    'tokenizerJson' in files
      ? (files.tokenizerJson as TokenizerJson)
      : tokenizerJson(files.vocab, files.merges, [special.begin, special.end]);
  const tokenizer = new Tokenizer(json as object, config);
  const idOf = (token: string): number => {
    const id = tokenizer.token_to_id(token);
    if (id === undefined) throw new RangeError(`The vocabulary has no ${token}.`);
    return id;
  };
  return {
    encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids,
    beginId: idOf(special.begin),
    endId: idOf(special.end),
    padId: idOf(tokenName(config.pad_token, special.end)),
    maxLength: typeof config.model_max_length === 'number' ? Math.min(config.model_max_length, 77) : 77,
  };
}

/** The name of a special token, which is written as a string or as an object with `content`. */
function tokenName(token: unknown, fallback: string): string {
  if (typeof token === 'string') return token;
  const content = (token as { content?: unknown } | null | undefined)?.content;
  return typeof content === 'string' ? content : fallback;
}

/** The tokenizer.json that transformers' CLIPConverter makes from vocab.json and merges.txt (convert_slow_tokenizer.py). */
function tokenizerJson(
  vocab: Readonly<Record<string, number>>,
  merges: string,
  special: readonly string[],
): TokenizerJson {
  const lines = merges.split('\n').filter((line) => line !== '' && !line.startsWith('#version'));
  const added = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  return {
    version: '1.0',
    added_tokens: special.map((content) => ({ id: vocab[content], content, ...added })),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: SPLIT }, behavior: 'Removed', invert: true },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
      ],
    },
    // Begin and end are added to each chunk (prompt/chunks.ts).
    post_processor: null,
    model: {
      type: 'BPE',
      unk_token: END,
      continuing_subword_prefix: '',
      end_of_word_suffix: '</w>',
      fuse_unk: false,
      vocab,
      merges: lines,
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true },
  } as TokenizerJson;
}
