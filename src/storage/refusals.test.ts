import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ANSWER_MS } from '../protocol/answered.ts';
import { AppError } from '../protocol/errors.ts';
import { requestWith } from '../protocol/samples/sample-request.ts';
import { Gallery, type NewPicture } from './gallery.ts';
import { JOURNAL_MS, withJournal } from './journaled-storage.ts';
import { openSettingsJournal } from './settings-journal.ts';
import { openSettingsStorage } from './settings-storage.ts';
import type { StorageNews } from './storage-news.ts';
import { openExperimentStorage } from './stored-experiments.ts';
import { openFileStorage } from './stored-files.ts';
import { openQueueStorage } from './stored-queue.ts';

const heard: (AppError | null)[] = [];
const news: StorageNews = {
  failed: (error) => void heard.push(error),
  unreadable: () => {},
  opened: () => {},
};

beforeEach(() => {
  heard.length = 0;
  vi.stubGlobal('indexedDB', new IDBFactory());
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const refused = () => new DOMException('The operation is insecure.', 'SecurityError');
const throws = () => {
  throw refused();
};

/** A request that fails later, or is never answered; idb knows requests by their class. */
function request(error?: DOMException): IDBOpenDBRequest {
  const events = new EventTarget();
  if (error) setTimeout(() => events.dispatchEvent(new Event('error')));
  return Object.create(IDBOpenDBRequest.prototype, {
    error: { value: error },
    addEventListener: { value: events.addEventListener.bind(events) },
    removeEventListener: { value: events.removeEventListener.bind(events) },
  });
}

/** How browsers refuse IndexedDB. */
const REFUSALS: Record<string, () => void> = {
  'is missing': () => vi.stubGlobal('indexedDB', undefined),
  'is null': () => vi.stubGlobal('indexedDB', null),
  'throws when it is looked at': () =>
    Object.defineProperty(globalThis, 'indexedDB', { configurable: true, get: throws }),
  'throws when it is opened': () => vi.stubGlobal('indexedDB', { open: throws }),
  'refuses later': () => vi.stubGlobal('indexedDB', { open: () => request(refused()) }),
  'cannot read its disk': () =>
    vi.stubGlobal('indexedDB', {
      open: () => request(new DOMException('Internal error opening backing store.', 'UnknownError')),
    }),
  'never answers': () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    vi.stubGlobal('indexedDB', { open: () => request() });
  },
};

const locks = { request: (_: string, use: () => Promise<unknown>) => use() } as unknown as LockManager;
const setup = {
  id: 'a',
  createdAt: 1,
  base: requestWith({}),
  axes: [{ kind: 'seed', values: [1] }],
} as const;
const picture: NewPicture = {
  ...{ png: new Blob(['png']), thumbnail: new Blob(['small']), createdAt: 1, width: 8, height: 8 },
  ...{
    settings: null,
    seconds: null,
    device: null,
    revision: null,
    isFavourite: false,
    tags: [],
    experiment: null,
  },
  ...{ image: null, mask: null, steering: [] },
};

/** What the page does with each storage, and what its errors are about. */
const USES: Record<string, () => [what: string, uses: Promise<unknown>[]]> = {
  gallery() {
    const gallery = new Gallery('pictures', news);
    return [
      'picture',
      [
        gallery.purge(0),
        gallery.list(() => {}),
        gallery.add(picture),
        gallery.png('a'),
        gallery.change(['a'], { isFavourite: true }),
      ],
    ];
  },
  queue() {
    const queue = openQueueStorage(() => locks, 'page', news);
    return ['job', [queue.adopt(() => {}), queue.save([{ id: 'a', request: requestWith({}) }])]];
  },
  experiments() {
    const experiments = openExperimentStorage(news);
    const cell = { png: new Blob(['png']), seconds: 1 };
    return [
      'experiment',
      [
        experiments.list(),
        experiments.cells('a'),
        experiments.save(setup),
        experiments.saveCell(setup, 0, cell),
        experiments.remove('a'),
      ],
    ];
  },
  files() {
    const { embeddings, initImage } = openFileStorage(news);
    return [
      'file',
      [embeddings.load(), embeddings.change(new Map()), initImage.load(), initImage.save(null)],
    ];
  },
};

const everyRefusal = Object.keys(USES).flatMap((storage) =>
  Object.keys(REFUSALS).map((refusal) => [storage, refusal] as const),
);

test.each(
  everyRefusal,
)('%s where indexedDB %s: making it does nothing, each use fails with no-storage, which is told', async (storage, refusal) => {
  REFUSALS[refusal]?.();
  const [what, uses] = USES[storage]?.() ?? ['', []];
  let areOver = false;
  const ends = Promise.allSettled(uses).finally(() => {
    areOver = true;
  });
  // A hash is made in its own time.
  while (vi.isFakeTimers() && !areOver) {
    await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(ANSWER_MS);
  }
  for (const end of await ends) {
    expect(end.status).toBe('rejected');
    expect((end as PromiseRejectedResult).reason).toMatchObject({ code: 'no-storage', details: { what } });
  }
  expect(heard.length).toBe(uses.length);
  expect(heard.every((error) => error instanceof AppError)).toBe(true);
});

test.each(Object.keys(USES))('%s is not opened before it is used', (storage) => {
  const open = vi.spyOn(indexedDB, 'open');
  if (storage === 'gallery') new Gallery('pictures', news);
  if (storage === 'queue') openQueueStorage(() => locks, 'page', news);
  if (storage === 'experiments') openExperimentStorage(news);
  if (storage === 'files') openFileStorage(news);
  expect(open).not.toHaveBeenCalled();
});

const inMemory = () => {
  const stored = new Map<string, string>([['a', '1']]);
  return {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => void stored.set(name, value),
    removeItem: (name: string) => void stored.delete(name),
  };
};

test.each(
  Object.keys(REFUSALS),
)('where indexedDB %s, settings are kept without their journal, and nothing is said', async (refusal) => {
  REFUSALS[refusal]?.();
  let opened: Awaited<ReturnType<typeof withJournal>> | undefined;
  const local = inMemory();
  const opening = withJournal(() => local, openSettingsJournal()).then((storage) => {
    opened = storage;
  });
  if (vi.isFakeTimers()) await vi.advanceTimersByTimeAsync(JOURNAL_MS);
  await opening;
  const storage = openSettingsStorage(opened as () => Storage, news);
  expect(storage.getItem('a')).toBe('1');
  storage.setItem('a', '2');
  expect(storage.getItem('a')).toBe('2');
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toEqual([]);
});

test.each([
  ['are missing', () => undefined as unknown as LockManager],
  ['throw when they are looked at', throws],
  ['throw when they are asked', () => ({ request: throws }) as unknown as LockManager],
  ['refuse later', () => ({ request: async () => throws() }) as unknown as LockManager],
  ['never answer', () => ({ request: () => new Promise(() => {}) }) as unknown as LockManager],
])('where Web Locks %s, the queue is not kept, and that is told', async (_, given) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const queue = openQueueStorage(given, 'page', news);
  const saving = queue.save([{ id: 'a', request: requestWith({}) }]).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(ANSWER_MS);
  expect(await saving).toMatchObject({ code: 'no-storage', details: { what: 'job' } });
  expect(heard.at(-1)).toMatchObject({ code: 'no-storage' });
});

/** How browsers refuse localStorage. */
const LOCAL: Record<string, () => Storage> = {
  'is missing': () => undefined as unknown as Storage,
  'is null': () => null as unknown as Storage,
  'throws when it is looked at': throws,
  'throws when it is used': () => ({ getItem: throws, setItem: throws, removeItem: throws }) as never,
};
test.each(
  Object.keys(LOCAL),
)('where localStorage %s, settings last as long as the page, and that is told', async (refusal) => {
  const journal = openSettingsJournal();
  journal.note({ name: 'b', count: 1, value: '2' });
  await expect.poll(() => journal.read()).toHaveLength(1);
  const storage = openSettingsStorage(await withJournal(LOCAL[refusal] as () => Storage, journal), news);
  expect(storage.getItem('a')).toBeNull();
  storage.setItem('a', '1');
  storage.removeItem('a');
  expect(heard.map((error) => error?.code)).toEqual(['no-storage', 'no-storage', 'no-storage']);
});

test('where localStorage is full, that is told until everything is stored again', () => {
  const stored = new Map<string, string>();
  let room = 5;
  const local = {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem(name: string, value: string) {
      if (value.length > room) throw new DOMException('Full.', 'QuotaExceededError');
      stored.set(name, value);
    },
    removeItem: (name: string) => void stored.delete(name),
  } as unknown as Storage;
  const storage = openSettingsStorage(() => local, news);
  storage.setItem('long', '"a long text"');
  storage.setItem('short', '1');
  expect(heard.map((error) => error?.code)).toEqual(['storage-full']);
  room = 100;
  storage.setItem('long', '"a long text"');
  expect(heard.at(-1)).toBeNull();
});
