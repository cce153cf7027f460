import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_VALUES, parseNumbers, parseSizes, parseTerms } from './values.ts';

const GUIDANCE = { label: 'Guidance scale', min: 0, max: 30, whole: false };
const STEPS = { label: 'Steps', min: 1, max: 150, whole: true };

// The ranges of AUTOMATIC1111's own documentation (wiki, Features, X/Y/Z plot), and what it says they mean.
test.each([
  ['1-5', [1, 2, 3, 4, 5]],
  ['1-5 (+2)', [1, 3, 5]],
  ['10-5 (-3)', [10, 7]],
  ['1-10 [5]', [1, 3, 6, 8, 10]],
])('%s of whole numbers', (text, values) => {
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
])('%s', (text, values) => {
  expect(parseNumbers(text, GUIDANCE).values).toEqual(values);
});

test.each([
  ['', STEPS, /Type one value/],
  [' , ', STEPS, /Type one value/],
  ['many', STEPS, /“many” is no number and no range/],
  ['1-', STEPS, /“1-” is no number/],
  ['1e2', STEPS, /“1e2” is no number/],
  ['1.5', STEPS, /whole numbers, not 1.5/],
  ['1-2 (+0.5)', STEPS, /whole numbers, not 1.5/],
  ['0-3', STEPS, /Steps goes from 1 to 150, not to 0/],
  ['31', GUIDANCE, /from 0 to 30, not to 31/],
  ['1-5 (-1)', GUIDANCE, /wrong way/],
  ['1-5 (+0)', GUIDANCE, /never arrives/],
  ['1-5 [0]', GUIDANCE, /how many values/],
  ['1-5 [2.5]', GUIDANCE, /how many values/],
  ['0-30 (+0.000001)', GUIDANCE, /too many/],
  ['0-9999999999', { ...STEPS, max: 1e10 }, /too many/],
])('%j is refused', (text, limits, reason) => {
  expect(parseNumbers(text, limits).fault).toMatch(reason);
});

describe('for any text', () => {
  const texts = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc
      .array(fc.constantFrom('1', '9', '0.5', '-', '(+', ')', '[', ']', ',', ' ', '–'), { maxLength: 12 })
      .map((parts) => parts.join('')),
  );
  test('numbers are within their limits and not too many, or there is a reason', () => {
    fc.assert(
      fc.property(texts, fc.constantFrom(GUIDANCE, STEPS), (text, limits) => {
        const { values, fault } = parseNumbers(text, limits);
        if (values === null) {
          expect(fault).toMatch(/\.$/);
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

test('a list of numbers comes back as it was written', () => {
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
])('terms %s', (text, terms) => {
  expect(parseTerms(text).values).toEqual(terms);
});

test.each([
  ['', /First the words/],
  [', dog', /First the words/],
  ['"cat, dog', /quotation mark/],
])('terms %j are refused', (text, reason) => {
  expect(parseTerms(text).fault).toMatch(reason);
});

test('quoted terms come back whatever they hold', () => {
  const quoted = (term: string) => `"${term.replaceAll('"', '""')}"`;
  const lists = fc.uniqueArray(fc.string({ maxLength: 12 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(lists, (list) => {
      fc.pre(list[0] !== '');
      expect(parseTerms(list.map(quoted).join(', ')).values).toEqual(list);
    }),
  );
});

test('sizes', () => {
  const limits = { min: 64, max: 1024 };
  expect(parseSizes('512x768, 768 × 512, 512X768', limits).values).toEqual(['512x768', '768x512']);
  expect(parseSizes('512', limits).fault).toMatch(/no size/);
  expect(parseSizes('500x512', limits).fault).toMatch(/steps of 8/);
  expect(parseSizes('64x2048', limits).fault).toMatch(/from 64 to 1024/);
});
