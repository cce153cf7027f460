import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asPainted, calledWildcards, wildcardNames } from '../protocol/wildcards.ts';
import { parseEmphasis } from './emphasis.ts';
import { takeLoraTags } from './lora-tags.ts';
import { promptSchedule } from './schedule.ts';
import { choose, paintedTexts } from './templates.ts';

const LISTS = {
  animals: ['cat', 'dog', '__birds__'],
  birds: ['{white|black} swan', 'owl'],
  'clothes/hats 2': ['top hat'],
  ring: ['__ring__ and __ring__'],
  none: [],
};
/** Always the first, or always the last. */
const first = () => 0;
const last = () => 0.999;

describe('of alternatives one is chosen', () => {
  test.each([
    ['a {red|blue} cat', 'a red cat', 'a blue cat'],
    ['{a|{b|c}} {d|e}', 'a d', 'c e'],
    ['a {|very }big cat', 'a big cat', 'a very big cat'],
    ['an __animals__', 'an cat', 'an owl'],
    ['__clothes/hats 2__, __Animals__', 'top hat, cat', 'top hat, owl'],
    ['{[a|b}', '[a', 'b'],
    ['{__animals__|x} y', 'cat y', 'x y'],
    ['<lora:{film|pixel}:0.5> x', '<lora:film:0.5> x', '<lora:pixel:0.5> x'],
    // What these signs mean already stays.
    ['{[a|b]|c} d', '[a|b] d', 'c d'],
    ['[{red|blue}|green] x', '[red|green] x', '[blue|green] x'],
    ['[{cat|dog}:owl:0.5]', '[cat:owl:0.5]', '[dog:owl:0.5]'],
    ['({red|blue}:1.2)', '(red:1.2)', '(blue:1.2)'],
  ])('%s', (template, one, other) => {
    expect(choose(template, LISTS, first)).toBe(one);
    expect(choose(template, LISTS, last)).toBe(other);
  });

  test.each([
    'a [red|blue] cat, [cat:dog:0.5], (a|b)',
    // The documentation of A1111's prompt editing.
    'a [{b|d{:.5] c',
    ...['{a}', '{}', '{a|b', 'a|b}'],
    ...[String.raw`\{a|b\}`, String.raw`{a\|b`, String.raw`\__animals__`],
    ...['__unknown__', '__none__', '__ animals__', '__', '____', '_animals_', '__constructor__'],
  ])('%s is text', (text) => {
    expect(choose(text, LISTS, first)).toBe(text);
  });

  test('lists that call themselves come to an end', () => {
    expect(choose('__ring__', LISTS, first).length).toBeLessThan(100_000);
  });

  test('each one as often as the others', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 3000; seed++) {
      const { prompt } = paintedTexts({ ...REQUEST, prompt: '{a|b|c}' }, seed);
      counts.set(prompt, (counts.get(prompt) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(['a', 'b', 'c']);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});

const REQUEST = { prompt: '', negativePrompt: '', wildcards: LISTS, template: null };

test('the seed chooses, as torch’s numbers have it, and the negative prompt goes on where the prompt has ended', () => {
  // torch 2.15.0: g = torch.Generator().manual_seed(seed); [int(torch.rand(1, generator=g) * 4) for _ in range(3)]
  const drawn: Record<number, string> = { 0: '130', 1: '311', 2: '212', 42: '331', 4294967295: '322' };
  for (const [seed, digits] of Object.entries(drawn)) {
    const request = { ...REQUEST, prompt: '{0|1|2|3}{0|1|2|3}', negativePrompt: '{0|1|2|3}' };
    const { prompt, negativePrompt, template } = paintedTexts(request, Number(seed));
    expect(prompt + negativePrompt).toBe(digits);
    expect(template).toEqual({ prompt: request.prompt, negativePrompt: '{0|1|2|3}', styles: [] });
  }
  expect(paintedTexts({ ...REQUEST, prompt: 'a cat' }, 1).template).toBeNull();
});

const messy = fc
  .array(
    fc.constantFrom(
      ...['{', '}', '|', '[', ']', '(', ')', '\\', '__', '_', 'animals', 'cat', ' ', ':0.5', '<lora:a:1>'],
    ),
  )
  .map((parts) => parts.join(''));

test('what is chosen has no choice left: painted again it is the same', () => {
  fc.assert(
    fc.property(messy, fc.nat(), (template, seed) => {
      const { prompt } = paintedTexts({ ...REQUEST, prompt: template }, seed);
      // Names and braces that only the choice has put together are escaped where a picture is restored.
      const again = asPainted(prompt, LISTS);
      expect(paintedTexts({ ...REQUEST, prompt: again }, seed + 1).prompt).toBe(again);
    }),
    { numRuns: 2000 },
  );
});

test('a picture’s text with braces is painted as they stand, when it is restored', () => {
  const text = 'a {cat|dog}, __animals__, __unknown__';
  const escaped = asPainted(text, LISTS);
  expect(choose(escaped, LISTS, last)).toBe(escaped);
  expect(parseEmphasis(escaped)).toEqual([{ text, weight: 1 }]);
  expect(asPainted('a red cat, [a|b], {x}', LISTS)).toBe('a red cat, [a|b], {x}');
});

test('a text without alternatives and wildcards is as before for the rest of the grammar', () => {
  const text = '(a:1.2) [b|c] [d:e:0.5] <lora:f:0.5> BREAK {g} \\(h\\)';
  const chosen = choose(text, LISTS, last);
  expect(chosen).toBe(text);
  expect(takeLoraTags(chosen).loras).toHaveLength(1);
  expect(promptSchedule(chosen, { steps: 4, stepsBefore: 0 })).toHaveLength(4);
});

test('a request takes along the lists that it calls, and those that they call', () => {
  expect(wildcardNames('__a__ and __b c__, __a__, \\__d__')).toEqual(['a', 'b c']);
  expect(Object.keys(calledWildcards(LISTS, ['an __animals__', '__unknown__'])).sort()).toEqual([
    'animals',
    'birds',
  ]);
  expect(Object.keys(calledWildcards(LISTS, ['__ring__']))).toEqual(['ring']);
});
