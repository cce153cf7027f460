import { afterEach, expect, test, vi } from 'vitest';
import { ANSWER_MS } from '../protocol/answered.ts';
import { Library } from './library.ts';
import { withLock } from './with-lock.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const throws = () => {
  throw new DOMException('The operation is insecure.', 'SecurityError');
};

test.each([
  ['is missing', {}],
  ['has no folders', { storage: {} }],
  ['throws when it is asked', { storage: { getDirectory: throws } }],
  ['refuses later', { storage: { getDirectory: async () => throws() } }],
  ['never answers', { storage: { getDirectory: () => new Promise(() => {}) } }],
])('where the origin private file system %s, the library says that nothing is stored', async (_, navigator) => {
  vi.stubGlobal('navigator', navigator);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const opening = Library.open().catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(ANSWER_MS);
  expect(await opening).toMatchObject({ code: 'no-storage' });
});

test('a folder that was cleared is made anew: it is empty, and not a fault', async () => {
  vi.stubGlobal(
    'FileSystemFileHandle',
    class {
      createSyncAccessHandle() {}
    },
  );
  vi.stubGlobal('navigator', {
    storage: { getDirectory: async () => root(), estimate: () => Promise.reject(new TypeError('No.')) },
    locks: { request: (_: string, __: object, use: (lock: object) => unknown) => use({}) },
  });
  const library = await Library.open();
  const { store } = library;
  expect(await store.find('a')).toBeUndefined();
  folders.clear();
  expect(await store.find('a')).toBeUndefined();
  expect(await library.list()).toEqual([]);
  expect(await library.report()).toEqual({ modelBytes: 0, freeBytes: null });
  expect([...folders].sort()).toEqual(['safelight%2Fblobs', 'safelight%2Fmodels']);
});

/** The names of the folders that are there; all are empty. */
const folders = new Set<string>();
function root() {
  return {
    async getDirectoryHandle(name: string) {
      folders.add(name);
      const gone = () => {
        throw new DOMException('Not there.', 'NotFoundError');
      };
      return {
        getFileHandle: async () => gone(),
        async *entries() {
          if (!folders.has(name)) gone();
          yield* [];
        },
        async *keys() {
          if (!folders.has(name)) gone();
          yield* [];
        },
      };
    },
  };
}

test.each([
  ['are missing', {}],
  ['throw when they are asked', { locks: { request: throws } }],
  ['refuse later', { locks: { request: async () => throws() } }],
])('where Web Locks %s, nothing is stored', async (_, navigator) => {
  vi.stubGlobal('navigator', navigator);
  await expect(withLock('a', {}, async () => 1)).rejects.toMatchObject({ code: 'no-storage' });
});

test('what fails under a lock, or is stopped before it, keeps its own error', async () => {
  const locks = {
    request: async (_: string, { signal }: LockOptions, use: (lock: object) => unknown) => {
      signal?.throwIfAborted();
      return use({});
    },
  };
  vi.stubGlobal('navigator', { locks });
  await expect(withLock('a', {}, () => Promise.reject(new RangeError('Ours.')))).rejects.toThrow(RangeError);
  const stopped = withLock('a', { signal: AbortSignal.abort() }, async () => 1);
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  expect(await withLock('a', {}, async (lock) => lock !== null)).toBe(true);
});
