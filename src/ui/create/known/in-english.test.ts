import { expect, test } from 'vitest';
import { germanOf, inEnglish } from './in-english.ts';
import { unknownWords, vocabularyOf } from './known-words.ts';
import THINGS from './trinket-words.json';

const words = vocabularyOf(THINGS);
const german = germanOf(THINGS);
const english = (prompt: string) => inEnglish(prompt, german, words);

test.each([
  ['ein roter Apfel', 'a red apple'],
  ['eine Katze und ein Hund', 'a cat and a dog'],
  ['eine lila Eule neben einem kleinen Haus', 'a purple owl next to a small house'],
  ['drei Erdbeeren und eine Eule', 'three Erdbeeren and an owl'],
  ['eine Rakete auf dunkelblauem Hintergrund', 'a rocket on dunkelblauem background'],
  ['ein Pinguin auf einem blauen Hintergrund', 'a penguin on a blue background'],
])('“%s” is “%s”', (prompt, expected) => {
  expect(english(prompt)).toBe(expected);
});

test.each([
  'a red apple',
  'a hat in a house',
  'die another day',
  'a man in a pink dress',
  '',
])('English stays: “%s”', (prompt) => expect(english(prompt)).toBe(prompt));

test('every German name becomes words that the model knows', () => {
  const left = THINGS.filter(({ german: name }) => unknownWords(`${english(name)} `, words).length > 0);
  expect(left.map(({ german: name }) => name)).toEqual([]);
});
