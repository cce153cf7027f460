import { expect, test } from 'vitest';
import { complete, type Suggestion } from './completions.ts';

const lora = (name: string): Suggestion => ({ kind: 'lora', name, text: `<lora:${name}:1>` });
const plain = (kind: Suggestion['kind'], name: string, ...others: string[]): Suggestion => ({
  ...{ kind, name, text: name, others },
});
const ALL = [
  ...[lora('film grain'), lora('pixel_art'), plain('embedding', 'easynegative')],
  { kind: 'trigger', name: 'pxl style', text: 'pxl style', of: 'pixel_art' } as const,
  ...[plain('thing', 'red apple', 'roter Apfel'), plain('thing', 'fire engine', 'Feuerwehrauto')],
  { kind: 'wildcard', name: 'animals', text: '__animals__' } as const,
];
const WHOLE = new Set(['red', 'on', 'fire']);

/** The text with the first suggestion taken; `|` is the cursor. */
function take(marked: string): string | null {
  const cursor = marked.indexOf('|');
  const text = marked.replace('|', '');
  const completion = complete(text, cursor, ALL, WHOLE);
  if (!completion) return null;
  return text.slice(0, completion.from) + completion.found[0]?.text + text.slice(completion.to);
}

test.each([
  ['a cat <|', 'a cat <lora:film grain:1>'],
  ['a cat <lo|', 'a cat <lora:film grain:1>'],
  ['a cat <lora:pi|', 'a cat <lora:pixel_art:1>'],
  ['a cat <pix|', 'a cat <lora:pixel_art:1>'],
  ['a cat <lora:gr|:0.8>, b', 'a cat <lora:film grain:0.8>, b'],
  ['a cat <lora:pi|>', 'a cat <lora:pixel_art:1>'],
  ['<hypernet:fi|', null],
  ['a cat <lora:film grain:1>|', null],
  ['an __ani|', 'an __animals__'],
  ['an __|', 'an __animals__'],
  ['an __ani|__', 'an __animals__'],
  ['an __animals__|', null],
  ['a pxl|', 'a pxl style'],
  ['(pxl|:1.2)', '(pxl style:1.2)'],
  ['ea|', 'easynegative'],
  ['easynegative|', null],
  ['a red app|', 'a red apple'],
  ['a r|', null],
  ['a red|', null],
  ['a red |', null],
  ['a red a|', 'a red apple'],
  ['fire|', null],
  ['ein roter Ap|', 'ein red apple'],
  ['Feu|', 'fire engine'],
  ['a red ap|ple', null],
  ['art|', '<lora:pixel_art:1>'],
  ['red, app|', 'red, red apple'],
  ['{cat|', null],
] as const)('%s becomes %s', (before, after) => {
  expect(take(before)).toBe(after);
});

test('no more are found than can be looked over, those that begin so first, the shortest first', () => {
  const many = Array.from({ length: 30 }, (_, i) => plain('thing', `${'very '.repeat(30 - i)}tall tower`));
  const found = complete('ta', 2, [...many, plain('thing', 'tall tree')], new Set())?.found ?? [];
  expect(found).toHaveLength(8);
  expect(found.map(({ name }) => name).slice(0, 2)).toEqual(['tall tree', 'very tall tower']);
});
