import { TorchRandom } from '../numerics/random.ts';
import type { GenerationRequest, PaintedTexts } from '../protocol/generation.ts';
import { WILDCARD, type Wildcards, wildcardOf } from '../protocol/wildcards.ts';

/** Lists that call each other end here, and so does a text that they make longer than any request may be. */
const MOST_CHOICES = 1000;
const MAX_DEPTH = 50;

/** One choice: a number from 0 to 1, without 1. */
type Random = () => number;

/**
 * The texts that the picture of this seed is painted with: of `{a|b}` one, and of `__name__` one word of that list, as the
 * Dynamic Prompts extension has them. The same seed chooses the same words, as long as the texts and the lists are the same.
 */
export function paintedTexts(
  request: Pick<GenerationRequest, 'prompt' | 'negativePrompt' | 'wildcards' | 'template'>,
  seed: number,
): PaintedTexts {
  const source = new TorchRandom(seed);
  const random = () => source.rand();
  const { wildcards, template } = request;
  const prompt = choose(request.prompt, wildcards, random);
  const negativePrompt = choose(request.negativePrompt, wildcards, random);
  const isAsTyped = prompt === request.prompt && negativePrompt === request.negativePrompt;
  const typed = { prompt: request.prompt, negativePrompt: request.negativePrompt, styles: [] };
  return { prompt, negativePrompt, template: template ?? (isAsTyped ? null : typed) };
}

/**
 * A text with one of each group of alternatives, `{red|blue}`, and with a word for each wildcard that there is a list for. Both
 * can be nested, and stand in a list. After a backslash a brace is text, as are braces without a bar or without a partner, and a
 * wildcard without a list; a bar in square brackets is theirs (`{[a|b]|c}`). What comes out has no choice left. Never throws.
 */
export function choose(text: string, wildcards: Wildcards, random: Random): string {
  let left = MOST_CHOICES;
  const pick = (all: readonly string[], depth: number): string =>
    fill(all[Math.floor(random() * all.length)] as string, depth + 1);
  const fill = (part: string, depth: number): string => {
    let filled = '';
    for (let at = 0; at < part.length; ) {
      const { length, among } = choiceAt(part, at, wildcards);
      const isChosen = among && depth < MAX_DEPTH && left-- > 0;
      filled += isChosen ? pick(among, depth) : part.slice(at, at + length);
      at += length;
    }
    return filled;
  };
  return fill(text, 0);
}

/** What stands at an index: so many characters, and what is chosen among, where there is a choice. */
function choiceAt(
  text: string,
  at: number,
  wildcards: Wildcards,
): { readonly length: number; readonly among?: readonly string[] } {
  if (text[at] === '\\') return { length: 2 };
  if (text[at] === '{') {
    const [options, end] = alternatives(text, at);
    if (options.length > 1) return { length: end - at, among: options };
  }
  if (text[at] === '_') {
    const wildcard = new RegExp(WILDCARD, 'uy');
    wildcard.lastIndex = at;
    const found = wildcard.exec(text);
    const among = found && wildcardOf(wildcards, found[1] as string);
    if (found) return among?.length ? { length: found[0].length, among } : { length: found[0].length };
  }
  return { length: 1 };
}

/** What is between the bars of a brace, and where it ends; nothing for one that is never closed. */
function alternatives(text: string, open: number): readonly [options: string[], end: number] {
  const options: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let at = open; at < text.length; at++) {
    const character = text[at] as string;
    if (character === '\\') at++;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return [[...options, text.slice(from, at)], at + 1];
    else if (character === '[' && depth === 1) at = endOfSquare(text, at);
    else if (character === '|' && depth === 1) {
      options.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [[], open];
}

/** The index of the bracket that closes this one before the braces around it do; its own where none does. */
function endOfSquare(text: string, open: number): number {
  let [square, braces] = [0, 0];
  for (let at = open; at < text.length && braces >= 0; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '[') square++;
    else if (text[at] === ']' && --square === 0) return at;
    else if (text[at] === '{') braces++;
    else if (text[at] === '}') braces--;
  }
  return open;
}
