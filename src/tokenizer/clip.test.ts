import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadClipTokenizer } from './clip.ts';
import golden from './golden/clip.json' with { type: 'json' };

const FOLDER = join(import.meta.dirname, '../../e2e/tiny-model/tokenizer');
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');

const tokenizer = await loadClipTokenizer({
  tokenizerConfig: JSON.parse(read('tokenizer_config.json')),
  vocab: JSON.parse(read('vocab.json')),
  merges: read('merges.txt'),
});

test.each(golden.cases as [string, number[]][])('%j is tokenized as by transformers', (text, ids) => {
  expect(tokenizer.encode(text)).toEqual(ids);
});

test('begin, end, padding and length are the repository’s', () => {
  const vocab = JSON.parse(read('vocab.json')) as Record<string, number>;
  expect(tokenizer).toMatchObject({
    beginId: vocab['<|startoftext|>'],
    endId: vocab['<|endoftext|>'],
    padId: vocab['<|endoftext|>'],
    maxLength: 77,
  });
});
