import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { type DBSchema, deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ANSWER_MS } from '../protocol/answered.ts';
import type { AppError } from '../protocol/errors.ts';
import { changeAll, Database, readEntries } from './database.ts';

interface Schema extends DBSchema {
  things: { key: string; value: unknown };
}

const heard: (string | null)[] = [];
let opened = 0;
const open = () =>
  new Database<Schema>('test', 'job', (fresh) => void fresh.createObjectStore('things'), {
    failed: (error) => void heard.push(error?.code ?? null),
    unreadable: () => {},
    opened: () => void opened++,
  });
const put = (database: Database<Schema>, key: string, value: unknown = key) =>
  database.change(['things'], function* (change) {
    yield change.objectStore('things').put(value, key);
  });
const keys = (database: Database<Schema>) => database.read((db) => db.getAllKeys('things'));

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  heard.length = 0;
  opened = 0;
});
afterEach(() => vi.useRealTimers());

test('a database that another tab deletes is opened again at the next use, and takes what comes', async () => {
  const database = open();
  await put(database, 'before');
  await deleteDB('test');
  await put(database, 'after');
  expect(await keys(database)).toEqual(['after']);
  expect(opened).toBe(2);
});

test('a database that the browser closes under a use is opened again, and the use is not lost', async () => {
  const database = open();
  await put(database, 'before');
  await database.read(async (db) => db.close());
  await put(database, 'after');
  expect(await keys(database)).toEqual(['after', 'before']);
  let isFirst = true;
  await database.write(async (db) => {
    // WebKit says this of every use, once the process that stores has gone.
    if (isFirst) {
      isFirst = false;
      throw new DOMException('Connection to Indexed Database server lost.', 'UnknownError');
    }
    await db.put('things', 1, 'lost');
  });
  expect(await keys(database)).toContain('lost');
});

test('of several uses that fail with one connection none closes the next one', async () => {
  const database = open();
  await put(database, 'before');
  const uses = ['a', 'b', 'c'].map((key, i) => {
    let isFirst = true;
    return database.write(async (db) => {
      if (isFirst) {
        isFirst = false;
        // Each finds out at another time.
        for (let wait = 0; wait < 10 * i; wait++) await new Promise((resolve) => setImmediate(resolve));
        throw new DOMException('Connection to Indexed Database server lost.', 'UnknownError');
      }
      for (let wait = 0; wait < 10; wait++) await new Promise((resolve) => setImmediate(resolve));
      await db.put('things', 1, key);
    });
  });
  await Promise.all(uses);
  expect(await keys(database)).toEqual(['a', 'b', 'before', 'c']);
  expect(opened).toBe(2);
});

test('a page whose database a newer version has upgraded says so, and hinders that version at nothing', async () => {
  const database = open();
  await put(database, 'before');
  const newer = await openDB('test', 2);
  const error = (await put(database, 'after').catch((reason: unknown) => reason)) as AppError;
  expect(error).toMatchObject({ code: 'no-storage', details: { kind: 'storage-newer', what: 'job' } });
  newer.close();
});

test('a database that is not opened in time is used as soon as it is', async () => {
  const name = 'test';
  const before = await openDB(name, 1, { upgrade: (fresh) => void fresh.createObjectStore('things') });
  // Another tab holds it and does not let go, and a third one wants to delete it: all others wait.
  const deleting = deleteDB(name);
  const database = open();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const first = put(database, 'first').catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(ANSWER_MS);
  expect(await first).toMatchObject({ code: 'no-storage', details: { kind: 'storage-silent' } });
  vi.useRealTimers();
  before.close();
  await deleting;
  await expect.poll(() => opened).toBe(1);
  await put(database, 'second');
  expect(await keys(database)).toEqual(['second']);
  expect(heard).toEqual(['no-storage', null]);
});

test('of changes of which one is refused none is made, whether it is refused at once or later', async () => {
  const database = open();
  for (const refused of [() => {}, Symbol('no clone')])
    await expect(
      database.change(['things'], function* (change) {
        const things = change.objectStore('things');
        yield things.put(1, 'one');
        yield things.put(refused, 'two');
      }),
    ).rejects.toMatchObject({ code: 'no-storage' });
  await expect(
    database.change(['things'], function* (change) {
      const things = change.objectStore('things');
      for (const _ of ['first', 'again']) yield things.add(1, 'one');
    }),
  ).rejects.toMatchObject({ name: 'ConstraintError' });
  expect(await keys(database)).toEqual([]);
});

test('a full storage is said to be full', async () => {
  const full = new DOMException('Full.', 'QuotaExceededError');
  await expect(
    open().change(['things'], function* () {
      yield Promise.reject(full);
    }),
  ).rejects.toMatchObject({ code: 'storage-full', details: { what: 'job' } });
});

test('changes are committed as soon as they are asked for: a page may be closed at any time', async () => {
  const database = open();
  await put(database, 'first');
  await database.read(async (db) => {
    const commit = vi.spyOn(IDBTransaction.prototype, 'commit');
    const changed = changeAll(db, ['things'], function* (change) {
      for (const key of ['second', 'third']) yield change.objectStore('things').put(key, key);
    });
    expect(commit).toHaveBeenCalledTimes(1);
    await changed;
  });
  expect(await keys(database)).toEqual(['first', 'second', 'third']);
});

test('an error of ours is no refusal of the browser', async () => {
  const database = open();
  await put(database, 'one');
  heard.length = 0;
  const wrong = database.read(async () => {
    throw new TypeError('Ours.');
  });
  await expect(wrong).rejects.toThrow(TypeError);
  expect(heard).toEqual([]);
});

test('a database without stores, which somebody else has made, is made anew', async () => {
  (await openDB('test', 1)).close();
  const database = open();
  await put(database, 'one');
  expect(await keys(database)).toEqual(['one']);
});

test('of values that the browser cannot read, the others are read', async () => {
  const database = open();
  for (const key of ['a', 'b', 'c']) await put(database, key);
  const unreadable = new DOMException('Failed to read large IndexedDB value.', 'DataError');
  const entries = await database.read((db) => {
    const damaged = {
      getAllKeys: () => db.getAllKeys('things'),
      getAll: () => Promise.reject(unreadable),
      get: (_: string, key: string) => (key === 'b' ? Promise.reject(unreadable) : db.get('things', key)),
    } as unknown as typeof db;
    return readEntries(damaged, 'things');
  });
  expect(entries).toEqual([
    { key: 'a', value: 'a' },
    { key: 'b', value: undefined },
    { key: 'c', value: 'c' },
  ]);
});
