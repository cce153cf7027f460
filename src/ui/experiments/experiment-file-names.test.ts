import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Axes } from '../../experiments/axes.ts';
import { de } from '../texts/de.ts';
import { en } from '../texts/en.ts';
import { cellFileName, experimentFileName } from './experiment-file-names.ts';

test('file names hold the values, and no two cells have the same one', () => {
  const axes: Axes = [
    { kind: 'guidanceScale', values: [0.25, 7.5] },
    { kind: 'prompt', values: ['cat', '../etc', 'ein Zebra, grün', ''] },
  ];
  const names = Array.from({ length: 8 }, (_, cell) => cellFileName(en, axes, cell, 8));
  expect(names[0]).toBe('1-guidance-scale-0.25-words-of-the-prompt-cat.png');
  expect(names[2]).toBe('3-guidance-scale-0.25-words-of-the-prompt-etc.png');
  expect(names[4]).toBe('5-guidance-scale-0.25-words-of-the-prompt-ein-zebra-grün.png');
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 12 }), (values) => {
      const files = values.map((_, cell) =>
        cellFileName(en, [{ kind: 'prompt', values }], cell, values.length),
      );
      expect(new Set(files).size).toBe(files.length);
      for (const name of files) expect(name).toMatch(/^\d+-[\p{L}\p{M}\p{N}.-]+\.png$/u);
      expect(files.join()).not.toContain('..');
    }),
  );
  expect(experimentFileName(en, axes, 'a red apple')).toBe('guidance-scale-words-of-the-prompt-a-red-apple');
  expect(experimentFileName(en, axes, '…')).toBe('guidance-scale-words-of-the-prompt');
  expect(cellFileName(de, [{ kind: 'size', values: ['64x96'] }], 0, 1)).toBe('1-größe-64-96.png');
  expect(cellFileName(de, axes, 0, 1)).toBe('1-guidance-0.25-wörter-des-prompts-cat.png');
});
