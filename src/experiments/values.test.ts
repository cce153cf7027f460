import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_VALUES, parseNumbers, parseSizes, parseTerms } from './values.ts';

const GUIDANCE = { min: 0, max: 30, whole: false };
const STEPS = { min: 1, max: 150, whole: true };

// The ranges of AUTOMATIC1111's own documentation (wiki, Features, X/Y/Z plot), and what it says they mean.
test.each([
  ['1-5', [1, 2, 3, 4, 5]],
  ['1-5 (+2)', [1, 3, 5]],
  ['10-5 (-3)', [10, 7]],
  ['1-10 [5]', [1, 3, 6, 8, 10]],
])('the range %s of whole numbers is read', (text, values) => {
  expect(parseNumbers(text, STEPS).values).toEqual(values);
});

test.each([
  ['1, 3,5', [1, 3, 5]],
  ['1-3 (+0.5)', [1, 1.5, 2, 2.5, 3]],
  ['0.0-1.0 [6]', [0, 0.2, 0.4, 0.6, 0.8, 1]],
  ['0-0.3 (+0.1)', [0, 0.1, 0.2, 0.3]],
  ['.25', [0.25]],
  ['3 – 1', [3, 2, 1]],
  ['5-8[1]', [5]],
  ['7.5, 1, 7.5,', [7.5, 1]],
  ['0', [0]],
])('the numbers %s are read', (text, values) => {
  expect(parseNumbers(text, GUIDANCE).values).toEqual(values);
});

test.each([
  ['', STEPS, { kind: 'no-numbers' }],
  [' , ', STEPS, { kind: 'no-numbers' }],
  ['many', STEPS, { kind: 'no-number', item: 'many' }],
  ['1-', STEPS, { kind: 'no-number', item: '1-' }],
  ['1e2', STEPS, { kind: 'no-number', item: '1e2' }],
  ['1.5', STEPS, { kind: 'not-whole', value: 1.5 }],
  ['1-2 (+0.5)', STEPS, { kind: 'not-whole', value: 1.5 }],
  ['0-3', STEPS, { kind: 'out-of-range', min: 1, max: 150, value: 0 }],
  ['31', GUIDANCE, { kind: 'out-of-range', min: 0, max: 30, value: 31 }],
  ['1-5 (-1)', GUIDANCE, { kind: 'wrong-way', item: '1-5 (-1)' }],
  ['1-5 (+0)', GUIDANCE, { kind: 'endless', item: '1-5 (+0)' }],
  ['1-5 [0]', GUIDANCE, { kind: 'no-count' }],
  ['1-5 [2.5]', GUIDANCE, { kind: 'no-count' }],
  ['0-30 (+0.000001)', GUIDANCE, { kind: 'too-many-values', most: MAX_VALUES }],
  ['0-9999999999', { ...STEPS, max: 1e10 }, { kind: 'too-many-values', most: MAX_VALUES }],
] as const)('%j is refused', (text, limits, fault) => {
  expect(parseNumbers(text, limits)).toEqual({ values: null, fault });
});

describe('for any text', () => {
  const texts = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc
      .array(fc.constantFrom('1', '9', '0.5', '-', '(+', ')', '[', ']', ',', ' ', '–'), { maxLength: 12 })
      .map((parts) => parts.join('')),
  );
  test('the numbers read are within their limits and not too many, or there is a reason', () => {
    fc.assert(
      fc.property(texts, fc.constantFrom(GUIDANCE, STEPS), (text, limits) => {
        const { values, fault } = parseNumbers(text, limits);
        if (values === null) {
          expect(fault?.kind).toEqual(expect.any(String));
          return;
        }
        expect(values.length).toBeGreaterThan(0);
        expect(values.length).toBeLessThanOrEqual(MAX_VALUES);
        expect(new Set(values).size).toBe(values.length);
        for (const value of values) {
          expect(value).toBeGreaterThanOrEqual(limits.min);
          expect(value).toBeLessThanOrEqual(limits.max);
          if (limits.whole) expect(Number.isInteger(value)).toBe(true);
        }
      }),
    );
  });
});

test('a list of numbers is read as it was written', () => {
  const lists = fc.uniqueArray(
    fc.integer({ min: 0, max: 3000 }).map((n) => n / 100),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(lists, (list) => {
      expect(parseNumbers(list.join(', '), GUIDANCE).values).toEqual(list);
    }),
  );
});

test.each([
  ['cat, dog,horse', ['cat', 'dog', 'horse']],
  ['a cat, "a dog, wet", "says ""hi"""', ['a cat', 'a dog, wet', 'says "hi"']],
  ['(cat:1.2), ""', ['(cat:1.2)', '']],
  ['cat,', ['cat']],
  ['cat, , dog', ['cat', '', 'dog']],
])('the terms %s are read', (text, terms) => {
  expect(parseTerms(text).values).toEqual(terms);
});

test.each([
  ['', 'no-terms'],
  [', dog', 'no-terms'],
  ['"cat, dog', 'open-quote'],
])('the terms %j are refused', (text, kind) => {
  expect(parseTerms(text)).toEqual({ values: null, fault: { kind } });
});

test('quoted terms are read whatever they hold', () => {
  const quoted = (term: string) => `"${term.replaceAll('"', '""')}"`;
  const lists = fc.uniqueArray(fc.string({ maxLength: 12 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(lists, (list) => {
      fc.pre(list[0] !== '');
      expect(parseTerms(list.map(quoted).join(', ')).values).toEqual(list);
    }),
  );
});

test('sizes are read within their limits and in steps of 8', () => {
  const limits = { min: 64, max: 1024, step: 8 };
  expect(parseSizes('512x768, 768 × 512, 512X768', limits).values).toEqual(['512x768', '768x512']);
  expect(parseSizes('512', limits).fault).toEqual({ kind: 'no-size', item: '512' });
  expect(parseSizes('500x512', limits).fault).toMatchObject({ kind: 'size-out-of-range', item: '500x512' });
  expect(parseSizes('64x2048', limits).fault).toEqual({
    kind: 'size-out-of-range',
    min: 64,
    max: 1024,
    item: '64x2048',
  });
});
