/** A text with a part of it selected, from `start` to `end`. */
export interface Selected {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** One press, as in A1111's web UI; less for a tag, whose strength is finer. */
const STEP = 0.1;
const TAG_STEP = 0.05;
/** `(words)` alone. */
const BRACKETS_ALONE = 1.1;

const WEIGHTED = /^\((.*?)(?::\s*(\d*\.?\d+)\s*)?\)$/s;
const TAG = /^<(\w+:[^:<>]+):\s*(-?\d*\.?\d+)\s*>$/;

/**
 * Makes what is selected weigh more or less: `cat` → `(cat:1.1)` → `(cat:1.2)`; at 1 its brackets go. Without a selection it
 * is the brackets or the tag around the cursor, otherwise the word, otherwise the brackets or the tag that end or begin there.
 * @returns the range to be replaced, what by, and what is selected then; null where there is nothing to weigh
 */
export function weigh(
  { text, start, end }: Selected,
  direction: 1 | -1,
): { readonly from: number; readonly to: number; readonly by: string; readonly selected: Selected } | null {
  const [from, to] = enclosing(text, start, end, '<', '>') ??
    enclosing(text, start, end, '(', ')') ??
    trimmed(text, start, end) ??
    beside(text, start) ?? [0, 0];
  const part = text.slice(from, to);
  if (part === '') return null;
  const tag = TAG.exec(part);
  const [, inner = part, weight] = tag ?? WEIGHTED.exec(part) ?? [];
  if (inner === '') return null;
  const isBracketed = inner !== part;
  const now = weight === undefined ? (isBracketed ? BRACKETS_ALONE : 1) : Number(weight);
  const next = Math.round((now + direction * (tag ? TAG_STEP : STEP)) * 100) / 100;
  if (!tag && next < 0) return null;
  const by = tag ? `<${inner}:${next}>` : next === 1 ? inner : `(${inner}:${next})`;
  const begin = from + (by === inner ? 0 : 1);
  const whole = text.slice(0, from) + by + text.slice(to);
  return { from, to, by, selected: { text: whole, start: begin, end: begin + inner.length } };
}

/** The innermost brackets around a range, with what is in them. */
function enclosing(
  text: string,
  start: number,
  end: number,
  open: string,
  close: string,
): [number, number] | null {
  const isSign = (at: number, sign: string) => text[at] === sign && text[at - 1] !== '\\';
  let depth = 0;
  let from = start - 1;
  for (; from >= 0; from--) {
    if (isSign(from, close)) depth++;
    else if (isSign(from, open) && depth-- === 0) break;
  }
  if (from < 0) return null;
  depth = 0;
  for (let to = from; to < text.length; to++) {
    if (isSign(to, open)) depth++;
    else if (isSign(to, close) && --depth === 0) return to + 1 >= end ? [from, to + 1] : null;
  }
  return null;
}

/** The brackets or the tag that end right before a cursor, or begin right behind it. */
function beside(text: string, cursor: number): [number, number] | null {
  const pairs = [
    ['(', ')'],
    ['<', '>'],
  ] as const;
  for (const [open, close] of pairs) {
    const inside = text[cursor - 1] === close ? cursor - 1 : text[cursor] === open ? cursor + 1 : null;
    const range = inside === null ? null : enclosing(text, inside, inside, open, close);
    if (range) return range;
  }
  return null;
}

/** The range without spaces around it; if it is empty, the word there; null where there is none. */
function trimmed(text: string, start: number, end: number): [number, number] | null {
  if (start === end) {
    const before = /[^\s,()[\]<>|:]*$/.exec(text.slice(0, start))?.[0].length ?? 0;
    const behind = /^[^\s,()[\]<>|:]*/.exec(text.slice(end))?.[0].length ?? 0;
    return before + behind > 0 ? [start - before, end + behind] : null;
  }
  const part = text.slice(start, end);
  const from = start + (part.length - part.trimStart().length);
  const to = end - (part.length - part.trimEnd().length);
  return to > from ? [from, to] : null;
}
