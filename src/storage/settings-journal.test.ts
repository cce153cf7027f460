import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ownName } from '../protocol/root.ts';
import { COUNT, JOURNAL_MS, withJournal } from './journaled-storage.ts';
import {
  journalDatabase,
  type Noted,
  openSettingsJournal,
  type SettingsJournal,
} from './settings-journal.ts';

beforeEach(() => void vi.stubGlobal('indexedDB', new IDBFactory()));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** localStorage, of which a copy is what the disk has. */
class Local {
  readonly kept: Map<string, string>;
  constructor(kept = new Map<string, string>()) {
    this.kept = kept;
  }
  getItem = (name: string) => this.kept.get(name) ?? null;
  setItem = (name: string, value: string) => void this.kept.set(name, value);
  removeItem = (name: string) => void this.kept.delete(name);
  copy = () => new Local(new Map(this.kept));
}

/** A tab that opens. */
const open = async (local: Local, journal: SettingsJournal = openSettingsJournal()) =>
  (await withJournal(() => local, journal))();
const noted = (least: number) =>
  expect
    .poll(async () => Math.max(0, ...(await openSettingsJournal().read()).map(({ count }) => count)))
    .toBe(least);

test('what localStorage has lost is put back: values, removals, names it never had', async () => {
  const before = new Local();
  const page = await open(before);
  page.setItem('form', '"a"');
  page.setItem('language', '"de"');
  page.setItem('hub', '"mirror"');
  const disk = before.copy();
  page.setItem('form', '"a red"');
  page.setItem('form', '"a red apple"');
  page.removeItem('hub');
  page.setItem('memory', '1');
  await noted(7);

  const next = await open(disk);
  expect(['form', 'language', 'hub', 'memory'].map((name) => next.getItem(name))).toEqual([
    '"a red apple"',
    '"de"',
    null,
    '1',
  ]);
  expect(disk.getItem(COUNT)).toBe('7');
});

test('a tab that opens puts back nothing that another has set since', async () => {
  const local = new Local();
  const first = await open(local);
  first.setItem('form', '"old"');
  await noted(1);
  // It is slow to note what is set now.
  const slow: SettingsJournal = { read: async () => [], note: () => {} };
  const second = await open(local, slow);
  second.setItem('form', '"new"');
  expect((await open(local)).getItem('form')).toBe('"new"');
  // Nor does what the first notes then have a count that the second has had.
  first.setItem('language', '"de"');
  await noted(3);
});

test('an older value that a tab notes late does not hide the newer one of another', async () => {
  const [a, b] = [openSettingsJournal(), openSettingsJournal()];
  a.note({ name: 'form', count: 5, value: '"new"' });
  await noted(5);
  b.note({ name: 'form', count: 4, value: '"old"' });
  b.note({ name: 'other', count: 6, value: '1' });
  await noted(6);
  expect((await open(new Local())).getItem('form')).toBe('"new"');
});

test('where localStorage was cleared, under the page too, what was set last is there', async () => {
  const local = new Local();
  const page = await open(local);
  for (const value of ['"a"', '"b"']) page.setItem('form', value);
  await noted(2);
  local.kept.clear();
  expect((await open(local)).getItem('form'), 'the databases still have it').toBe('"b"');
  local.kept.clear();
  page.setItem('form', '"c"');
  await noted(3);
  expect((await open(local.copy())).getItem('form')).toBe('"c"');
  local.kept.clear();
  vi.stubGlobal('indexedDB', new IDBFactory());
  expect((await open(local)).getItem('form'), 'all is cleared').toBeNull();
});

test('the journal has one small entry a name, however much is typed', async () => {
  const page = await open(new Local());
  for (let i = 1; i <= 500; i++) page.setItem('form', String(i));
  await noted(500);
  expect(await journalDatabase().read((db) => db.getAllKeys('values'))).toEqual([['form', 500]]);
});

test('many changes at once are few writes, and the last value wins', async () => {
  const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction');
  const journal = openSettingsJournal();
  for (let i = 1; i <= 100; i++) journal.note({ name: 'form', count: i, value: String(i) });
  await vi.waitUntil(() => transaction.mock.calls.length >= 2);
  await noted(100);
  expect(transaction.mock.calls.filter(([, mode]) => mode === 'readwrite')).toHaveLength(2);
  transaction.mockRestore();
});

test.each<[string, unknown, IDBValidKey]>([
  ['a value that is no text', { form: 1 }, ['form', 3]],
  ['no count', '"x"', ['form']],
  ['a count that is no number', '"x"', ['form', 'many']],
  ['a count of a part', '"x"', ['form', 2.5]],
  ['a count that no changes reach', '"x"', ['form', 1e300]],
  ['a name that is no text', '"x"', [7, 9]],
  ['another key', '"x"', 'form'],
])('an entry with %s is left out', async (_, value, key) => {
  await journalDatabase().change(['values'], function* (change) {
    yield change.objectStore('values').put(value as never, key as never);
    yield change.objectStore('values').put('"whole"', ['form', 1]);
  });
  const local = new Local();
  await open(local);
  expect(Object.fromEntries(local.kept)).toEqual({ form: '"whole"', [COUNT]: '1' });
});

test.each(['', 'many', '-1', '1e300', '{"state"'])('a damaged count (%s) counts as none', async (count) => {
  const page = await open(new Local(new Map([[COUNT, count]])));
  page.setItem('form', '"a"');
  await noted(1);
});

test('the journal carries the deployment’s path', async () => {
  openSettingsJournal().note({ name: 'form', count: 1, value: null });
  await expect
    .poll(async () => (await indexedDB.databases()).map(({ name }) => name))
    .toEqual([ownName('settings')]);
});

test('a journal that answers late is not waited for, and puts nothing back under the page', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  let answer = (_: Noted[]) => {};
  const read = () =>
    new Promise<Noted[]>((resolve) => {
      answer = resolve;
    });
  const note = vi.fn();
  const local = new Local(new Map([['form', '"a"']]));
  const opening = open(local, { read, note });
  await vi.advanceTimersByTimeAsync(JOURNAL_MS);
  const page = await opening;
  answer([{ name: 'form', count: 9, value: '"b"' }]);
  await vi.advanceTimersByTimeAsync(0);
  expect(page.getItem('form')).toBe('"a"');
  page.setItem('form', '"c"');
  expect(note).toHaveBeenCalledWith({ name: 'form', count: 10, value: '"c"' });
});
