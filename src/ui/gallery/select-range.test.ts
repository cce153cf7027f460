import { expect, test } from 'vitest';
import { selectRange } from './select-range.ts';

const ALONE = [['a'], ['b'], ['c'], ['d'], ['e']];
const STACKED = [['a'], ['b', 'c', 'd'], ['e']];

test.each([
  ['alone', '', 'c', null, 'c'],
  ['taken out again', 'bc', 'c', null, 'b'],
  ['with all up to it', 'b', 'd', 'b', 'bcd'],
  ['with all down to it', 'd', 'b', 'd', 'dbc'],
  ['taken out with all up to it', 'abcd', 'd', 'b', 'a'],
  ['alone, where what was pressed before is not shown any more', 'z', 'c', 'z', 'zc'],
] as const)('a picture is selected %s', (_, selected, pressed, anchor, then) => {
  expect([...selectRange(ALONE, new Set(selected), pressed, anchor)].join('')).toBe(then);
});

test.each([
  ['with all its pictures', '', 'b', null, 'bcd'],
  ['where only some of them were', 'c', 'b', null, 'cbd'],
  ['with all up to it', 'a', 'e', 'a', 'abcde'],
  ['no longer', 'abcd', 'b', null, 'a'],
] as const)('a stack is selected %s', (_, selected, pressed, anchor, then) => {
  expect([...selectRange(STACKED, new Set(selected), pressed, anchor)].join('')).toBe(then);
});
