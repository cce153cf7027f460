import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { afterEach, expect, test, vi } from 'vitest';
import { Gallery, UNDO_MS } from './gallery.ts';
import { parseRow } from './picture-row.ts';

// What a page reads when it starts must not grow with the gallery.

afterEach(() => vi.restoreAllMocks());

/** A row as 0.2 wrote it. */
const row = (i: number, change: object = {}) => ({
  ...{ id: `row-${i}`, createdAt: i, hash: 'a'.repeat(64), bytes: 1, width: 8, height: 8 },
  ...{
    isFavourite: false,
    seconds: null,
    device: null,
    revision: null,
    image: null,
    mask: null,
    steering: [],
  },
  ...{ settings: { tool: 'Safelight', settings: { prompt: 'a cat', seed: i }, notes: [] }, deletedAt: null },
  ...change,
});

/** A gallery of 0.2, which had no other index than that of hashes. */
async function older(rows: readonly object[], files: Readonly<Record<string, Blob>> = {}): Promise<Gallery> {
  vi.stubGlobal('indexedDB', new IDBFactory());
  const db = await openDB('older', 1, {
    upgrade(fresh) {
      fresh.createObjectStore('rows', { keyPath: 'id' }).createIndex('hash', 'hash');
      fresh.createObjectStore('files');
    },
  });
  const change = db.transaction(['rows', 'files'], 'readwrite');
  for (const one of rows) void change.objectStore('rows').put(one);
  for (const [key, file] of Object.entries(files)) void change.objectStore('files').put(file, key);
  await change.done;
  db.close();
  return new Gallery('older');
}

/** Counts the rows that are read from now on, one by one or many at once. */
function countReads() {
  let read = 0;
  const { get, getAll } = IDBObjectStore.prototype;
  vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementation(function (this: IDBObjectStore, key) {
    if (this.name === 'rows') read++;
    return get.call(this, key);
  });
  vi.spyOn(IDBObjectStore.prototype, 'getAll').mockImplementation(function (this: IDBObjectStore, ...what) {
    const request = getAll.apply(this, what as []);
    request.addEventListener('success', () => {
      read += request.result.length;
    });
    return request;
  });
  return () => read;
}

test('of three thousand pictures of 0.2 the page reads the newest 24 when it starts, and no others', async () => {
  const gallery = await older(Array.from({ length: 3000 }, (_, i) => row(i)));
  const reads = countReads();
  await gallery.purge(5000);
  expect(reads(), 'to see what is long deleted').toBe(0);
  const newest = await gallery.newest(24);
  expect(newest.map(({ createdAt }) => createdAt)).toEqual(Array.from({ length: 24 }, (_, i) => 2999 - i));
  expect(newest[0]).toMatchObject({ tags: [], experiment: null });
  expect(reads()).toBe(24);
});

test('what is deleted, damaged or of unknown settings is passed over, but not for ever', async () => {
  const gallery = await older([
    ...[row(1), row(2, { settings: null }), row(3, { deletedAt: 9 }), row(4, { hash: 5 }), row(5)],
    ...[{ id: 'no row', createdAt: 'today' }],
  ]);
  expect((await gallery.newest(2)).map(({ id }) => id)).toEqual(['row-5', 'row-1']);
  const imported = Array.from({ length: 100 }, (_, i) => row(i + 10, { settings: null }));
  const other = await older(imported);
  const reads = countReads();
  expect((await other.newest(3)).length).toBeLessThan(3);
  expect(reads()).toBe(30);
});

test('a gallery of 0.2 is purged as before: with the inputs that no other picture has, whatever that one can be read as', async () => {
  const [shared, own, damaged] = ['1', '2', '3'].map((digit) => digit.repeat(64)) as [string, string, string];
  const deleted = { deletedAt: 1000 };
  const files = ['png/row-1', 'png/row-2', ...[shared, own, damaged].map((hash) => `input/${hash}`)];
  const gallery = await older(
    [
      row(1, { ...deleted, image: shared, mask: own }),
      row(2, { ...deleted, image: damaged }),
      row(3, { mask: shared }),
      row(4, { image: damaged, width: 'wide' }),
    ],
    Object.fromEntries(files.map((key) => [key, new Blob([key])])),
  );
  await gallery.purge(1001 + UNDO_MS);
  const is = async (file: Promise<Blob | undefined>) => (await file) !== undefined;
  expect(await Promise.all([gallery.png('row-1'), gallery.png('row-2')].map(is))).toEqual([false, false]);
  expect(await Promise.all([shared, own, damaged].map((hash) => is(gallery.input(hash))))).toEqual([
    ...[true, false, true],
  ]);
});

test.each([
  ['no list', { tags: 'cat', experiment: 7 }, [], null],
  ['a long tag', { tags: ['x'.repeat(10_000)], experiment: 'e' }, ['x'.repeat(50)], 'e'],
])('a row with %s in it keeps its picture', (_, change, tags, experiment) => {
  expect(parseRow(row(1, change))).toMatchObject({ id: 'row-1', tags, experiment });
});
