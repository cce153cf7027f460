import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadClipTokenizer } from '../tokenizer/clip.ts';
import { promptChunks } from './chunks.ts';
import { BREAK, parseEmphasis } from './emphasis.ts';
import { promptSchedule } from './schedule.ts';
import { weigh } from './weigh.ts';

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

/** Text of the characters that mean something, words between them. */
const messy = fc
  .array(
    fc.constantFrom(
      '(',
      ')',
      '[',
      ']',
      ':',
      '|',
      '\\',
      ',',
      ' ',
      '1.2',
      '0.5',
      '3',
      'cat',
      'BREAK',
      'é',
      '\n',
    ),
  )
  .map((tokens) => tokens.join(''));

describe('emphasis', () => {
  // The examples of parse_prompt_attention's own documentation.
  test.each<[string, [string, number][]]>([
    ['normal text', [['normal text', 1]]],
    [
      'an (important) word',
      [
        ['an ', 1],
        ['important', 1.1],
        [' word', 1],
      ],
    ],
    ['(unbalanced', [['unbalanced', 1.1]]],
    ['\\(literal\\]', [['(literal]', 1]]],
    ['(unnecessary)(parens)', [['unnecessaryparens', 1.1]]],
    [
      'a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))).',
      [
        ['a ', 1],
        ['house', 1.5730000000000004],
        [' ', 1.1],
        ['on', 1],
        [' a ', 1.1],
        ['hill', 0.55],
        [', sun, ', 1.1],
        ['sky', 1.4641000000000006],
        ['.', 1.1],
      ],
    ],
    [
      '[a [b]]',
      [
        ['a ', 1 / 1.1],
        ['b', 1 / 1.1 / 1.1],
      ],
    ],
    ['(a:1.2.3)', [['a:1.2.3', 1.1]]],
  ])('%s', (prompt, expected) => {
    expect(parseEmphasis(prompt)).toEqual(
      expected.map(([text, weight]) => ({ text, weight: expect.closeTo(weight, 12) })),
    );
  });

  test('never throws, and a text without brackets, colons and backslashes stays as it is', () => {
    fc.assert(fc.property(messy, (prompt) => parseEmphasis(prompt).length >= 0));
    const plain = fc.string().filter((text) => text !== '' && !/[\\()[\]:]|BREAK/.test(text));
    fc.assert(
      fc.property(plain, (text) => {
        expect(parseEmphasis(text)).toEqual([{ text, weight: 1 }]);
      }),
    );
  });

  test('escaping keeps any text at weight 1', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        fc.pre(!text.includes('BREAK'));
        const parts = parseEmphasis(text.replace(/[\\()[\]]/g, '\\$&'));
        expect(parts).toEqual([{ text, weight: 1 }]);
      }),
    );
  });

  test('BREAK stands between words, not inside them', () => {
    expect(parseEmphasis('a BREAK  b BREAKS')).toEqual([
      { text: 'a', weight: 1 },
      BREAK,
      { text: 'b BREAKS', weight: 1 },
    ]);
  });
});

describe('schedule', () => {
  const g = (prompt: string) => promptSchedule(prompt, 10).map(({ untilStep, text }) => [untilStep, text]);
  const turns = (...texts: string[]) =>
    Array.from({ length: 10 }, (_, i) => [i + 1, texts[i % texts.length]]);
  // The examples of get_learned_conditioning_prompt_schedules' own documentation, ten steps.
  test.each<[string, unknown[]]>([
    ['test', [[10, 'test']]],
    [
      'a [b:3]',
      [
        [3, 'a '],
        [10, 'a b'],
      ],
    ],
    [
      'a [b: 3]',
      [
        [3, 'a '],
        [10, 'a b'],
      ],
    ],
    [
      'a [[[b]]:2]',
      [
        [2, 'a '],
        [10, 'a [[b]]'],
      ],
    ],
    [
      '[(a:2):3]',
      [
        [3, ''],
        [10, '(a:2)'],
      ],
    ],
    [
      'a [b : c : 1] d',
      [
        [1, 'a b  d'],
        [10, 'a  c  d'],
      ],
    ],
    [
      'a[b:[c:d:2]:1]e',
      [
        [1, 'abe'],
        [2, 'ace'],
        [10, 'ade'],
      ],
    ],
    ['a [unbalanced', [[10, 'a [unbalanced']]],
    [
      'a [b:.5] c',
      [
        [5, 'a  c'],
        [10, 'a b c'],
      ],
    ],
    [
      'a [{b|d{:.5] c',
      [
        [5, 'a  c'],
        [10, 'a {b|d{ c'],
      ],
    ],
    [
      '((a][:b:c [d:3]',
      [
        [3, '((a][:b:c '],
        [10, '((a][:b:c d'],
      ],
    ],
    ['[a|(b:1.1)]', turns('a', '(b:1.1)')],
    ['[fe|]male', turns('female', 'male')],
    ['[fe|||]male', turns('female', 'male', 'male', 'male')],
    [
      '[a::4] b',
      [
        [4, 'a b'],
        [10, ' b'],
      ],
    ],
    ['[a:b:25]', [[10, 'a']]],
    ['[a:b:0]', [[10, 'b']]],
    ['[a:b:-1]', [[10, 'b']]],
    ['[a:b]', [[10, '[a:b]']]],
    ['\\[a:b:3\\]', [[10, '\\[a:b:3\\]']]],
    [
      '[a (b:1.2):0.3]',
      [
        [3, ''],
        [10, 'a (b:1.2)'],
      ],
    ],
    [
      '[a|b] and [c:5]',
      Array.from({ length: 10 }, (_, i) => [i + 1, `${i % 2 ? 'b' : 'a'} and ${i < 5 ? '' : 'c'}`]),
    ],
  ])('%s', (prompt, expected) => {
    expect(g(prompt)).toEqual(expected);
  });

  test('covers every step, in order, whatever is written; text without square brackets is itself', () => {
    fc.assert(
      fc.property(messy, fc.integer({ min: 1, max: 30 }), (prompt, steps) => {
        const ends = promptSchedule(prompt, steps).map(({ untilStep }) => untilStep);
        expect(ends.at(-1)).toBe(steps);
        expect(ends.every((end, i) => end >= 1 && (i === 0 || end > (ends[i - 1] as number)))).toBe(true);
        if (!prompt.includes('['))
          expect(promptSchedule(prompt, steps)).toEqual([{ untilStep: steps, text: prompt }]);
      }),
    );
  });

  test('ten thousand brackets end at once', () => {
    for (const text of [
      '['.repeat(10_000),
      '[a:'.repeat(3000) + ':0.5]'.repeat(2000),
      '(['.repeat(4000) + '])'.repeat(4000),
    ])
      expect(promptSchedule(text, 20).length).toBeGreaterThan(0);
  });
});

describe('chunks', () => {
  test.each(cases.map(({ prompt, chunks }) => [prompt, chunks] as const))('%j', (prompt, expected) => {
    const chunks = promptChunks(tokenizer, prompt, []);
    expect(chunks.map(({ ids }) => [...ids])).toEqual(expected.map(({ ids }) => ids));
    for (const [i, { weights }] of chunks.entries())
      expect([...weights]).toEqual(expected[i]?.weights.map((weight) => expect.closeTo(weight, 5)));
  });

  test('hold every token of the text, each chunk with its begin and end', () => {
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

  describe('trigger words', () => {
    const style = { token: 'my-style', length: 3 };
    const longer = { token: 'my-style two', length: 1 };

    test('stand for their vectors, the longest word first', () => {
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

    test('are not cut in two by the end of a chunk', () => {
      const chunks = promptChunks(tokenizer, `${'a '.repeat(73)}my-style`, [style]);
      expect(chunks.map(({ length, injections }) => [length, injections.length])).toEqual([
        [73, 0],
        [3, 3],
      ]);
    });
  });
});

describe('weigh', () => {
  test('as computed by hand: times the weight, and the mean as it was', () => {
    // [[1, 3], [2, 2]] × [2, 0.5] = [[2, 6], [1, 1]]; means 2 and 2.5.
    const weighted = weigh(Float32Array.of(1, 3, 2, 2), Float32Array.of(2, 0.5));
    expect([...weighted]).toEqual([1.6, 4.8, 0.8, 0.8].map((x) => expect.closeTo(x, 6)));
  });

  test('weights of 1 change nothing, and of 0 leave numbers', () => {
    const states = Float32Array.of(1, 3, 2, 2);
    expect(weigh(states, Float32Array.of(1, 1))).toBe(states);
    expect([...weigh(states, Float32Array.of(0, 0))]).toEqual([0, 0, 0, 0]);
  });
});
