import fc from 'fast-check';
import { expect, test } from 'vitest';
import { weigh } from './weigh.ts';

/** `|` is the cursor, or begins and ends what is selected. */
function press(marked: string, ...directions: (1 | -1)[]): string | null {
  const start = marked.indexOf('|');
  const text = marked.replaceAll('|', '');
  let selected = { text, start, end: Math.max(start, marked.lastIndexOf('|') - 1) };
  for (const direction of directions) {
    const change = weigh(selected, direction);
    if (!change) return null;
    expect(text.length >= 0 && selected.text.slice(0, change.from)).toBe(
      change.selected.text.slice(0, change.from),
    );
    selected = change.selected;
  }
  return `${selected.text.slice(0, selected.start)}|${selected.text.slice(selected.start, selected.end)}|${selected.text.slice(selected.end)}`;
}

test.each([
  ['a |red| apple', [1], 'a (|red|:1.1) apple'],
  ['a re|d apple', [1], 'a (|red|:1.1) apple'],
  ['a |red |apple', [-1], 'a (|red|:0.9) apple'],
  ['a re|d apple', [1, 1, 1], 'a (|red|:1.3) apple'],
  ['a re|d apple', [1, -1], 'a |red| apple'],
  ['a re|d apple', [-1, -1, 1, 1], 'a |red| apple'],
  ['a (re|d) apple', [1], 'a (|red|:1.2) apple'],
  ['a (red apple:1.25)|', [1], 'a (|red apple|:1.35)'],
  ['|(red) apple', [-1], '|red| apple'],
  ['a cat <lora:film:1>|', [1], 'a cat <|lora:film|:1.05>'],
  ['a cat |<lora:film:1>', [-1], 'a cat <|lora:film|:0.95>'],
  ['((cat) and a (dog))|', [1], '(|(cat) and a (dog)|:1.2)'],
  ['((cat)| and a dog)', [1], '(|(cat) and a dog|:1.2)'],
  ['(cat)s|', [1], '(cat)(|s|:1.1)'],
  [String.raw`a \(red\)|`, [1], null],
  ['a cat)|', [1], null],
  ['()|', [1], null],
  ['a (red ap|ple:1.25)', [1], 'a (|red apple|:1.35)'],
  ['(a (cat|:1.2) and a dog:0.8)', [-1], '(a (|cat|:1.1) and a dog:0.8)'],
  ['a cat <lora:fi|lm grain:0.8>', [1], 'a cat <|lora:film grain|:0.85>'],
  ['a cat <lora:film:0.|05>', [-1, -1], 'a cat <|lora:film|:-0.05>'],
  [String.raw`a \(red| car\)`, [1], String.raw`a \((|red|:1.1) car\)`],
  ['|', [1], null],
  ['a cat, | a dog', [1], null],
] as const)('%s, pressed %j, is %s', (before, directions, after) => {
  expect(press(before, ...directions)).toBe(after);
});

test('as many presses back as forth leave the text as it was, whatever is selected', () => {
  const words = fc.array(fc.constantFrom('cat', 'red dog', ' ', ', ', 'owl'), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(words, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 5 }), (all, a, b, times) => {
      const text = all.join('');
      const [start = 0, end = 0] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y);
      let selected = { text, start, end };
      for (const direction of [...Array(times).fill(1), ...Array(times).fill(-1)] as (1 | -1)[])
        selected = weigh(selected, direction)?.selected ?? selected;
      expect(selected.text).toBe(text);
    }),
  );
});
