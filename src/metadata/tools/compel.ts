import type { SettingsNote } from '../../protocol/picture-settings.ts';
import { asWords } from '../settings/prompt-words.ts';

/** Compel's weights and functions (compel/prompt_parser.py): `word++`, `(words)1.3`, `("a", "b").blend(1, 1)`. */
const SYNTAX = /[\w)"](\++|-+)(?=[\s,)]|$)|(?<!\\)\)(\d|\.\d)|\)\.(and|blend|swap)\(/;

/** Notes Compel's weights, which are plain text here. */
export const compelNotes = (...prompts: readonly string[]): SettingsNote[] =>
  prompts.some((prompt) => SYNTAX.test(prompt)) ? [{ kind: 'other-syntax', name: 'Compel' }] : [];

/**
 * A prompt of Compel as Safelight reads it: round brackets without a weight only group words, square ones are letters. In one
 * with weights, which has its note, the round ones are letters too.
 */
export function compelPrompt(prompt: string): string {
  // There, a backslash escapes round brackets only.
  const words = asWords(prompt).replace(/\\(?![()])|[[\]]/g, '\\$&');
  return SYNTAX.test(prompt) ? words.replace(/(?<!\\)[()]/g, '\\$&') : withoutGroups(words);
}

/** Leaves out round brackets that are not escaped, and escapes those without a partner. */
function withoutGroups(text: string): string {
  const opened: number[] = [];
  const paired = new Set<number>();
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '(') opened.push(i);
    else if (text[i] === ')') {
      const partner = opened.pop();
      if (partner !== undefined) paired.add(partner).add(i);
    }
  }
  return text.replace(/\\.|[()]/gs, (found, at: number) =>
    found.length > 1 ? found : paired.has(at) ? '' : `\\${found}`,
  );
}
