import { expect, test } from 'vitest';
import { de } from './de.ts';
import { en } from './en.ts';
import { tokensText } from './tokens-text.ts';

test.each([
  [[12], '12 of 75 tokens'],
  [[75, 12], '75 + 12 tokens'],
  [[75, 75, 12], '75 + 75 + 12 tokens'],
  [[75, 75, 75, 75, 75, 75, 75, 12], '537 tokens in 8 chunks'],
])('tokens in chunks of %j can be read', (chunks, text) => {
  expect(tokensText(en.create, chunks, 75)).toBe(text);
  expect(tokensText(de.create, chunks, 75).replaceAll(/\D+/g, ' ')).toBe(text.replaceAll(/\D+/g, ' '));
});
