import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  CHANGES,
  changed,
  closest,
  plural,
  search,
  surprise,
  unknownWords,
  vocabularyOf,
  withArticle,
} from './known-words.ts';
import THINGS from './trinket-words.json';

const vocabulary = vocabularyOf(THINGS);
const unknown = (prompt: string) => unknownWords(prompt, vocabulary);

test('594 things are known, as the model card says', () => {
  expect(THINGS).toHaveLength(594);
  expect(new Set(THINGS.map(({ name }) => name)).size).toBeGreaterThan(580);
});

test('the captions it was trained on are of words that it knows', () => {
  const captions = JSON.parse(
    readFileSync(new URL('golden/captions.json', import.meta.url), 'utf8'),
  ) as string[];
  expect(captions).toHaveLength(400);
  expect(captions.flatMap((caption) => unknown(`${caption} `))).toEqual([]);
});

test('what was never taught is named once, as it was typed', () => {
  expect(unknown('a Lighthouse and a lighthouse, masterpiece, 4k')).toEqual([
    'Lighthouse',
    'masterpiece',
    '4k',
  ]);
  expect(unknown('(a red apple:1.3), [cat|dog] <lora:film-grain:0.8> BREAK two pizzas')).toEqual([]);
  expect(unknown('a constructor')).toEqual(['constructor']);
});

test('a word that is being typed counts once it can become none that is known', () => {
  expect(unknown('a pengu')).toEqual([]);
  expect(unknown('a pengu ')).toEqual(['pengu']);
  expect(unknown('a pengx')).toEqual(['pengx']);
});

test('several of a thing and its article are said as in training', () => {
  expect(['apple', 'cherry', 'toy', 'fox', 'dress', 'glasses'].map(plural)).toEqual([
    ...['apples', 'cherries', 'toys', 'foxes', 'dresses', 'glasses'],
  ]);
  expect(['owl', 'fox', 'scissors'].map(withArticle)).toEqual(['an owl', 'a fox', 'scissors']);
});

test('things are found in both languages, by other names and by kind', () => {
  const names = (text: string) => search(THINGS, text).map(({ name }) => name);
  expect(names('Pinguin')).toContain('penguin');
  expect(names('burger')).toContain('hamburger');
  expect(names('fruit')).toContain('green apple');
  expect(names('lighthouse')).toEqual([]);
});

test('Enter takes the thing that is called as it was sought, before those that only hold the word', () => {
  const first = (text: string) => closest(search(THINGS, text), text)?.name;
  expect(first('dog')).toBe('dog');
  expect(first(' Cat ')).toBe('cat');
  expect(first('Hund')).toBe('dog');
  expect(first('burger')).toBe('hamburger');
  expect(first('lighthouse')).toBeUndefined();
});

test('a surprise is of known words, whatever comes', () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.double({ min: 0, max: 0.999999, noNaN: true })), (numbers) => {
      const prompt = surprise(THINGS, () => numbers.next().value as number);
      expect(unknownWords(`${prompt} `, vocabulary), prompt).toEqual([]);
    }),
  );
});

test('every change of a prompt leaves it one of known words, with the right article', () => {
  expect(changed('an owl', 'small')).toBe('a small owl');
  expect(changed('scissors', 'purple')).toBe('purple scissors');
  expect(changed('a house', 'top left')).toBe('a house, top left');
  expect(changed('a house', 'upside down')).toBe('a house upside down');
  expect(CHANGES.flatMap((change) => unknown(`${changed('an owl', change)} `))).toEqual([]);
});
