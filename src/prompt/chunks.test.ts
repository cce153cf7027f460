import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadClipTokenizer } from '../tokenizer/clip.ts';
import { promptChunks } from './chunks.ts';

const FOLDER = join(import.meta.dirname, '../../e2e/tiny-model/tokenizer');
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
const tokenizer = await loadClipTokenizer({
  tokenizerConfig: JSON.parse(read('tokenizer_config.json')),
  vocab: JSON.parse(read('vocab.json')),
  merges: read('merges.txt'),
});
const { cases } = JSON.parse(readFileSync(join(import.meta.dirname, 'golden/prompts.json'), 'utf8')) as {
  cases: { prompt: string; chunks: { ids: number[]; weights: number[] }[] }[];
};

describe('the chunks of a prompt', () => {
  test.each(
    cases.map(({ prompt, chunks }) => [prompt, chunks] as const),
  )('of %j are those of the web UI', (prompt, expected) => {
    const chunks = promptChunks(tokenizer, prompt, []);
    expect(chunks.map(({ ids }) => [...ids])).toEqual(expected.map(({ ids }) => ids));
    for (const [i, { weights }] of chunks.entries())
      expect([...weights]).toEqual(expected[i]?.weights.map((weight) => expect.closeTo(weight, 5)));
  });

  test('contain every token of the text, each chunk with its begin and end', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'cat', ',', 'x', 'zebra')), (words) => {
        const text = words.join(' ');
        const chunks = promptChunks(tokenizer, text, []);
        const ids = chunks.flatMap(({ ids, length }) => [...ids.subarray(1, length + 1)]);
        expect(ids).toEqual(tokenizer.encode(text));
        for (const { ids, length } of chunks) {
          expect(length).toBeLessThanOrEqual(75);
          expect([ids[0], ids[length + 1]]).toEqual([tokenizer.beginId, tokenizer.endId]);
        }
      }),
    );
  });

  describe('with trigger words', () => {
    const style = { token: 'my-style', length: 3 };
    const longer = { token: 'my-style two', length: 1 };

    test('have their vectors in place of the words, the longest word first', () => {
      const [chunk] = promptChunks(tokenizer, 'a my-style two, (My-Style:1.2) b', [style, longer]);
      expect(
        chunk?.injections.map(({ embedding, row, position }) => [embedding.token, row, position]),
      ).toEqual([
        ['my-style two', 0, 2],
        ['my-style', 0, 4],
        ['my-style', 1, 5],
        ['my-style', 2, 6],
      ]);
      expect([...(chunk?.weights.subarray(4, 7) ?? [])]).toEqual([1.2, 1.2, 1.2].map(Math.fround));
    });

    test('do not split the vectors of a word', () => {
      const chunks = promptChunks(tokenizer, `${'a '.repeat(73)}my-style`, [style]);
      expect(chunks.map(({ length, injections }) => [length, injections.length])).toEqual([
        [73, 0],
        [3, 3],
      ]);
    });
  });
});
