import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { beforeEach, expect, test, vi } from 'vitest';
import { ownName } from '../protocol/root.ts';
import { type MigrationState, migrate } from './migrate.ts';
import { filesDatabase } from './stored-files.ts';

/** Exclusive locks by name, as LockManager has them. */
class Locks {
  readonly held = new Map<string, Promise<unknown>>();

  async request(name: string, ...rest: unknown[]): Promise<unknown> {
    const use = rest.pop() as (lock: object | null) => unknown;
    const { ifAvailable } = (rest[0] ?? {}) as LockOptions;
    if (ifAvailable && this.held.has(name)) return use(null);
    while (this.held.has(name)) await this.held.get(name);
    const used = Promise.resolve(use({}));
    const over = used.then(
      () => this.held.delete(name),
      () => this.held.delete(name),
    );
    this.held.set(name, over);
    return used;
  }

  query = async () => ({ held: [...this.held.keys()].map((name) => ({ name })) });
}

let locks: Locks;
let kept: Map<string, string>;
/** The folders at the root of the origin private file system. */
let folders: string[];

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  kept = new Map();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
  locks = new Locks();
  folders = [];
  const getDirectoryHandle = async (name: string) => {
    if (!folders.includes(name)) throw new DOMException('Not there.', 'NotFoundError');
  };
  const storage = { getDirectory: async () => ({ getDirectoryHandle }) };
  vi.stubGlobal('navigator', { locks, storage });
});

const none = vi.fn(async () => {});
const quiet = () => {};

async function layPicture(): Promise<void> {
  const db = await openDB('keyval-store', 1, { upgrade: (fresh) => void fresh.createObjectStore('keyval') });
  await db.put('keyval', { file: 'photo' }, 'safelight.init-image');
  db.close();
}

test('settings, models and pictures are moved once; what 0.1 stores later is another deployment’s', async () => {
  kept.set('safelight.settings', 'my settings').set('safelight.language', 'de').set('other.app', 'its own');
  folders = ['models'];
  await layPicture();
  const moveModels = vi.fn(async () => {});
  await migrate(moveModels, quiet);
  expect(Object.fromEntries(kept)).toEqual({
    [ownName('settings')]: 'my settings',
    [ownName('language')]: 'de',
    [ownName('migrated')]: '1',
    'other.app': 'its own',
  });
  expect(moveModels).toHaveBeenCalledOnce();
  expect(await filesDatabase().read((db) => db.get('files', 'init-image'))).toEqual({ file: 'photo' });

  kept.set('safelight.settings', 'of the other deployment');
  await migrate(moveModels, quiet);
  expect(moveModels).toHaveBeenCalledOnce();
  expect(kept.get('safelight.settings')).toBe('of the other deployment');
  expect(kept.get(ownName('settings'))).toBe('my settings');
});

test('on a first visit there is nothing to do and nothing to see', async () => {
  const onState = vi.fn();
  await migrate(none, onState);
  expect(onState).not.toHaveBeenCalled();
  expect(none).not.toHaveBeenCalled();
  expect(kept.get(ownName('migrated'))).toBe('1');
});

test('of two tabs at once one moves, the other waits for it', async () => {
  folders = ['models'];
  let finish = () => {};
  const moveModels = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
  const first = migrate(moveModels, quiet);
  await expect.poll(() => moveModels.mock.calls.length).toBe(1);
  const states: MigrationState[] = [];
  let isOver = false;
  const second = migrate(moveModels, (state) => states.push(state)).then(() => {
    isOver = true;
  });
  await expect.poll(() => states.length).toBe(1);
  expect(states).toEqual([{ kind: 'moving', done: 0, total: 0 }]);
  expect(isOver).toBe(false);
  finish();
  await Promise.all([first, second]);
  expect(moveModels).toHaveBeenCalledOnce();
});

test('a page of 0.1 that is still open is waited for; what it changes until then counts', async () => {
  kept.set('safelight.settings', 'before');
  let close = () => {};
  void locks.request('safelight.queue.1-2-3', () => new Promise<void>((resolve) => (close = resolve)));
  const states: MigrationState[] = [];
  const migrating = migrate(none, (state) => states.push(state));
  await expect.poll(() => states.length).toBe(1);
  expect(states).toEqual([{ kind: 'waiting' }]);
  expect(kept.has(ownName('migrated'))).toBe(false);
  kept.set('safelight.settings', 'changed there');
  close();
  await migrating;
  expect(kept.get(ownName('settings'))).toBe('changed there');
});

test('what failed is tried again the next time', async () => {
  folders = ['models'];
  await layPicture();
  const failing = () => Promise.reject(new Error('The worker is gone.'));
  await expect(migrate(failing, quiet)).rejects.toThrow('is gone');
  expect(kept.has(ownName('migrated'))).toBe(false);
  const moveModels = vi.fn(async () => {});
  await migrate(moveModels, quiet);
  expect(moveModels).toHaveBeenCalledOnce();
  expect(await filesDatabase().read((db) => db.get('files', 'init-image'))).toEqual({ file: 'photo' });
});

test('a full disk is reported as such', async () => {
  const full = () => Promise.reject(new DOMException('No room.', 'QuotaExceededError'));
  folders = ['models'];
  await expect(migrate(full, quiet)).rejects.toMatchObject({
    code: 'storage-full',
    details: { what: 'older-data' },
  });
});

test('where the browser stores nothing the page opens, and looks again the next time', async () => {
  const refuse = () => {
    throw new DOMException('Not in a private window.', 'SecurityError');
  };
  vi.stubGlobal('navigator', { storage: { getDirectory: async () => refuse() } });
  await migrate(none, quiet);
  expect(kept.has(ownName('migrated'))).toBe(false);

  vi.stubGlobal('navigator', {});
  vi.stubGlobal('indexedDB', { open: refuse });
  Object.defineProperty(globalThis, 'localStorage', { get: refuse, configurable: true });
  await migrate(none, quiet);
});

const refuse = () => {
  throw new DOMException('The operation is insecure.', 'SecurityError');
};
const never = () => new Promise<never>(() => {});
const working = () => ({
  locks,
  storage: { getDirectory: () => Promise.reject(new DOMException('No.', 'SecurityError')) },
});

test.each<[string, () => void]>([
  ['localStorage is missing', () => vi.stubGlobal('localStorage', undefined)],
  ['localStorage is null', () => vi.stubGlobal('localStorage', null)],
  ['localStorage throws', () => vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse })],
  ['Web Locks throw', () => vi.stubGlobal('navigator', { ...working(), locks: { request: refuse } })],
  [
    'Web Locks refuse later',
    () => vi.stubGlobal('navigator', { ...working(), locks: { request: async () => refuse() } }),
  ],
  ['Web Locks never answer', () => vi.stubGlobal('navigator', { ...working(), locks: { request: never } })],
  [
    'the list of locks never comes',
    () =>
      vi.stubGlobal('navigator', {
        ...working(),
        locks: { request: locks.request.bind(locks), query: never },
      }),
  ],
  ['files are refused', () => vi.stubGlobal('navigator', working())],
  ['files throw', () => vi.stubGlobal('navigator', { locks, storage: { getDirectory: refuse } })],
  ['files never answer', () => vi.stubGlobal('navigator', { locks, storage: { getDirectory: never } })],
  ['databases are missing', () => vi.stubGlobal('indexedDB', undefined)],
  ['databases throw', () => vi.stubGlobal('indexedDB', { open: refuse })],
])('where %s, the page opens all the same, without a word, and the next visit looks again', async (_, make) => {
  make();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const onState = vi.fn();
  let isOver = false;
  const over = migrate(none, onState).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(1000);
  }
  vi.useRealTimers();
  await over;
  expect(onState).not.toHaveBeenCalled();
  expect(kept.has(ownName('migrated'))).toBe(false);
});
