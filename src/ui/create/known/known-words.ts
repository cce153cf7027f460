/** One of the things that the bundled model was taught, as training/words.py writes them. */
export interface Thing {
  /** As a prompt says it, its colour included: “red apple”. */
  readonly name: string;
  readonly german: string;
  /** Other names for it alone, or for few: “burger”. */
  readonly others: readonly string[];
  /** What kinds of things it is: “fruit”. */
  readonly kinds: readonly string[];
  /** One of Unicode's groups. */
  readonly group: string;
}

/** What a caption was made of beside the things (training/scenes.py). */
export const COLOURS = [
  ...['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink', 'brown', 'black', 'white', 'grey'],
] as const;
export const PLACES = [
  ...['top left', 'top', 'top right', 'left', 'right', 'bottom left', 'bottom', 'bottom right'],
] as const;
export const TURNS = ['upside down', 'tilted left', 'tilted right'] as const;
const GRAMMAR = `a an the two three four small big tiny flat 3d light dark and next to beside with of on top over above below under
  at in corner background gradient upside-down`;

/** The words of all things, each as one and as several, and those of captions. */
export function vocabularyOf(things: readonly Thing[]): ReadonlySet<string> {
  const texts = things.flatMap(({ name, others, kinds }) => [name, ...others, ...kinds]);
  const words = wordsOf([...texts, GRAMMAR, ...COLOURS, ...PLACES, ...TURNS].join(' '));
  return new Set(words.flatMap((word) => [word, plural(word)]));
}

/**
 * The words of a prompt that the model was not taught, each once, in order. One that is still being typed at the end does not
 * count as long as it may become one that is known. Tags (`<lora:…>`), wildcards, BREAK and weights are no words.
 */
export function unknownWords(prompt: string, words: ReadonlySet<string>): string[] {
  const text = prompt.replace(/<[^<>]*>|__.*?__/g, ' ').replace(/\bBREAK\b/g, ' ');
  const mayBecome = (word: string) => [...words].some((known) => known.startsWith(word));
  const found = new Map<string, string>();
  for (const { 0: as, index } of text.matchAll(WORD)) {
    const word = as.toLowerCase();
    const isOpen = index + as.length === text.length;
    const isKnown = words.has(word) || word.split('-').every((part) => words.has(part));
    if (!isKnown && !(isOpen && mayBecome(word)) && !found.has(word)) found.set(word, as);
  }
  return [...found.values()];
}

/** Starts with a letter, or is a number with letters behind it (“4k”); a number alone is a weight. */
const WORD = /\p{L}[\p{L}\p{N}]*(?:[-’'][\p{L}\p{N}]+)*|\p{N}+\p{L}[\p{L}\p{N}]*/gu;

const wordsOf = (text: string): string[] => text.toLowerCase().match(WORD) ?? [];

/** As training/scenes.py says several of a thing. */
export function plural(word: string): string {
  if (/(ss|x|ch|sh)$/.test(word)) return `${word}es`;
  if (word.endsWith('s')) return word;
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}

/** “an apple”, and “scissors”, which are several. */
export function withArticle(words: string): string {
  if (/[^s]s$/.test(words)) return words;
  return `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;
}

/** The things that a search finds: by name in either language, by another name or by kind. */
export function search(things: readonly Thing[], text: string): Thing[] {
  const sought = text.trim().toLowerCase();
  return things.filter(({ name, german, others, kinds }) =>
    [name, german.toLowerCase(), ...others, ...kinds].some((one) => one.includes(sought)),
  );
}

/** Of the things that a search has found the one that is called so, else the first. */
export function closest(found: readonly Thing[], text: string): Thing | undefined {
  const sought = text.trim().toLowerCase();
  const isCalled = ({ name, german, others }: Thing) =>
    [name, german.toLowerCase(), ...others].some((one) => one === sought);
  return found.find(({ name }) => name === sought) ?? found.find(isCalled) ?? found[0];
}

/** A prompt of what the model was taught. `random` gives numbers from 0 to 1, without 1. */
export function surprise(things: readonly Thing[], random: () => number): string {
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  const thing = withArticle(pick(things).name);
  const more = [
    () => '',
    () => ` on ${withArticle(pick(COLOURS))} background`,
    () => ` next to ${withArticle(pick(things).name)}`,
    () => `, ${pick(PLACES)}`,
    () => ` ${pick(TURNS)}`,
  ];
  return thing + pick(more)();
}

/** What a press adds to a prompt: in front of its thing, or behind all of it. */
const BEFORE = ['small', 'flat', 'purple', 'green', 'pink'] as const;
const BEHIND = [
  ...['on a blue background', 'on a pink to orange gradient', 'upside down', 'tilted left', 'top left'],
  ...['next to a cat', 'above a heart'],
] as const;
export const CHANGES: readonly string[] = [...BEFORE, ...BEHIND];

/** A prompt with one of `CHANGES` made: “a house” → “a small house”, “a house upside down”. */
export function changed(prompt: string, change: string): string {
  const text = prompt.trim();
  if (BEFORE.some((one) => one === change)) {
    const [, article, rest = ''] = /^(an? )?(.*)$/is.exec(text) ?? [];
    return article ? withArticle(`${change} ${rest}`) : `${change} ${text}`;
  }
  return PLACES.some((place) => place === change) ? `${text}, ${change}` : `${text} ${change}`;
}
