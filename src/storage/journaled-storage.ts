import * as v from 'valibot';
import { answered } from '../protocol/answered.ts';
import { ownName } from '../protocol/root.ts';
import { Count, type Noted, type SettingsJournal } from './settings-journal.ts';
import type { LocalStorage } from './settings-storage.ts';

/** Milliseconds that the page waits for the journal before it opens without it. */
export const JOURNAL_MS = 1000;
/** Where localStorage has the count of the last change that is in it. */
export const COUNT = ownName('settings-count');

/**
 * localStorage with a journal: what was set just before the browser was killed, and which localStorage has lost, is put back
 * first. All tabs count together, in localStorage, so what one has noted is never newer than what another has set since.
 * @param storage gives localStorage; it may throw, as what is returned does then
 */
export async function withJournal(
  storage: () => LocalStorage,
  journal: SettingsJournal,
): Promise<() => LocalStorage> {
  let last = 0;
  let isLate = false;
  const reading = journal.read().then((noted) => {
    // Also where localStorage was cleared meanwhile, what is set from now on is newer.
    for (const { count } of noted) last = Math.max(last, count);
    if (!isLate) putBack(storage(), noted);
  });
  // Refused by either: the page goes on with localStorage as it is, which says so itself when it is used.
  await answered('settings', reading, JOURNAL_MS).catch(() => {});
  isLate = true;

  const change = (name: string, value: string | null) => {
    const opened = storage();
    if (value === null) opened.removeItem(name);
    else opened.setItem(name, value);
    last = Math.max(last, countIn(opened)) + 1;
    // After the value, which must not be older than the count says.
    opened.setItem(COUNT, String(last));
    journal.note({ name, count: last, value });
  };
  return () => ({
    getItem: (name) => storage().getItem(name),
    setItem: change,
    removeItem: (name) => change(name, null),
  });
}

function putBack(opened: LocalStorage, noted: readonly Noted[]): void {
  const stored = countIn(opened);
  const lost = noted.filter(({ count }) => count > stored);
  for (const { name, value } of lost)
    if (value === null) opened.removeItem(name);
    else opened.setItem(name, value);
  if (lost.length > 0) opened.setItem(COUNT, String(Math.max(...lost.map(({ count }) => count))));
}

/** 0 where there is none, or where it is damaged. */
function countIn(opened: LocalStorage): number {
  const count = Number(opened.getItem(COUNT));
  return v.is(Count, count) ? count : 0;
}
