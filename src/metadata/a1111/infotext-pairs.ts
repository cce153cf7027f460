import { parsePythonJson } from '../../protocol/python-json.ts';

/** A value as A1111 writes it (modules/infotext_utils.py, quote): as JSON if it holds what would end its pair. */
export const quoted = (value: string): string => (/[,\n:]/.test(value) ? JSON.stringify(value) : value);

const MAX_PAIRS = 500;

/**
 * Reads `Key: value, Key: "a value, with a comma", Key: {"json": 1}`. The first of two equal keys counts. It is a single
 * pass: whatever the line holds, no part of it is looked at more than a few times.
 */
export function infotextPairs(line: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  let canNest = true;
  let at = 0;
  while (at < line.length && pairs.size < MAX_PAIRS) {
    const colon = line.indexOf(':', at);
    if (colon < 0) break;
    // A1111 writes a key that is its own value alone.
    const flags = line.slice(at, colon).split(',');
    const key = (flags.pop() as string).trim();
    for (const flag of flags.map((text) => text.trim()))
      if (flag !== '' && !pairs.has(flag) && pairs.size < MAX_PAIRS) pairs.set(flag, flag);
    let start = colon + 1;
    while (line[start] === ' ') start++;
    const first = line[start];
    let close = -1;
    if (first === '"') close = endOfString(line, start);
    else if ((first === '[' || first === '{') && canNest) {
      close = endOfJson(line, start);
      canNest = close >= 0;
    }
    const comma = line.indexOf(',', close < 0 ? start : close);
    const end = comma < 0 ? line.length : comma;
    const value = line.slice(start, end).trim();
    if (key !== '' && !pairs.has(key)) pairs.set(key, first === '"' ? unquoted(value) : value);
    at = end + 1;
  }
  return pairs;
}

/** The index after the closing quote of a JSON string; −1 if there is none. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return -1;
}

/** The index after the bracket that closes the one at `start`; −1 if there is none. */
function endOfJson(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      at = endOfString(text, at) - 1;
      if (at < 0) return -1;
    } else if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

function unquoted(value: string): string {
  const json = parsePythonJson(value);
  return json === undefined ? value.replace(/^"|"$/g, '') : String(json);
}
