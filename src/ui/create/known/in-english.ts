import type { Thing } from './known-words.ts';

/** German words of captions, without their endings; “a” becomes “an” where it must. */
const WORDS: Readonly<Record<string, string>> = {
  ...{
    rot: 'red',
    orange: 'orange',
    gelb: 'yellow',
    grün: 'green',
    blau: 'blue',
    lila: 'purple',
    violett: 'purple',
  },
  ...{ rosa: 'pink', pink: 'pink', braun: 'brown', schwarz: 'black', weiß: 'white', grau: 'grey' },
  ...{
    klein: 'small',
    groß: 'big',
    hell: 'light',
    dunkel: 'dark',
    dunkl: 'dark',
    zwei: 'two',
    drei: 'three',
    vier: 'four',
  },
  ...{ hintergrund: 'background', neben: 'next to', über: 'above', unter: 'below' },
};
/** What says little by itself: translated only where another word was. */
const SMALL_WORDS: Readonly<Record<string, string>> = {
  ...{
    ein: 'a',
    und: 'and',
    mit: 'with',
    auf: 'on',
    der: 'the',
    die: 'the',
    das: 'the',
    dem: 'the',
    den: 'the',
  },
};
const ENDING = '(?:e[rsnm]?)?';

/** German, as far as the bundled model’s things and captions go. */
export interface German {
  readonly names: ReadonlyMap<string, string>;
  readonly pattern: RegExp;
}

/** The things’ German names; “Apfel” is “apple”, though there are only red and green ones. */
export function germanOf(things: readonly Thing[]): German {
  const names = new Map<string, string>();
  // Of several things of one name the first is the plain one.
  for (const { german, name } of [...things].reverse()) {
    const [colour, noun, ...rest] = german.toLowerCase().split(' ');
    const bare = name.split(' ').slice(1).join(' ');
    if (noun && rest.length === 0 && bare && colourIn(colour ?? '')) names.set(noun, bare);
  }
  for (const { german, name } of [...things].reverse()) names.set(german.toLowerCase(), name);
  return { names, pattern: patternOf([...names.keys()], '') };
}

/**
 * A prompt with what is German in it said in English; the same text where nothing is.
 * @param words what the model reads: an English word stays, though there be a German one that is spelt alike (“hat”)
 */
export function inEnglish(prompt: string, { names, pattern }: German, words: ReadonlySet<string>): string {
  const say = (known: (word: string) => string | undefined) => (as: string) =>
    words.has(as.toLowerCase()) ? as : (known(as.toLowerCase()) ?? as);
  const named = prompt
    .replace(
      pattern,
      say((word) => names.get(word)),
    )
    .replace(CAPTION, say(colourIn));
  if (named === prompt) return prompt;
  const small = named.replace(
    SMALL,
    say((word) => SMALL_WORDS[word.replace(/^ein.*/, 'ein')]),
  );
  return small.replace(/\ba(?= [aeiou])/g, 'an');
}

const colourIn = (word: string): string | undefined => WORDS[word] ?? WORDS[word.replace(/e[rsnm]?$/, '')];

function patternOf(words: readonly string[], ending: string): RegExp {
  const longestFirst = [...words].sort((a, b) => b.length - a.length);
  // Letters, spaces and hyphens: nothing that a pattern reads otherwise.
  const either = longestFirst.join('|');
  return new RegExp(`(?<![\\p{L}\\p{N}-])(?:${either})${ending}(?![\\p{L}\\p{N}-])`, 'giu');
}
const CAPTION = patternOf(Object.keys(WORDS), ENDING);
const SMALL = patternOf(Object.keys(SMALL_WORDS), ENDING);
