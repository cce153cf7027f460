import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tinyModel } from './golden/tiny-model.ts';
import { countTokens } from './load-model.ts';
import { repositorySource } from './model-source.ts';

const source = repositorySource(tinyModel((path) => openAsBlob(join(import.meta.dirname, '../..', path))));

test('the tags of the prompt are not counted; in the negative prompt they are text', async () => {
  const count = async (prompt: string, negative: string) => countTokens(source, [prompt, negative], []);
  const plain = await count('a cat', '');
  expect(plain.room).toBe(75);
  expect(await count('a cat<lora:x:0.8><hypernet:y:1>', '')).toEqual(plain);
  const [, [tag = 0] = []] = (await count('', '<lora:x:0.8>')).texts;
  expect(tag).toBeGreaterThan(0);
});

test('of a text that changes during a run the longest version counts', async () => {
  const { texts } = await countTokens(source, ['[a:a cat a cat:0.5]', 'a cat a cat'], []);
  expect(texts[0]).toEqual(texts[1]);
});
