import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadClipTokenizer } from './clip.ts';
import { clipVocabulary } from './clip-vocabulary.ts';
import golden from './golden/clip.json' with { type: 'json' };
import original from './golden/original.json' with { type: 'json' };
import tokenizerJson from './golden/tokenizer.json' with { type: 'json' };

const FOLDER = join(import.meta.dirname, '../../e2e/tiny-model/tokenizer');
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');

const tokenizerConfig = JSON.parse(read('tokenizer_config.json'));
const tokenizers = {
  'vocab.json and merges.txt': await loadClipTokenizer({
    tokenizerConfig,
    vocab: JSON.parse(read('vocab.json')),
    merges: read('merges.txt'),
  }),
  'tokenizer.json': await loadClipTokenizer({ tokenizerConfig, tokenizerJson }),
};

describe.each(Object.entries(tokenizers))('a tokenizer from %s', (_, tokenizer) => {
  test.each(golden.cases as [string, number[]][])('tokenizes %j as transformers does', (text, ids) => {
    expect(tokenizer.encode(text)).toEqual(ids);
  });

  test('has the repository’s begin, end, padding and length', () => {
    const vocab = JSON.parse(read('vocab.json')) as Record<string, number>;
    expect(tokenizer).toMatchObject({
      beginId: vocab['<|startoftext|>'],
      endId: vocab['<|endoftext|>'],
      padId: vocab['<|endoftext|>'],
      maxLength: 77,
    });
  });
});

describe('with OpenAI’s own vocabulary', async () => {
  const { vocab, merges, same, cleaned } = original as unknown as {
    vocab: Record<string, number>;
    merges: string[];
    same: [string, number[]][];
    cleaned: [string, number[]][];
  };
  const tokenizer = await loadClipTokenizer({ tokenizerConfig: {}, vocab, merges: merges.join('\n') });

  test.each(same)('%j is tokenized as by the original and by transformers', (text, ids) => {
    expect(tokenizer.encode(text)).toEqual(ids);
  });

  test.each(
    cleaned,
  )('%j is tokenized as by transformers, which cleans less than the original', (text, ids) => {
    expect(tokenizer.encode(text)).toEqual(ids);
  });
});

test('the vocabulary made from the merges that come with the app is the original’s', () => {
  const merges = readFileSync(join(import.meta.dirname, '../../public/models/clip/merges.txt'), 'utf8');
  const vocab = clipVocabulary(merges);
  expect(Object.keys(vocab)).toHaveLength(49_408);
  const known = Object.entries(original.vocab as Record<string, number>);
  expect(known.length).toBeGreaterThan(1000);
  expect(known.filter(([token, id]) => vocab[token] !== id)).toEqual([]);
});

test('merges.txt may have the line ends of Windows', async () => {
  const windows = read('merges.txt').replaceAll('\n', '\r\n');
  const tokenizer = await loadClipTokenizer({
    tokenizerConfig,
    vocab: JSON.parse(read('vocab.json')),
    merges: windows,
  });
  const cases = golden.cases as [string, number[]][];
  expect(cases.map(([text]) => tokenizer.encode(text))).toEqual(cases.map(([, ids]) => ids));
});

test('special tokens may be objects, and padding may have a token of its own', async () => {
  const config = { ...tokenizerConfig, eos_token: { content: '<|endoftext|>' }, pad_token: '!' };
  const { padId, endId } = await loadClipTokenizer({ tokenizerConfig: config, tokenizerJson });
  expect([padId, endId]).toEqual([
    tokenizerJson.model.vocab['!'],
    tokenizerJson.model.vocab['<|endoftext|>'],
  ]);
});
