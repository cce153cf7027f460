import { infotextPairs } from './infotext-pairs.ts';

/** A `parameters` text in its parts. */
export interface Infotext {
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly pairs: ReadonlyMap<string, string>;
}

/** As in A1111's own reader: with fewer pairs, the last line belongs to the prompt. */
const MIN_PAIRS = 3;

/** Dynamic Prompts writes what the prompts were made from behind everything (sd_dynamic_prompts/pnginfo_saver.py). */
const TEMPLATE = /^(Negative )?Template:/;

/** Characters. Two prompts and a line of pairs are far shorter. */
const MAX_LENGTH = 100_000;

/** A `parameters` text in its parts, with the line ends of any system; null for any other text. */
export const infotextOf = (text: string): Infotext | null =>
  text.length > MAX_LENGTH ? null : splitInfotext(text.replaceAll('\r\n', '\n').trimEnd());

/** Prompt, negative prompt and pairs, on lines of their own or, as some sites write it, all on one line; null if there are no pairs. */
function splitInfotext(text: string): Infotext | null {
  const lines = text.split('\n');
  const at = lines.findLastIndex((line) => line.startsWith('Steps: '));
  const inline = at < 0 ? (lines.at(-1)?.lastIndexOf(' Steps: ') ?? -1) : -1;
  if (at < 0 && inline < 0) return null;
  const after = lines.findIndex((line, i) => i > at && TEMPLATE.test(line));
  const last = at < 0 ? (lines.pop() as string) : lines.slice(at, after < 0 ? undefined : after).join(', ');
  const texts = at < 0 ? [...lines, last.slice(0, inline)].join('\n') : lines.slice(0, at).join('\n');
  const pairs = infotextPairs(at < 0 ? last.slice(inline + 1) : last);
  if (pairs.size < MIN_PAIRS) return null;
  return { ...splitPrompts(texts, at < 0), pairs };
}

const NEGATIVE = 'Negative prompt:';

/** The negative prompt begins a line, unless everything is on one line. */
function splitPrompts(texts: string, isInline: boolean): Omit<Infotext, 'pairs'> {
  const before = isInline ? ' ' : '\n';
  const at = texts.startsWith(NEGATIVE) ? 0 : texts.indexOf(before + NEGATIVE) + 1;
  if (at === 0 && !texts.startsWith(NEGATIVE)) return { prompt: texts, negativePrompt: '' };
  const negative = texts.slice(at + NEGATIVE.length);
  return {
    prompt: texts.slice(0, Math.max(0, at - 1)),
    negativePrompt: negative.startsWith(' ') ? negative.slice(1) : negative,
  };
}
