import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fileSystem, type Tree } from './samples/file-system.ts';
import { tilesOf } from './tile-store.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

beforeEach(() => {
  vi.stubGlobal(
    'FileSystemFileHandle',
    class {
      createSyncAccessHandle() {}
    },
  );
});

function stored(tree: Tree): Tree {
  vi.stubGlobal('navigator', { storage: { getDirectory: async () => fileSystem(tree) } });
  return tree;
}

test('what was best on a GPU is there at the next visit, by the GPU', async () => {
  stored({});
  await tilesOf('a').write({ product: '64×64' });
  await tilesOf('b').write({ product: '32×64' });
  expect(await tilesOf('a').read()).toEqual({ product: '64×64' });
  expect(await tilesOf('c').read()).toEqual({});
  for (const gpu of ['c', 'd', 'e']) await tilesOf(gpu).write({});
  expect(await tilesOf('a').read()).toEqual({});
  expect(await tilesOf('b').read()).toEqual({ product: '32×64' });
});

test.each([
  '',
  '{',
  '{"a":1}',
  '[1,["a"],["a",null],["a",{"product":3}]]',
])('of the file %j nothing is read', async (text) => {
  const tree = stored({});
  await tilesOf('a').write({ product: '64×64' });
  const [path] = Object.keys(tree).filter((name) => name.endsWith('tiles.json')) as [string];
  tree[path] = text;
  expect(await tilesOf('a').read()).toEqual({});
  await tilesOf('a').write({ product: '64×64' });
  expect(await tilesOf('a').read()).toEqual({ product: '64×64' });
});

/** Opens folders, and no file. */
const silentFolder = {
  getDirectoryHandle: async () => silentFolder,
  getFileHandle: () => new Promise(() => {}),
};

test.each([
  ['is missing', {}],
  ['refuses', { storage: { getDirectory: () => Promise.reject(new DOMException('No.', 'SecurityError')) } }],
  ['never answers', { storage: { getDirectory: () => new Promise(() => {}) } }],
  ['opens, and then never answers', { storage: { getDirectory: async () => silentFolder } }],
])('where the storage %s there is none, and no fault', async (_, navigator) => {
  vi.stubGlobal('navigator', navigator);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const done = Promise.all([tilesOf('a').read(), tilesOf('a').write({ product: '64×64' })]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await done).toEqual([{}, undefined]);
});
