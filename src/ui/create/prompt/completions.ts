/** Something that can be put into a prompt while it is typed. */
export interface Suggestion {
  readonly kind: 'lora' | 'trigger' | 'embedding' | 'thing' | 'wildcard';
  readonly name: string;
  /** What is put into the prompt. */
  readonly text: string;
  /** Other names that find it: German ones. */
  readonly others?: readonly string[];
  /** Whose trigger word it is. */
  readonly of?: string;
}

/** What can be put in the place of a part of a text, the best first; `found` is never empty. */
export interface Completion {
  readonly from: number;
  readonly to: number;
  readonly found: readonly Suggestion[];
}

/** As many as can be looked over while typing. */
const MOST = 8;
/** Of a word, so much is typed before anything is suggested. */
const LEAST = 2;

/** What may stand in a word, and up to three of them in front of the cursor. */
const WORDS = /[^\s,()[\]<>|:{}]+(?:[ \t]+[^\s,()[\]<>|:{}]+){0,2}$/;
const IN_WORD = /^(?:[\p{L}\p{N}]|_(?!_))/u;
const IN_TAG = /<([^<>:\n]*)(?::([^<>:\n]*))?$/;

/**
 * What may be meant by the words in front of the cursor: behind `<` a LoRA, behind `__` a wildcard, otherwise whatever is called
 * so, up to three words long. Null where nothing is, inside of a word, and where what is typed is whole already.
 * @param whole words in lower case that are not the beginning of others: the list would only be in the way
 */
export function complete(
  text: string,
  cursor: number,
  all: readonly Suggestion[],
  whole: ReadonlySet<string>,
): Completion | null {
  const [before, behind] = [text.slice(0, cursor), text.slice(cursor)];
  if (IN_WORD.test(behind)) return null;
  const tag = IN_TAG.exec(before);
  if (tag) return completeTag(tag, behind, cursor, all);
  const parts = (before.split('\n').at(-1) as string).split('__');
  if (parts.length % 2 === 0) {
    const name = parts.at(-1) as string;
    const to = cursor + (behind.startsWith('__') ? 2 : 0);
    return completion(cursor - name.length - 2, to, closest(ofKind(all, 'wildcard'), name));
  }
  return completeWords(before, all, whole);
}

function completeTag(
  tag: RegExpExecArray,
  behind: string,
  cursor: number,
  all: readonly Suggestion[],
): Completion | null {
  const [whole, kind = '', name] = tag;
  const isKind = name !== undefined || 'lora'.startsWith(kind);
  if (name !== undefined && kind !== 'lora' && kind !== 'lyco') return null;
  const found = closest(ofKind(all, 'lora'), name ?? (isKind ? '' : kind));
  // A weight that is there stays.
  const [rest = ''] = /^(?::[^<>\n]*)?>/.exec(behind) ?? [];
  const kept = rest.length > 1 ? rest : null;
  const texts = found.map((one) => (kept ? { ...one, text: `<lora:${one.name}${kept}` } : one));
  return completion(cursor - whole.length, cursor + rest.length, texts);
}

function completeWords(
  before: string,
  all: readonly Suggestion[],
  whole: ReadonlySet<string>,
): Completion | null {
  const words = WORDS.exec(before)?.[0] ?? '';
  const starts = [...words.matchAll(/(?<!\S)\S/g)].map(({ index }) => index);
  for (const start of starts) {
    const typed = words.slice(start);
    if (typed.length < LEAST) return null;
    if (whole.has(typed.toLowerCase())) return null;
    const found = closest(
      all.filter(({ kind }) => kind !== 'wildcard'),
      typed,
    );
    if (found.some(({ text }) => text.toLowerCase() === typed.toLowerCase())) return null;
    if (found.length > 0) return completion(before.length - typed.length, before.length, found);
  }
  return null;
}

const ofKind = (all: readonly Suggestion[], kind: Suggestion['kind']) =>
  all.filter((one) => one.kind === kind);

const completion = (from: number, to: number, found: readonly Suggestion[]): Completion | null =>
  found.length > 0 ? { from, to, found } : null;

/** Those whose name begins so, the shortest first; then those of which a word inside does. */
function closest(all: readonly Suggestion[], typed: string): Suggestion[] {
  const sought = typed.toLowerCase();
  const rank = ({ name, others = [] }: Suggestion) => {
    const names = [name, ...others].map((one) => one.toLowerCase());
    if (names.some((one) => one.startsWith(sought))) return 0;
    return names.some((one) => one.split(/[\s_-]+/).some((word) => word.startsWith(sought))) ? 1 : 2;
  };
  return all
    .map((one) => ({ one, rank: rank(one) }))
    .filter((ranked) => ranked.rank < 2)
    .sort((a, b) => a.rank - b.rank || (sought && a.one.name.length - b.one.name.length) || 0)
    .slice(0, MOST)
    .map(({ one }) => one);
}
