import { expect, test } from 'vitest';
import { headingText } from './heading-text.ts';

const day = (year: number, month: number, date: number, isThisYear: boolean) => ({
  ...({ kind: 'day' } as const),
  ...{ day: new Date(year, month - 1, date).getTime(), isThisYear },
});

test.each([
  [{ kind: 'today' }, 'Today', 'Heute'],
  [{ kind: 'yesterday' }, 'Yesterday', 'Gestern'],
  [day(2026, 2, 27, true), 'Friday, February 27', 'Freitag, 27. Februar'],
  [day(2025, 12, 31, false), 'Wednesday, December 31, 2025', 'Mittwoch, 31. Dezember 2025'],
  [{ kind: 'favourites' }, 'Favourites', 'Favoriten'],
  [{ kind: 'unknown-model' }, 'Model not known', 'Modell unbekannt'],
  [{ kind: 'model', label: 'SD-Turbo' }, 'SD-Turbo', 'SD-Turbo'],
] as const)('%o is said in each language', (heading, en, de) => {
  expect(headingText('en', heading)).toBe(en);
  expect(headingText('de', heading)).toBe(de);
});
