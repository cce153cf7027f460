import { expect, test } from 'vitest';
import { type Axes, type AxisKind, countCells } from '../../experiments/axes.ts';
import { requestWith } from '../../protocol/samples/sample-request.ts';
import { readDraft } from '../../state/jobs/axis-draft.ts';
import {
  axesFaultText,
  axesTitle,
  cellLabel,
  commonText,
  draftFaultText,
  understoodText,
} from './axis-text.ts';
import { de } from './de.ts';
import { en } from './en.ts';

test('a cell is labelled by its values, an experiment by its axes', () => {
  const axes: Axes = [
    { kind: 'guidanceScale', values: [1, 7.5, 20] },
    { kind: 'seed', values: [3, 4] },
  ];
  const labels = Array.from({ length: countCells(axes) }, (_, cell) => cellLabel(en, axes, cell));
  expect(labels[1]).toBe('Guidance scale 7.5, Seed 3');
  expect(labels[3]).toBe('Guidance scale 1, Seed 4');
  expect(new Set(labels).size).toBe(6);
  expect(cellLabel(en, [{ kind: 'prompt', values: ['cat', ''] }], 1)).toBe('(nothing)');
  expect(cellLabel(en, [{ kind: 'size', values: ['512x768'] }], 0)).toBe('512 × 768');
  expect(cellLabel(en, [{ kind: 'scheduler', values: ['dpmpp-2m-karras'] }], 0)).toBe('DPM++ 2M Karras');
  expect(axesTitle(en, axes)).toBe('Guidance scale × Seed');
  expect(axesTitle(de, [{ kind: 'prompt', values: ['cat'] }])).toBe('Wörter des Prompts');
});

test('the strength of what steers has words of its own', () => {
  const axes: Axes = [{ kind: 'controlScale', values: [0, 0.5] }];
  expect(cellLabel(en, axes, 1)).toBe('Strength of the control layers 0.5');
  expect(cellLabel(de, axes, 1)).toBe('Stärke der Kontrollebenen 0,5');
  expect(understoodText(en, 'controlScale', [0, 0.5])).toBe('2 values: 0 · 0.5');
  const empty = { kind: 'picturePromptScale', text: '' } as const;
  expect(draftFaultText(en, empty, { kind: 'no-numbers' })).toMatch(
    /^Strength of the picture prompts: a number from 0 to 2\./,
  );
  expect(axesFaultText(en, { kind: 'no-layers' })).toBe('Control strength needs a control layer.');
});

test('what an experiment does not change is told in a line', () => {
  const base = requestWith({ guidanceScale: 2.5, seed: 3 });
  const { width, height, numInferenceSteps: steps } = base;
  const axes: Axes = [{ kind: 'scheduler', values: ['euler'] }];
  expect(commonText(en, { base, axes })).toBe(
    `Trinket · ${width} × ${height} · ${steps} steps · guidance 2.5 · seed 3`,
  );
  const both: Axes = [
    { kind: 'seed', values: [1] },
    { kind: 'model', values: ['trinket'] },
  ];
  expect(commonText(de, { base, axes: both })).toMatch(/^\d+ × \d+ · \d+ Schritte? · Guidance 2,5 · [^·]+$/);
});

test('the values of an axis are listed as they were understood', () => {
  expect(understoodText(en, 'guidanceScale', [1, 2.5])).toBe('2 values: 1 · 2.5');
  expect(understoodText(de, 'guidanceScale', [1, 2.5])).toBe('2 Werte: 1 · 2,5');
  expect(understoodText(en, 'prompt', ['cat', ''])).toBe('2 values: cat / (nothing)');
  expect(understoodText(en, 'prompt', ['cat'])).toMatch(/^Find “cat”: type the words/);
  const many = Array.from({ length: 31 }, (_, i) => i);
  expect(understoodText(en, 'seed', many)).toMatch(/^31 values: 0 · 1 · .* 29 · …$/);
});

const draftFault = (kind: AxisKind, text: string) => {
  const { fault } = readDraft({ kind, text, chosen: [] });
  return fault && draftFaultText(en, { kind, text }, fault);
};

test.each([
  [
    'numInferenceSteps',
    '',
    'Steps: a whole number from 1 to 1000. 1, 3, 5 · 1-9 · 1-9 (+2) · 0-1 [5] for five values.',
  ],
  ['guidanceScale', ' ', /^Guidance scale: a number from 0 to 100\./],
  ['prompt', '', 'Type the words to find, then the replacements, separated by commas.'],
  ['size', '', 'Sizes such as 512x512, 512x768.'],
  ['model', '', 'Tick at least one.'],
  ['numInferenceSteps', ',', 'Type at least one value: 1, 3, 5 or 1-9.'],
  ['size', ',', 'Type at least one size: 512x512, 512x768.'],
  ['prompt', ', dog', 'Type the words to find first, then the replacements.'],
  ['prompt', '"cat', 'A quotation mark is missing.'],
  ['numInferenceSteps', 'many', '“many” is not a number or a range such as 1-9, 1-9 (+2) or 0-1 [5].'],
  ['size', '512', '“512” is not a size such as 512x768.'],
  ['numInferenceSteps', '1-5 (+0)', '“1-5 (+0)” never ends: its step is 0.'],
  ['numInferenceSteps', '1-5 (-1)', '“1-5 (-1)” counts in the wrong direction.'],
  ['numInferenceSteps', '1-5 [0]', 'Put the number of values between [ ]: a whole number.'],
  ['numInferenceSteps', '1.5', 'Steps takes whole numbers, not 1.5.'],
  ['guidanceScale', '101', 'Guidance scale must be from 0 to 100, not 101.'],
  ['size', '64x2056', 'Sides must be from 64 to 2048 in steps of 8, not 64x2056.'],
  ['guidanceScale', '0-30 (+0.1)', 'One axis can have at most 100 values.'],
] as const)('%s of %j cannot be read, and the text says why', (kind, text, sentence) => {
  if (typeof sentence === 'string') expect(draftFault(kind, text)).toBe(sentence);
  else expect(draftFault(kind, text)).toMatch(sentence);
});

test('axes that cannot be tried say why', () => {
  expect(axesFaultText(en, { kind: 'same-twice', axis: 'guidanceScale' })).toBe(
    'Columns and rows both change Guidance scale.',
  );
  expect(axesFaultText(en, { kind: 'nothing-to-replace', term: 'dog' })).toMatch(
    /^Neither prompt contains “dog”/,
  );
  expect(axesFaultText(en, { kind: 'no-picture' })).toMatch(/needs a picture/);
  expect(axesFaultText(en, { kind: 'too-many-pictures', count: 441, most: 400 })).toBe(
    'An experiment can have at most 400 pictures, not 441.',
  );
});
