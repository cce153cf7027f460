import { afterEach, expect, test, vi } from 'vitest';
import { toWire } from '../protocol/errors.ts';
import type { InstalledModel } from '../protocol/models.ts';
import { Library } from './library.ts';
import { fault, fileSystem, type Tree } from './samples/file-system.ts';
import { writeBlob } from './write-blob.ts';

const MODEL: InstalledModel = {
  ...{ id: 'a/b', type: 'model', label: 'b', repo: 'a/b', revision: 'main', licence: null, files: [] },
  ...{ complete: true, family: null, className: null, facts: null, installedAt: 1, usedAt: null },
};

afterEach(() => vi.unstubAllGlobals());

/** Opens what is stored in `tree`; `onChange` may throw in the place of a change. */
function open(tree: Tree, onChange = (_path: string) => {}): Promise<Library> {
  const root = fileSystem(tree, { onChange });
  const request = (_name: string, ...rest: unknown[]) => (rest.at(-1) as (lock: object) => unknown)({});
  vi.stubGlobal('navigator', { storage: { getDirectory: async () => root }, locks: { request } });
  vi.stubGlobal(
    'FileSystemFileHandle',
    class {
      createSyncAccessHandle() {}
    },
  );
  return Library.open();
}

test('what is known of a control model is kept', async () => {
  const control = { kind: 'T2I-Adapter', base: 'sdxl', purpose: 'depth', controlModes: 0 } as const;
  const stored: Tree = {};
  await (await open(stored)).put({ ...MODEL, type: 'control', control });
  expect(await (await open(stored)).list()).toEqual([{ ...MODEL, type: 'control', control }]);
});

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

test('a model whose files another tab has deleted while it was downloaded is not complete', async () => {
  const tree: Tree = {};
  const library = await open(tree);
  const oids = ['a', 'b'].map((letter) => letter.repeat(64));
  const model = { ...MODEL, files: oids.map((oid) => ({ path: `${oid}.safetensors`, size: 1, oid })) };
  for (const oid of oids) tree[`safelight%2Fblobs/${oid}`] = 'x';
  await library.put(model);
  expect(await library.list()).toEqual([model]);
  expect(await library.installed('a/b')).toEqual(model);
  // The other tab, in the middle of the download; then the download ends.
  await (await open(tree)).remove('a/b');
  tree[`safelight%2Fblobs/${oids[0]}`] = 'x';
  tree[`safelight%2Fblobs/${oids[1]}.part`] = 'x';
  await library.put(model);
  expect(await library.list()).toEqual([{ ...model, complete: false }]);
  await expect(library.installed('a/b')).rejects.toMatchObject({ code: 'not-installed' });
});

test('a file that cannot be written is closed, with the first error', async () => {
  const tree: Tree = {};
  let failure: string | null = null;
  const library = await open(tree, () => {
    if (failure) throw fault(failure);
  });
  const options = { signal: new AbortController().signal, waits: () => {} };
  const written = (name: string) =>
    writeBlob(library.store, 'import', options, async (append) => {
      append(new Uint8Array([1]));
      failure = name;
    });
  // The browser has cleared what was open.
  await expect(written('InvalidStateError')).rejects.toMatchObject({
    code: 'no-storage',
    details: { kind: 'storage-cleared' },
  });
  failure = null;
  await expect(written('QuotaExceededError')).rejects.toMatchObject({ code: 'storage-full' });
  const full = await library.store.openPartial('c').catch((error: unknown) => toWire(error).code);
  expect(full).toBe('storage-full');
});
