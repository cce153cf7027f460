import type { SettingsNote } from '../../protocol/picture-settings.ts';

/** Longer ones are refused anyway. */
const MAX_PROMPT = 20_000;

/**
 * NovelAI's prompt as Safelight reads it: `{…}` and `[…]` multiply and divide by 1.05, `1.5::…::` is a weight
 * (docs.novelai.net, Strengthening & Weakening), and parentheses are letters. Where it is not clear what belongs to a weight
 * or a bracket, it stays as words, and the notes name it.
 */
export function novelPrompt(text: string): {
  readonly prompt: string;
  readonly notes: readonly SettingsNote[];
} {
  if (text.length > MAX_PROMPT) return { prompt: text, notes: [] };
  const notes: SettingsNote[] = [];
  const orNamed = (name: string, read: string | null, unread: string) => {
    if (read === null) notes.push({ kind: 'other-syntax', name });
    return read ?? unread;
  };
  const plain = text.replace(/[()]/g, '\\$&');
  const numbered = orNamed('::', numberedWeights(plain), plain);
  const curly = orNamed('{', bracketed(numbered, '{', '}', '1.05'), numbered);
  // As they are, they would be a weight here.
  const square = bracketed(curly, '[', ']', '0.952381');
  return { prompt: orNamed('[', square, curly.replace(/[[\]]/g, '\\$&')), notes };
}

/** A weight at the end of what is before `::`. A year has more digits. */
const WEIGHT = /(?<![\w.-])-?(?:\d{1,3}(?:\.\d{1,4})?|\.\d{1,4})$/;

/** Replaces `1.5::…::`; null where one of the `::` may begin a weight or end one, because they are nested or left open. */
function numberedWeights(text: string): string | null {
  const parts = text.split('::');
  if (parts.length % 2 === 0) return null;
  let result = '';
  for (let i = 0; i + 2 < parts.length; i += 2) {
    const [before, inside] = parts.slice(i, i + 2) as [string, string];
    const weight = WEIGHT.exec(before);
    if (!weight || inside.trim() === '' || WEIGHT.test(inside)) return null;
    result += `${before.slice(0, weight.index)}(${inside}:${weight[0]})`;
  }
  return result + parts.at(-1);
}

/** Replaces brackets by a weight; null where one of them has no partner. */
function bracketed(text: string, open: string, close: string, weight: string): string | null {
  let depth = 0;
  for (const char of text) {
    if (char === open) depth++;
    if (char === close && --depth < 0) return null;
  }
  return depth === 0 ? text.replaceAll(open, '(').replaceAll(close, `:${weight})`) : null;
}
