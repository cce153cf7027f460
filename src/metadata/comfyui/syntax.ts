import { fileStem } from '../settings/lora-tag.ts';
import { asWords } from '../settings/prompt-words.ts';

/** Longer texts and deeper brackets stay as they are. */
const MAX_LENGTH = 20_000;
const MAX_DEPTH = 100;
const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;
/** Escaped brackets while the others are read. */
const [OPENED, CLOSED] = ['\u0001', '\u0002'] as const;

/** A text in brackets: the weight that is said for it, and how many brackets without a weight are inside of that. */
interface Weighted {
  readonly text: string;
  readonly said: number;
  readonly rounds: number;
}

/**
 * A prompt of ComfyUI (comfy/sd1_clip.py, token_weights) as Safelight reads it, to the same words and weights. In ComfyUI a
 * weight inside brackets stands for itself, whatever is around it; a bracket without a partner, square brackets, `BREAK` and
 * `<lora:…>` are words; embeddings are called by a prefix.
 */
export function asPrompt(text: string): string {
  if (text.length > MAX_LENGTH || depthOf(text) > MAX_DEPTH) return text;
  const hidden = text.replaceAll('\\(', OPENED).replaceAll('\\)', CLOSED);
  return weighted(hidden, 1, 0).map(written).join('');
}

function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const char of text) {
    if (char === '(') deepest = Math.max(deepest, ++depth);
    else if (char === ')') depth--;
  }
  return deepest;
}

function weighted(text: string, said: number, rounds: number): readonly Weighted[] {
  return bracketed(text).flatMap((item) => {
    if (item.length < 2 || !item.startsWith('(') || !item.endsWith(')'))
      return [{ text: item, said, rounds }];
    const inner = item.slice(1, -1);
    const colon = inner.lastIndexOf(':');
    const number = inner.slice(colon + 1);
    return colon > 0 && NUMBER.test(number)
      ? weighted(inner.slice(0, colon), Number(number), 0)
      : weighted(inner, said, rounds + 1);
  });
}

/** Cuts a text at its outermost round brackets, counting as ComfyUI does: after one too many closed, none opens. */
function bracketed(text: string): readonly string[] {
  const items: string[] = [];
  let [from, depth] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(' && depth++ === 0) {
      items.push(text.slice(from, i));
      from = i;
    } else if (text[i] === ')' && --depth === 0) {
      items.push(text.slice(from, i + 1));
      from = i + 1;
    }
  }
  return [...items, text.slice(from)].filter((item) => item !== '');
}

function written({ text, said, rounds }: Weighted): string {
  const named = text.replace(/\bembedding:([\w.-]{1,200})/g, (_, name: string) => fileStem(name));
  const words = asWords(named)
    .replace(/[\\()[\]]/g, '\\$&')
    .replaceAll(OPENED, '\\(')
    .replaceAll(CLOSED, '\\)');
  const weighed = said === 1 ? words : `(${words}:${Number(said.toFixed(6))})`;
  return `${'('.repeat(rounds)}${weighed}${')'.repeat(rounds)}`;
}
