/** Strings, which are left as they are, and the numbers that only Python writes. A string that never ends is found once. */
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"?|-?\bInfinity\b|\bNaN\b/gs;
/** What stands for NaN until it is parsed: a list of one text that no file has, because a list cannot be a key. */
const NOT_A_NUMBER = '\u{10ffff}NaN';
const SPELLINGS: Readonly<Record<string, string>> = {
  Infinity: '1e999',
  '-Infinity': '-1e999',
  NaN: JSON.stringify([NOT_A_NUMBER]),
};

/**
 * Parses JSON as other programs write it: Python's `json` has NaN, Infinity and -Infinity, which JSON does not allow
 * (docs.python.org, json, "Infinite and NaN Number Values"). diffusers' DPMSolver configurations hold -Infinity.
 * @returns undefined for a text that is not JSON
 */
export function parsePythonJson(text: string): unknown {
  return attempt(text) ?? attempt(text.replace(STRING_OR_NUMBER, (found) => SPELLINGS[found] ?? found));
}

function attempt(text: string): unknown {
  try {
    return JSON.parse(text, text.includes(NOT_A_NUMBER) ? restore : undefined);
  } catch {
    return undefined;
  }
}

const restore = (_: string, value: unknown) =>
  Array.isArray(value) && value.length === 1 && value[0] === NOT_A_NUMBER ? Number.NaN : value;
