import { expect, test } from 'vitest';
import { readTriggerWords } from './trigger-words.ts';

/** A file with this metadata, as safetensors writes it: texts only. */
function file(metadata: unknown): Blob {
  const header = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata }));
  return new Blob([BigUint64Array.of(BigInt(header.length)), header]);
}

test('the trigger phrase comes first, then the commonest tags over all folders', async () => {
  const ss_tag_frequency = JSON.stringify({
    '10_cat': { 'sks cat': 30, outdoors: 4, ' sitting ': 9 },
    '5_regular': { sitting: 10, 'sks cat': 1, '': 50 },
  });
  const metadata = { 'modelspec.trigger_phrase': ' mystyle ', ss_tag_frequency };
  expect(await readTriggerWords(file(metadata))).toEqual(['mystyle', 'sks cat', 'sitting', 'outdoors']);
});

test('a tag that is the phrase too is there once, and of many tags a dozen', async () => {
  const tags = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`tag ${i}`, 100 - i]));
  const metadata = {
    'modelspec.trigger_phrase': 'tag 0',
    ss_tag_frequency: JSON.stringify({ folder: tags }),
  };
  const words = await readTriggerWords(file(metadata));
  expect(words).toHaveLength(12);
  expect(words[0]).toBe('tag 0');
});

test.each([
  undefined,
  null,
  {},
  { ss_tag_frequency: 'no JSON' },
  { ss_tag_frequency: '[1]' },
  { ss_tag_frequency: '{"a":{"b":"c"}}' },
])('a file that names none has none: %j', async (metadata) =>
  expect(await readTriggerWords(file(metadata))).toEqual([]));

test('names of an object’s own members are tags as any other', async () => {
  const metadata = { ss_tag_frequency: '{"a":{"constructor":3,"__proto__":2,"toString":1}}' };
  expect(await readTriggerWords(file(metadata))).toEqual(['constructor', '__proto__', 'toString']);
});
