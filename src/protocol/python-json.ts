/** The quotes of strings, what could hide one, and the numbers that only Python writes. */
const QUOTE_OR_NUMBER = /\\["\\]|"|-?\bInfinity\b|\bNaN\b/g;
/** What stands for NaN until it is parsed: a list of one text that no file has, because a list cannot be a key. */
const NOT_A_NUMBER = '\u{10ffff}NaN';
const SPELLINGS: Readonly<Record<string, string>> = {
  Infinity: '1e999',
  '-Infinity': '-1e999',
  NaN: JSON.stringify([NOT_A_NUMBER]),
};

/** Lists and objects within each other: no file of any program has as many, and what walks through them would run out of stack. */
const MAX_DEPTH = 200;

/**
 * Parses JSON as other programs write it: Python's `json` has NaN, Infinity and -Infinity, which JSON does not allow
 * (docs.python.org, json, "Infinite and NaN Number Values"). diffusers' DPMSolver configurations hold -Infinity.
 * @returns undefined for a text that is not JSON, or is nested deeper than 200 levels
 */
export function parsePythonJson(text: string): unknown {
  if (isTooDeep(text)) return undefined;
  return attempt(text) ?? restored(attempt(spelled(text)));
}

const [QUOTE, BACKSLASH, OPEN, CLOSE, OPEN_BRACE, CLOSE_BRACE] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

/** One pass by numbers of characters, which is quick for millions of them. */
function isTooDeep(text: string): boolean {
  let [depth, isInString] = [0, false];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) isInString = !isInString;
    else if (isInString) at += code === BACKSLASH ? 1 : 0;
    else if (code === OPEN || code === OPEN_BRACE) {
      if (++depth > MAX_DEPTH) return true;
    } else if (code === CLOSE || code === CLOSE_BRACE) depth--;
  }
  return false;
}

/** The text with other spellings of Python's numbers; those in strings stay. */
function spelled(text: string): string {
  let isInString = false;
  return text.replace(QUOTE_OR_NUMBER, (found) => {
    if (found === '"') isInString = !isInString;
    return isInString ? found : (SPELLINGS[found] ?? found);
  });
}

function attempt(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isMark = (value: unknown) => Array.isArray(value) && value.length === 1 && value[0] === NOT_A_NUMBER;

/** Puts NaN in its places. `JSON.parse` could call a function for every value, which takes twenty times as long. */
function restored(root: unknown): unknown {
  if (isMark(root)) return Number.NaN;
  const open: unknown[] = [root];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (Array.isArray(at)) {
      for (let i = 0; i < at.length; i++) {
        if (isMark(at[i])) at[i] = Number.NaN;
        else if (typeof at[i] === 'object' && at[i] !== null) open.push(at[i]);
      }
    } else if (typeof at === 'object' && at !== null) {
      const entries = at as Record<string, unknown>;
      for (const key in entries) {
        const value = entries[key];
        if (isMark(value)) entries[key] = Number.NaN;
        else if (typeof value === 'object' && value !== null) open.push(value);
      }
    }
  }
  return root;
}
