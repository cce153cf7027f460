import { expect, test } from 'vitest';
import type { PictureRow } from '../../storage/picture-row.ts';
import { arrange, type Heading, type Sort } from './gallery-order.ts';

const NOW = new Date(2026, 2, 1, 0, 30).getTime();
const at = (year: number, month: number, date: number, hour = 12) =>
  new Date(year, month - 1, date, hour).getTime();

const row = (
  id: string,
  createdAt: number,
  change: Partial<PictureRow> & { prompt?: string; model?: string } = {},
) => {
  const { prompt, model, ...others } = change;
  const settings = { ...(prompt !== undefined && { prompt }), ...(model && { model }) };
  return {
    ...{ id, createdAt, isFavourite: false, experiment: null },
    ...{ settings: { tool: 'Safelight', settings, notes: [] }, ...others },
  } as unknown as PictureRow;
};
const said = (heading: Heading | null) =>
  heading &&
  (heading.kind === 'day'
    ? new Date(heading.day).getDate()
    : 'label' in heading
      ? heading.label
      : heading.kind);
const shown = (rows: readonly PictureRow[], sort: Sort, isStacked = true) =>
  arrange(rows, sort, isStacked, NOW).map(({ heading, stacks }) => [
    said(heading),
    stacks.map((stack) => stack.map(({ id }) => id).join('')).join(' '),
  ]);

test('days are those of the clock on the wall, and the day before the first of March is yesterday', () => {
  const rows = [
    row('a', at(2026, 3, 1, 0)),
    row('b', at(2026, 2, 28, 23)),
    row('c', at(2026, 2, 27, 1)),
    row('d', at(2026, 2, 27, 0)),
    row('e', at(2025, 2, 27)),
  ];
  expect(shown(rows, 'newest')).toEqual([
    ['today', 'a'],
    ['yesterday', 'b'],
    [27, 'c d'],
    [27, 'e'],
  ]);
  expect(shown(rows, 'oldest')).toEqual([
    [27, 'e'],
    [27, 'd c'],
    ['yesterday', 'b'],
    ['today', 'a'],
  ]);
  const years = arrange(rows, 'newest', true, NOW).map(
    ({ heading }) => heading?.kind === 'day' && heading.isThisYear,
  );
  expect(years).toEqual([false, false, true, false]);
});

test('favourites come first, models and prompts in the order of the alphabet, the newest of the same first', () => {
  const rows = [
    row('a', 5, { prompt: 'picture 10', model: 'x/zebra' }),
    row('b', 4, { prompt: 'Picture 9', model: 'x/aardvark', isFavourite: true }),
    row('c', 3, { prompt: 'picture 10', model: 'x/zebra', isFavourite: true }),
    row('d', 2, { settings: null }),
  ];
  expect(shown(rows, 'favourites')).toEqual([
    ['favourites', 'b c'],
    ['others', 'a d'],
  ]);
  expect(shown(rows, 'model').map(([, ids]) => ids)).toEqual(['b', 'a c', 'd']);
  expect(shown(rows, 'model').at(-1)?.[0]).toBe('unknown-model');
  expect(shown(rows, 'prompt')).toEqual([[null, 'b a c d']]);
});

test('the pictures of an experiment are one stack where its first one is, or each by itself', () => {
  const of = { experiment: 'e' };
  const rows = [
    row('a', at(2026, 3, 1, 0), of),
    row('b', at(2026, 2, 28), {}),
    row('c', at(2026, 2, 28), of),
    row('d', at(2026, 2, 27), of),
  ];
  expect(shown(rows, 'newest')).toEqual([
    ['today', 'acd'],
    ['yesterday', 'b'],
  ]);
  expect(shown(rows, 'oldest')).toEqual([
    [27, 'dca'],
    ['yesterday', 'b'],
  ]);
  expect(shown(rows, 'newest', false)).toEqual([
    ['today', 'a'],
    ['yesterday', 'b c'],
    [27, 'd'],
  ]);
});
