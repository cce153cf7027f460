import 'fake-indexeddb/auto';
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { openDB } from 'idb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ownName } from '../protocol/root.ts';
import { Gallery } from './gallery.ts';
import { migrateDatabases } from './migrate-databases.ts';
import { openExperimentStorage } from './stored-experiments.ts';
import { filesDatabase } from './stored-files.ts';

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});
afterEach(() => vi.restoreAllMocks());

type Records = Record<string, Record<string, [key: IDBValidKey, value: unknown][]>>;

/** As 0.1 made its databases; more pictures than fit one batch. */
const OLD: Records = {
  'safelight.gallery': {
    rows: Array.from({ length: 25 }, (_, i) => [`id-${i}`, { id: `id-${i}`, hash: `hash ${i}` }]),
    files: [
      ...Array.from({ length: 25 }, (_, i): [string, unknown] => [`png/id-${i}`, `picture ${i}`]),
      ['input/photo', 'photo'],
    ],
  },
  'safelight.experiments': { sweeps: [['e', { id: 'e' }]], cells: [[['e', 0], 'cell']] },
  'safelight-queue': { queues: [['page', ['job']]], jobs: [['job', { id: 'job', request: {} }]] },
  'keyval-store': {
    keyval: [
      ['safelight.embeddings', [{ token: 'mystyle' }]],
      ['safelight.init-image', { file: 'photo' }],
      ['another app', 'another value'],
    ],
  },
};
const NEW: Records = {
  [ownName('gallery')]: OLD['safelight.gallery'] as Records[string],
  [ownName('experiments')]: OLD['safelight.experiments'] as Records[string],
  [ownName('queue')]: OLD['safelight-queue'] as Records[string],
  [ownName('files')]: {
    files: [
      ['embeddings', [{ token: 'mystyle' }]],
      ['init-image', { file: 'photo' }],
    ],
  },
  'keyval-store': { keyval: [['another app', 'another value']] },
};

async function lay(records: Records): Promise<void> {
  for (const [name, stores] of Object.entries(records)) {
    const db = await openDB(name, 1, {
      upgrade(fresh) {
        for (const store of Object.keys(stores)) {
          const isInline = store === 'rows' || store === 'jobs';
          fresh.createObjectStore(store, isInline ? { keyPath: 'id' } : {});
        }
      },
    });
    for (const [store, all] of Object.entries(stores))
      for (const [key, value] of all)
        await db.put(store, value, store === 'rows' || store === 'jobs' ? undefined : key);
    db.close();
  }
}

/** Everything there is, sorted by keys. */
async function found(): Promise<Records> {
  const records: Records = {};
  for (const { name = '' } of await indexedDB.databases()) {
    const db = await openDB(name);
    records[name] = {};
    for (const store of db.objectStoreNames) {
      const [keys, values] = await Promise.all([db.getAllKeys(store), db.getAll(store)]);
      (records[name] as Records[string])[store] = keys.map((key, i) => [key, values[i]]);
    }
    db.close();
  }
  return records;
}

const sorted = (records: Records): Records =>
  JSON.parse(JSON.stringify(records), (_, value) =>
    Array.isArray(value) && Array.isArray(value[0])
      ? value.sort((a, b) => (JSON.stringify(a[0]) < JSON.stringify(b[0]) ? -1 : 1))
      : value,
  );

test('every record has a new place, what is not ours stays where it was, and the progress is reported', async () => {
  await lay(OLD);
  const progress: number[][] = [];
  expect(await migrateDatabases((...numbers) => progress.push(numbers))).toBe(true);
  expect(sorted(await found())).toEqual(sorted(NEW));
  expect(progress.at(-1)).toEqual([57, 57]);
});

test('where 0.1 was never used there is no new database, and looking makes none', async () => {
  await lay({ 'keyval-store': { keyval: [['another app', 1]] } });
  expect(await migrateDatabases(() => {})).toBe(true);
  expect(await found()).toEqual({
    'keyval-store': { keyval: [['another app', 1]] },
  });
  vi.stubGlobal('indexedDB', new IDBFactory());
  await migrateDatabases(() => {});
  expect(await indexedDB.databases()).toEqual([]);
});

test('a database of one of those names that has other stores is not ours', async () => {
  const foreign = { 'keyval-store': { other: [['safelight.embeddings', 1]] } } satisfies Records;
  await lay(foreign);
  await migrateDatabases(() => {});
  expect(await found()).toEqual(foreign);
});

/** How many times a browser writes or deletes in the course of it. */
async function countChanges(): Promise<number> {
  await lay(OLD);
  let count = 0;
  breakAt(Number.POSITIVE_INFINITY, () => count++);
  await migrateDatabases(() => {});
  vi.restoreAllMocks();
  vi.stubGlobal('indexedDB', new IDBFactory());
  return count;
}

/** From the `nth` change on every change of a database fails. */
function breakAt(nth: number, onChange = () => {}): void {
  let count = 0;
  for (const method of ['put', 'delete'] as const) {
    const original = IDBObjectStore.prototype[method] as (...args: unknown[]) => IDBRequest;
    vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(function (
      this: IDBObjectStore,
      ...args: unknown[]
    ) {
      onChange();
      if (++count >= nth) throw new DOMException('The page is gone.', 'QuotaExceededError');
      return original.apply(this, args) as never;
    });
  }
}

test('a move that breaks off at any change ends the same when it is started again', async () => {
  const changes = await countChanges();
  expect(changes).toBeGreaterThan(100);
  for (let nth = 1; nth <= changes; nth++) {
    vi.stubGlobal('indexedDB', new IDBFactory());
    await lay(OLD);
    breakAt(nth);
    await expect(migrateDatabases(() => {})).rejects.toThrow('The page is gone.');
    vi.restoreAllMocks();
    expect(await migrateDatabases(() => {})).toBe(true);
    expect(sorted(await found()), `broken off at change ${nth}`).toEqual(sorted(NEW));
  }
});

test('what was changed at its new place in between stays as it is there', async () => {
  await lay(OLD);
  await lay({ [ownName('files')]: { files: [['init-image', { file: 'newer' }]] } });
  await migrateDatabases(() => {});
  const stored = await filesDatabase().read((db) => db.getAll('files'));
  expect(stored).toEqual([[{ token: 'mystyle' }], { file: 'newer' }]);
});

test('where the browser refuses to look, it says so', async () => {
  const refused = () => {
    throw new DOMException('Not in a private window.', 'SecurityError');
  };
  vi.stubGlobal('indexedDB', { open: refused });
  expect(await migrateDatabases(() => {})).toBe(false);
});

test('a picture and an experiment are read at their new place', async () => {
  const png = new Blob(['cat'], { type: 'image/png' });
  const before = await Gallery.open(0, 'safelight.gallery');
  const row = await before.add({
    ...{ png, thumbnail: new Blob(['small']), createdAt: 1, width: 8, height: 8, settings: null },
    ...{
      seconds: null,
      device: null,
      revision: null,
      isFavourite: true,
      image: new Blob(['i']),
      mask: null,
      steering: [],
    },
    ...{ tags: ['kept'], experiment: null },
  });
  await migrateDatabases(() => {});
  const gallery = await Gallery.open(0);
  const rows: unknown[] = [];
  await gallery.list((some) => rows.push(...some));
  expect(rows).toEqual([row]);
  expect(await (await gallery.png(row?.id ?? ''))?.text()).toBe('cat');
  expect(await (await gallery.input(row?.image ?? ''))?.text()).toBe('i');
  expect(await openExperimentStorage().list()).toEqual([]);
});
