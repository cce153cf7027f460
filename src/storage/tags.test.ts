import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acceptTags, MOST_IN_TAG, readTags } from './tags.ts';

test.each<[string, unknown, readonly string[]]>([
  ['no list', 'cat', []],
  ['a record', { 0: 'cat', length: 1 }, []],
  ['nothing', undefined, []],
  ['texts among others', ['cat', 5, null, ['dog'], ' '], ['cat']],
  ['the same in capitals', ['Cat', 'cat', 'CAT'], ['Cat']],
  ['spaces and lines', ['  a \n\t b '], ['a b']],
])('tags that are %s are taken as far as they are any', (_, stored, tags) => {
  expect(acceptTags(stored)).toEqual(tags);
});

test('a tag of ten thousand characters is cut, none of them in two, and so are ten thousand tags', () => {
  const [tag = ''] = acceptTags(['🐈'.repeat(10_000)]);
  expect([...tag]).toEqual(Array(MOST_IN_TAG).fill('🐈'));
  expect(acceptTags(Array.from({ length: 10_000 }, (_, i) => `tag ${i}`))).toHaveLength(50);
});

test('commas stand between the tags that are typed', () => {
  expect(readTags(' cat , for Anna,, cat')).toEqual(['cat', 'for Anna']);
});

test('what was taken once is taken again as it is', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 300 })), (stored) => {
      const tags = acceptTags(stored);
      expect(acceptTags(tags)).toEqual(tags);
    }),
  );
});
