import { modelLabel } from '../../catalog/models.ts';
import type { PictureRow } from '../../storage/picture-row.ts';

/** How pictures can be sorted. */
export const SORTS = ['newest', 'oldest', 'favourites', 'model', 'prompt'] as const;
export type Sort = (typeof SORTS)[number];

/** What stands over pictures: the day they were made, or what they are sorted by. */
export type Heading =
  | { readonly kind: 'today' | 'yesterday' }
  /** The milliseconds since 1970 of a day's beginning. */
  | { readonly kind: 'day'; readonly day: number; readonly isThisYear: boolean }
  | { readonly kind: 'favourites' | 'others' | 'unknown-model' }
  | { readonly kind: 'model'; readonly label: string };

/** Pictures that are shown under one heading; null where there is none. */
export interface PictureGroup {
  readonly heading: Heading | null;
  /** One picture each, or those of an experiment, in a stack. None is empty. */
  readonly stacks: readonly (readonly PictureRow[])[];
}

/**
 * The pictures as the gallery shows them.
 * @param rows the newest first
 * @param isStacked whether the pictures of an experiment are one stack, where the first of them would be
 * @param now milliseconds since 1970
 */
export function arrange(
  rows: readonly PictureRow[],
  sort: Sort,
  isStacked: boolean,
  now = Date.now(),
): PictureGroup[] {
  const groups: { heading: Heading | null; key: string; stacks: PictureRow[][] }[] = [];
  const byExperiment = new Map<string, PictureRow[]>();
  for (const row of sorted(rows, sort)) {
    const { experiment } = row;
    const known = isStacked && experiment !== null && byExperiment.get(experiment);
    if (known) {
      known.push(row);
      continue;
    }
    const stack = [row];
    if (experiment !== null) byExperiment.set(experiment, stack);
    const heading = headingOf(row, sort, now);
    const key = JSON.stringify(heading);
    const last = groups.at(-1);
    if (last?.key === key) last.stacks.push(stack);
    else groups.push({ heading, key, stacks: [stack] });
  }
  return groups.map(({ heading, stacks }) => ({ heading, stacks }));
}

function sorted(rows: readonly PictureRow[], sort: Sort): readonly PictureRow[] {
  switch (sort) {
    case 'newest':
      return rows;
    case 'oldest':
      return rows.toReversed();
    case 'favourites':
      return rows.toSorted((a, b) => Number(b.isFavourite) - Number(a.isFavourite));
    case 'model':
      return byText(rows, modelOf);
    case 'prompt':
      return byText(rows, ({ settings }) => settings?.settings.prompt?.trim() ?? '');
  }
}

/** In the order of the alphabet, numbers by their size; those without a text are last. The newest of the same text come first. */
function byText(rows: readonly PictureRow[], textOf: (row: PictureRow) => string): readonly PictureRow[] {
  const { compare } = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
  const texts = new Map(rows.map((row) => [row, textOf(row)]));
  const of = (row: PictureRow) => texts.get(row) ?? '';
  return rows.toSorted((a, b) => Number(of(a) === '') - Number(of(b) === '') || compare(of(a), of(b)));
}

const modelOf = ({ settings }: PictureRow): string => {
  const id = settings?.settings.model;
  return id ? modelLabel(id) : '';
};

function headingOf(row: PictureRow, sort: Sort, now: number): Heading | null {
  switch (sort) {
    case 'newest':
    case 'oldest':
      return dayOf(row.createdAt, now);
    case 'favourites':
      return { kind: row.isFavourite ? 'favourites' : 'others' };
    case 'model': {
      const label = modelOf(row);
      return label === '' ? { kind: 'unknown-model' } : { kind: 'model', label };
    }
    case 'prompt':
      return null;
  }
}

/** The day of a moment, as the clock on the wall has it. */
function dayOf(moment: number, now: number): Heading {
  const beginning = (date: Date) => date.setHours(0, 0, 0, 0);
  const day = beginning(new Date(moment));
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (day === beginning(new Date(now))) return { kind: 'today' };
  if (day === beginning(yesterday)) return { kind: 'yesterday' };
  return { kind: 'day', day, isThisYear: new Date(day).getFullYear() === new Date(now).getFullYear() };
}
