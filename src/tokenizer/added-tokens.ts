/** A token that is found in a text as it is written, before the text is split into words (tokenizers' AddedToken). */
export interface AddedToken {
  readonly content: string;
  /** It is looked for in the normalized text, whatever its case. */
  readonly normalized: boolean;
  /** It counts only where it is not part of a longer word. */
  readonly singleWord: boolean;
}

/** What a tokenizer's files say about tokens beside the vocabulary. Only those that the repository has are given. */
export interface TokenFiles {
  /** tokenizer_config.json */
  readonly tokenizerConfig?: unknown;
  /** special_tokens_map.json */
  readonly specialTokensMap?: unknown;
  /** added_tokens.json */
  readonly addedTokens?: unknown;
  /** tokenizer.json */
  readonly tokenizerJson?: unknown;
}

interface AddedTokens {
  /** No two have the same content. Those that the vocabulary lacks get their ids in this order. */
  readonly tokens: readonly AddedToken[];
  readonly begin: string;
  readonly end: string;
  readonly unknown: string;
  readonly padding: string;
}

type Json = Readonly<Record<string, unknown>>;

/** transformers' SPECIAL_TOKENS_ATTRIBUTES, in its order. */
const NAMED = ['bos_token', 'eos_token', 'unk_token', 'sep_token', 'pad_token', 'cls_token', 'mask_token'];

/** The names that CLIPTokenizer takes where no file has others. */
const USUAL: Json = {
  bos_token: '<|startoftext|>',
  eos_token: '<|endoftext|>',
  unk_token: '<|endoftext|>',
  pad_token: '<|endoftext|>',
};

/**
 * The tokens that a repository's files add to its vocabulary, as transformers 5 reads them (tokenization_utils_base.py,
 * `_from_pretrained`; tokenization_utils_tokenizers.py, `TokenizersBackend`). If tokenizer_config.json has
 * `added_tokens_decoder`, it is the only file that is read; if not, special_tokens_map.json overrules it, and the tokens of
 * added_tokens.json and tokenizer.json are added.
 */
export function addedTokens(files: TokenFiles): AddedTokens {
  const config = record(files.tokenizerConfig);
  const isLegacy = config.added_tokens_decoder === undefined;
  const map = isLegacy ? record(files.specialTokensMap) : {};
  const named: Json = { ...USUAL, ...present(config), ...present(map) };
  const others = Object.keys(named).filter((key) => key.endsWith('_token') && !NAMED.includes(key));
  const extra = extraTokens(config, map);
  const special = [...[...NAMED, ...others].map((key) => named[key]), ...extra.named].map((token) =>
    readToken(token, true),
  );
  const names = new Set(special.map((token) => token?.content));
  const listed = isLegacy ? legacyTokens(files, config, map, names) : decoderTokens(config, names);
  const nameOf = (key: string) => readToken(named[key], true)?.content ?? (USUAL[key] as string);
  return {
    tokens: merged(
      [...listed].sort(([a], [b]) => a - b).map(([, token]) => token),
      [...special, ...(extra.listed ?? extra.older).map((token) => readToken(token, true))],
    ),
    begin: nameOf('bos_token'),
    end: nameOf('eos_token'),
    unknown: nameOf('unk_token'),
    padding: nameOf('pad_token'),
  };
}

type Tokens = readonly (AddedToken | undefined)[];
type TokensById = ReadonlyMap<number, AddedToken | undefined>;
type Names = ReadonlySet<string | undefined>;

function decoderTokens({ added_tokens_decoder }: Json, names: Names): TokensById {
  const entries = Object.entries(record(added_tokens_decoder));
  return new Map(entries.map(([id, token]) => [Number(id), readListed(token, names)]));
}

/** The tokens of added_tokens.json, and of tokenizer.json. */
function legacyTokens(files: TokenFiles, config: Json, map: Json, names: Names): TokensById {
  // Here transformers knows the special tokens that tokenizer_config.json has as objects only by the map.
  const special = [
    ...NAMED.map((key) => map[key] ?? text(config[key])),
    ...(extraTokens(config, {}).listed ?? []).map(text),
  ];
  const known = new Set(special.map((token) => readToken(token, true)?.content));
  const added = Object.entries(record(files.addedTokens)).map(
    ([content, id]) => [Number(id), readToken(content, known.has(content))] as const,
  );
  const serialized = record(files.tokenizerJson).added_tokens;
  const inJson = (Array.isArray(serialized) ? serialized : []).map(
    (token) => [Number(record(token).id), readListed(token, names)] as const,
  );
  return new Map([...added, ...inJson]);
}

/** Special tokens that are none of transformers' own kinds. */
interface ExtraTokens {
  /** Those that have a name: `extra_special_tokens` as an object. */
  readonly named: readonly unknown[];
  /** Those of a list. */
  readonly listed: readonly unknown[] | undefined;
  /** Those of the older key, which count where there is no list. */
  readonly older: readonly unknown[];
}

/** The older key counts in place of a newer one that is empty, and beside one that gives its tokens names. */
function extraTokens(config: Json, map: Json): ExtraTokens {
  const { extra_special_tokens: extra, additional_special_tokens: additional } = config;
  const isReplaced = additional !== undefined && Object.keys(record(extra)).length === 0;
  const own = isReplaced ? additional : extra;
  const more = list(map.extra_special_tokens);
  const listed = more ? [...(list(own) ?? []), ...more] : list(own);
  const older = map.additional_special_tokens ?? (isReplaced ? [] : additional);
  return { named: list(own) ? [] : Object.values(record(own)), listed, older: list(older) ?? [] };
}

/** A token written as a string or as an object with `content`. A special one is not normalized if nothing else is said. */
function readToken(token: unknown, isSpecial: boolean): AddedToken | undefined {
  if (typeof token === 'string') return { content: token, normalized: !isSpecial, singleWord: false };
  const { content, normalized, single_word } = record(token);
  if (typeof content !== 'string') return undefined;
  return {
    content,
    normalized: typeof normalized === 'boolean' ? normalized : !isSpecial,
    singleWord: single_word === true,
  };
}

/** A token of a list with ids, which says itself that it is special, or else by being one of those with a name. */
function readListed(token: unknown, names: Names): AddedToken | undefined {
  const { content, special } = record(token);
  return readToken(token, special === true || names.has(content as string));
}

/** Special tokens come after those with an id, unless they are among them. Of several with one content the last counts. */
function merged(listed: Tokens, special: Tokens): AddedToken[] {
  const all = listed.filter(isToken);
  const contents = new Set(all.map(({ content }) => content));
  for (const token of special.filter(isToken))
    if (!contents.has(token.content) && !all.some((other) => isEqual(token, other))) all.push(token);
  return [...new Map(all.map((token) => [token.content, token])).values()];
}

const isToken = (token: AddedToken | undefined): token is AddedToken =>
  token !== undefined && token.content !== '';

const isEqual = (a: AddedToken, b: AddedToken) =>
  a.content === b.content && a.normalized === b.normalized && a.singleWord === b.singleWord;

const present = (json: Json): Json =>
  Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null));

const list = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined);

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);

const record = (json: unknown): Json => (typeof json === 'object' && json !== null ? (json as Json) : {});
