import { expect, test, vi } from 'vitest';
import { parsePythonJson } from './python-json.ts';

// python3 -c 'import json, math; print(json.dumps({"lambda_min_clipped": -math.inf, "a": [math.inf, math.nan, -0.0, 1e16],
// "text": "NaN, -Infinity, \\ \"Infinity\" \n", "NaN": {"Infinity": None}}))'
const WRITTEN =
  '{"lambda_min_clipped": -Infinity, "a": [Infinity, NaN, -0.0, 1e+16], "text": "NaN, -Infinity, \\\\ \\"Infinity\\" \\n", "NaN": {"Infinity": null}}';

test('numbers that only Python writes are read, and strings stay as they are', () => {
  expect(parsePythonJson(WRITTEN)).toEqual({
    lambda_min_clipped: Number.NEGATIVE_INFINITY,
    a: [Number.POSITIVE_INFINITY, Number.NaN, -0, 1e16],
    text: 'NaN, -Infinity, \\ "Infinity" \n',
    NaN: { Infinity: null },
  });
  expect(parsePythonJson('-Infinity')).toBe(Number.NEGATIVE_INFINITY);
  expect(parsePythonJson('[NaN,NaN]')).toEqual([Number.NaN, Number.NaN]);
});

test.each([
  ['{"a": [1, "b", null]}', { a: [1, 'b', null] }],
  ['"NaN"', 'NaN'],
  ['null', null],
])('%s is read as JSON.parse reads it', (text, expected) => {
  expect(parsePythonJson(text)).toEqual(expected);
});

// What json.loads refuses, too.
test.each([
  '',
  '{',
  '{"a": nan}',
  '[+Infinity]',
  '[-NaN]',
  '[- Infinity]',
  '[Infinity1]',
  '[1Infinity]',
  '"NaN',
  '{a: 1}',
  "{'a': NaN}",
  '{NaN: 1}',
  '<!doctype html>',
])('%s is not JSON', (text) => {
  expect(parsePythonJson(text)).toBeUndefined();
});

test('a text of many quotes takes no longer than its length asks', () => {
  const begin = performance.now();
  expect(parsePythonJson(`{"a": ${'"\\'.repeat(500_000)}`)).toBeUndefined();
  expect(parsePythonJson(`{"a": NaN, "b": "${'\\n'.repeat(3_500_000)}"}`)).toHaveProperty('a', Number.NaN);
  expect(performance.now() - begin).toBeLessThan(20_000);
});

test('one NaN among millions of values takes no longer than they do: no function is called for each of them', () => {
  const parse = vi.spyOn(JSON, 'parse');
  const read = parsePythonJson(`{"a": NaN, "b": [${'1,'.repeat(3_400_000)}[NaN]]}`) as {
    a: number;
    b: unknown[];
  };
  expect([read.a, read.b.at(-1)]).toEqual([Number.NaN, [Number.NaN]]);
  expect(parse.mock.calls.map(({ length }) => length)).toEqual([1, 1]);
  parse.mockRestore();
});

test('a list that holds only NaN, and a key of any name, keep their shape', () => {
  expect(parsePythonJson('NaN')).toBeNaN();
  expect(parsePythonJson('{"is_changed": [NaN], "__proto__": {"a": [[NaN]], "b": NaN}}')).toEqual(
    Object.fromEntries([
      ['is_changed', [Number.NaN]],
      ['__proto__', { a: [[Number.NaN]], b: Number.NaN }],
    ]),
  );
});

test('a text that is nested deeper than any file is, is no JSON; brackets in strings do not count', () => {
  const nested = (levels: number) => `${'[{"a":'.repeat(levels / 2)}0${'}]'.repeat(levels / 2)}`;
  expect(parsePythonJson(nested(200))).toEqual(JSON.parse(nested(200)));
  expect(parsePythonJson(nested(202))).toBeUndefined();
  const text = JSON.stringify({ text: `${'['.repeat(999)}"${'{'.repeat(999)}\\` });
  expect(parsePythonJson(text)).toEqual(JSON.parse(text));
});
