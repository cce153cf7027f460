/** Text and its emphasis, 1 for none. */
export interface WeightedText {
  readonly text: string;
  readonly weight: number;
}

/** At `BREAK` the prompt continues in a new chunk. */
export const BREAK = Symbol('BREAK');
export type PromptPart = WeightedText | typeof BREAK;

/** What round and square brackets multiply by. */
const ROUND = 1.1;
const SQUARE = 1 / 1.1;
/** `BREAK` as a word of its own: letters of every script are part of a word, as in Python. */
const BREAK_WORD = /(?<![\p{L}\p{N}_])BREAK(?![\p{L}\p{N}_])/u;
/** The end of a round bracket that states its weight. */
const WEIGHT = /:\s*([+-]?[.\d]+)\s*\)/y;

/**
 * The emphasis syntax of AUTOMATIC1111's web UI (modules/prompt_parser.py): `(a)` weighs 1.1, `[a]` 1 / 1.1, `(a:1.3)` 1.3;
 * brackets inside brackets multiply; after a backslash a bracket is text. A bracket that is never closed reaches to the end,
 * one that was never opened is text. Never throws.
 */
export function parseEmphasis(prompt: string): PromptPart[] {
  const parts: (typeof BREAK | { text: string; weight: number })[] = [];
  const round: number[] = [];
  const square: number[] = [];
  const push = (text: string) => parts.push({ text, weight: 1 });
  const multiply = (from: number, factor: number) => {
    for (const part of parts.slice(from)) if (part !== BREAK) part.weight *= factor;
  };

  let at = 0;
  while (at < prompt.length) {
    const character = prompt[at] as string;
    const weight = character === ':' && round.length > 0 ? weightAt(prompt, at) : undefined;
    if (character === '\\') {
      const next = prompt[at + 1] ?? '';
      const isEscape = next !== '' && '()[]\\'.includes(next);
      push(isEscape ? next : '');
      at += isEscape ? 2 : 1;
    } else if (weight) {
      multiply(round.pop() as number, weight.value);
      at += weight.length;
    } else if (character === '(' || character === '[') {
      (character === '(' ? round : square).push(parts.length);
      at++;
    } else if (character === ')' && round.length > 0) {
      multiply(round.pop() as number, ROUND);
      at++;
    } else if (character === ']' && square.length > 0) {
      multiply(square.pop() as number, SQUARE);
      at++;
    } else if ('):]'.includes(character)) {
      push(character);
      at++;
    } else {
      const end = endOfRun(prompt, at);
      const [first, ...rest] = prompt.slice(at, end).split(BREAK_WORD);
      if (rest.length === 0) push(first as string);
      else {
        push((first as string).trimEnd());
        for (const [i, text] of rest.entries()) {
          parts.push(BREAK);
          push(i < rest.length - 1 ? text.trim() : text.trimStart());
        }
      }
      at = end;
    }
  }
  for (const from of round) multiply(from, ROUND);
  for (const from of square) multiply(from, SQUARE);
  return merged(parts);
}

function weightAt(
  prompt: string,
  at: number,
): { readonly value: number; readonly length: number } | undefined {
  WEIGHT.lastIndex = at;
  const match = WEIGHT.exec(prompt);
  const value = Number(match?.[1]);
  return match && Number.isFinite(value) ? { value, length: match[0].length } : undefined;
}

/** The index of the next character with a meaning of its own. */
function endOfRun(prompt: string, from: number): number {
  let end = from + 1;
  while (end < prompt.length && !'\\()[]:'.includes(prompt[end] as string)) end++;
  return end;
}

/** Joins neighbours of the same weight, and leaves out empty text. */
function merged(parts: readonly PromptPart[]): PromptPart[] {
  const result: PromptPart[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (part !== BREAK && last && last !== BREAK && last.weight === part.weight)
      result[result.length - 1] = { text: last.text + part.text, weight: last.weight };
    else result.push(part);
  }
  return result.filter((part) => part === BREAK || part.text !== '');
}
