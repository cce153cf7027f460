import { expect, test } from 'vitest';
import { selectRange } from './select-range.ts';

const IDS = ['a', 'b', 'c', 'd', 'e'];

test.each([
  ['alone', '', 'c', null, 'c'],
  ['taken out again', 'bc', 'c', null, 'b'],
  ['with all up to it', 'b', 'd', 'b', 'bcd'],
  ['with all down to it', 'd', 'b', 'd', 'dbc'],
  ['taken out with all up to it', 'abcd', 'd', 'b', 'a'],
  ['alone, where what was pressed before is not shown any more', 'z', 'c', 'z', 'zc'],
] as const)('a picture is selected %s', (_, selected, pressed, anchor, then) => {
  expect([...selectRange(IDS, new Set(selected), pressed, anchor)].join('')).toBe(then);
});
