import { afterEach, expect, test, vi } from 'vitest';
import type { InstalledModel } from '../protocol/models.ts';
import { Library } from './library.ts';
import { fileSystem, type Tree } from './samples/file-system.ts';

const MODEL: InstalledModel = {
  ...{ id: 'a/b', type: 'model', label: 'b', repo: 'a/b', revision: 'main', licence: null, files: [] },
  ...{ complete: true, family: null, className: null, facts: null, installedAt: 1, usedAt: null },
};

afterEach(() => vi.unstubAllGlobals());

/** Opens what is stored in `tree`; `onChange` may throw in the place of a change. */
function open(tree: Tree, onChange = (_path: string) => {}): Promise<Library> {
  const root = fileSystem(tree, { onChange });
  const request = (_name: string, ...rest: unknown[]) => (rest.at(-1) as () => unknown)();
  vi.stubGlobal('navigator', { storage: { getDirectory: async () => root }, locks: { request } });
  vi.stubGlobal(
    'FileSystemFileHandle',
    class {
      createSyncAccessHandle() {}
    },
  );
  return Library.open();
}

test('a row that is replaced is there, as it was or as it is to be, wherever the writing breaks off', async () => {
  const stored: Tree = {};
  await (await open(stored)).put(MODEL);
  expect(await (await open(stored)).list()).toEqual([MODEL]);
  let changes = 0;
  await (await open({ ...stored }, () => changes++)).put({ ...MODEL, usedAt: 7 });
  expect(changes).toBeGreaterThan(2);
  const found: (number | null)[] = [];
  for (let nth = 1; nth <= changes; nth++) {
    const tree = { ...stored };
    let count = 0;
    const library = await open(tree, () => {
      if (++count >= nth) throw new Error('The worker is gone.');
    });
    await expect(library.put({ ...MODEL, usedAt: 7 })).rejects.toThrow('is gone');
    const models = await (await open(tree)).list();
    expect(models, `broken off at change ${nth}`).toHaveLength(1);
    found.push(models[0]?.usedAt ?? null);
    await (await open(tree)).touch('a/b');
    expect(Object.keys(tree).filter((path) => path.endsWith('.part'))).toEqual([]);
    expect(await (await open(tree)).list()).toHaveLength(1);
  }
  expect(found[0]).toBeNull();
  expect(found.at(-1)).toBe(7);
});

test('a browser without a file system for pages is told apart from one that has none of our models', async () => {
  const none = new DOMException('Not in a private window.', 'SecurityError');
  vi.stubGlobal('navigator', { storage: { getDirectory: () => Promise.reject(none) } });
  await expect(Library.open()).rejects.toMatchObject({ code: 'no-storage' });
  vi.stubGlobal('navigator', {});
  await expect(Library.open()).rejects.toMatchObject({ code: 'no-storage' });
  // As in WebKit before Safari 15.2.
  await open({});
  vi.stubGlobal('FileSystemFileHandle', class {});
  await expect(Library.open()).rejects.toMatchObject({ code: 'no-storage' });
});
