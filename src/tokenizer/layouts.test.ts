import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadClipTokenizer } from './clip.ts';
import { clipVocabulary } from './clip-vocabulary.ts';

/** A tokenizer's folder of golden/tokenizer_layouts.py, and what transformers makes of it. */
interface Layout {
  readonly files: Readonly<Record<string, unknown>>;
  readonly begin: number;
  readonly end: number;
  readonly pad: number;
  readonly ids: number[][];
}

const { texts, layouts } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'golden/layouts.json'), 'utf8'),
) as { texts: string[]; layouts: Record<string, Layout> };
const merges = readFileSync(join(import.meta.dirname, '../../public/models/clip/merges.txt'), 'utf8');
const vocab = clipVocabulary(merges);

const opened = ({ files }: Layout) => {
  const rest = {
    tokenizerConfig: files['tokenizer_config.json'],
    specialTokensMap: files['special_tokens_map.json'],
    addedTokens: files['added_tokens.json'],
  };
  const added_tokens = files.added_tokens;
  if (!added_tokens) return loadClipTokenizer({ ...rest, vocab, merges });
  const model = { vocab, merges: merges.trimEnd().split('\n').slice(1) };
  return loadClipTokenizer({ ...rest, tokenizerJson: { added_tokens, model } });
};

describe.each(Object.entries(layouts))('a tokenizer in the layout %s', async (_, layout) => {
  const tokenizer = await opened(layout);

  test('has the begin, end and padding that transformers finds', () => {
    const { begin, end, pad } = layout;
    expect(tokenizer).toMatchObject({ beginId: begin, endId: end, padId: pad, maxLength: 77 });
  });

  test('gives every text the ids that transformers gives it', () => {
    const wrong = texts.flatMap((text, i) => {
      const ids = tokenizer.encode(text);
      return ids.join() === layout.ids[i]?.join() ? [] : [{ text, ids, expected: layout.ids[i] }];
    });
    expect(wrong).toEqual([]);
  });
});

test('the layouts differ where padding is “!”: one id for each mark', () => {
  const at = texts.indexOf('hello!');
  expect(layouts.sd1?.ids[at]).not.toEqual(layouts.sd2?.ids[at]);
});
