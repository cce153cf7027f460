import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BREAK, parseEmphasis } from './emphasis.ts';
import { promptSchedule } from './schedule.ts';

/** Text of the syntax's characters, with words between them. */
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
  ])('of “%s” is as documented', (prompt, expected) => {
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

  test('BREAK is recognised between words, not inside them', () => {
    expect(parseEmphasis('a BREAK  b BREAKS')).toEqual([
      { text: 'a', weight: 1 },
      BREAK,
      { text: 'b BREAKS', weight: 1 },
    ]);
    // Python's \b, of re_break, knows the letters of every script.
    expect(parseEmphasis('ÄBREAK, BREAKé')).toEqual([{ text: 'ÄBREAK, BREAKé', weight: 1 }]);
  });
});

describe('the schedule', () => {
  const scheduleOf = (prompt: string, stepsBefore = 0) =>
    promptSchedule(prompt, { steps: 10, stepsBefore }).map(({ untilStep, text }) => [untilStep, text]);
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
    // What its parser makes of brackets without a partner inside of others (modules/prompt_parser.py at 1.10.1, lark 1.3.1).
    ['[a cat) dog:0.5]', [[10, '[a cat) dog:0.5]']]],
    ['[cat:((a dog, x[, red)):3]', [[10, '[cat:((a dog, x[, red)):3]']]],
    ['[[a] b:(c:3]', [[10, '[[a] b:(c:3]']]],
    [
      '(x [a (red:dog:3] [b:3]',
      [
        [3, '(x [a (red:dog:3] '],
        [10, '(x [a (red:dog:3] b'],
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
  ])('of “%s” is as documented', (prompt, expected) => {
    expect(scheduleOf(prompt)).toEqual(expected);
  });

  // "a [b:.5] c" and "a [b:1.5] c" are its examples for ten steps after ten; the others follow from its rule.
  test.each<[string, number, unknown[]]>([
    ['a [b:.5] c', 10, [[10, 'a b c']]],
    [
      'a [b:1.5] c',
      10,
      [
        [5, 'a  c'],
        [10, 'a b c'],
      ],
    ],
    ['a [b:1.0]', 10, [[10, 'a b']]],
    ['a [b:2.0]', 10, [[10, 'a ']]],
    ['[a:b:7]', 20, [[10, 'b']]],
    ['[a:b:20]', 20, [[10, 'b']]],
    [
      '[a:b:23]',
      20,
      [
        [3, 'a'],
        [10, 'b'],
      ],
    ],
    ['[a:b:31]', 20, [[10, 'a']]],
    [
      '[[a:b:0.5]:c:1.25]',
      20,
      [
        [2, 'b'],
        [10, 'c'],
      ],
    ],
    ['[a|b]', 7, turns('a', 'b')],
  ])('of “%s” in a second pass, after %d steps, goes on where the first one ended', (prompt, stepsBefore, expected) => {
    expect(scheduleOf(prompt, stepsBefore)).toEqual(expected);
  });

  test('of two passes is that of one long pass, where whole numbers say when', () => {
    const whole = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }));
    const steps = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }));
    const textOf = (prompt: string, step: number, steps: number, stepsBefore: number) =>
      promptSchedule(prompt, { steps, stepsBefore }).find(({ untilStep }) => step <= untilStep)?.text;
    fc.assert(
      fc.property(whole, steps, ([outer, inner], [first, second]) => {
        const prompt = `x [a:[b:c:${inner}]:${outer}] y`;
        for (let step = 1; step <= first + second; step++) {
          const ofPass =
            step <= first ? textOf(prompt, step, first, 0) : textOf(prompt, step - first, second, first);
          expect(ofPass).toBe(textOf(prompt, step, first + second, 0));
        }
      }),
    );
  });

  test('covers every step, in order, for any text; text without square brackets is unchanged', () => {
    const pass = { steps: fc.integer({ min: 1, max: 30 }), stepsBefore: fc.integer({ min: 0, max: 30 }) };
    fc.assert(
      fc.property(messy, fc.record(pass), (prompt, { steps, stepsBefore }) => {
        const ends = promptSchedule(prompt, { steps, stepsBefore }).map(({ untilStep }) => untilStep);
        expect(ends.at(-1)).toBe(steps);
        expect(ends.every((end, i) => end >= 1 && (i === 0 || end > (ends[i - 1] as number)))).toBe(true);
        if (!prompt.includes('['))
          expect(promptSchedule(prompt, { steps, stepsBefore })).toEqual([
            { untilStep: steps, text: prompt },
          ]);
      }),
    );
  });

  test('of ten thousand brackets is found at once', () => {
    for (const text of [
      '['.repeat(10_000),
      '[a:'.repeat(3000) + ':0.5]'.repeat(2000),
      '(['.repeat(4000) + '])'.repeat(4000),
    ])
      expect(promptSchedule(text, { steps: 20, stepsBefore: 0 }).length).toBeGreaterThan(0);
  });
});
