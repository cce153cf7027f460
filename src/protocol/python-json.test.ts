import { expect, test } from 'vitest';
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
  expect(performance.now() - begin).toBeLessThan(2000);
});
