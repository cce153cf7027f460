import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { strToU8, zipSync } from 'fflate';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Caller } from '../../client/caller.ts';
import { AppError } from '../../protocol/errors.ts';
import type { PictureSettings } from '../../protocol/picture-settings.ts';
import { Gallery, UNDO_MS } from '../../storage/gallery.ts';
import { picturesInZip, zipPictures } from '../../storage/gallery-zip.ts';
import { createGalleryStore } from './gallery-store.ts';
import type { GalleryBrowser } from './pictures.ts';

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});

const settings: PictureSettings = { tool: 'Safelight', settings: { prompt: 'a cat', seed: 7 }, notes: [] };
const FACTS = {
  seconds: 2,
  device: 'wasm',
  revision: null,
  isFavourite: false,
  tags: [],
  experiment: null,
  image: null,
  mask: null,
  steering: [],
} as const;
const picture = (bytes: string, createdAt: number) => ({
  ...FACTS,
  png: new Blob([bytes], { type: 'image/png' }),
  createdAt,
  settings,
});

/** A store whose worker knows the settings of what is a picture, and calls “text” none. */
function setup(change: Partial<GalleryBrowser> = {}) {
  const listeners: (() => void)[] = [];
  const told = vi.fn();
  const browser: GalleryBrowser = {
    open: () => Gallery.open(0),
    makeThumbnail: async (file) => {
      if ((await file.text()).startsWith('damaged'))
        throw new AppError('unsupported-image', 'Damaged.', { kind: 'damaged-picture' });
      return { thumbnail: new Blob(['small']), width: 64, height: 96 };
    },
    now: () => 5000,
    tellOthers: told,
    onChanged: (listen) => listeners.push(listen),
    ...change,
  };
  const call = async (_: string, { file }: { file: Blob }) => {
    if ((await file.text()) === 'large')
      throw new AppError('picture-too-large', 'Large.', { kind: 'too-many-pixels', width: 9e4, height: 9e4 });
    if ((await file.text()) === 'text')
      throw new AppError('unsupported-image', 'Text.', { kind: 'no-picture' });
    return { width: 64, height: 96, settings };
  };
  const store = createGalleryStore({ call } as unknown as Caller, browser);
  const ids = () => store.getState().rows?.map(({ createdAt }) => createdAt);
  const hear = () => {
    for (const listen of listeners) listen();
  };
  return { state: store.getState, ids, told, hear };
}

test('saved pictures are there for the next page, newest first, each with its own size', async () => {
  const first = setup();
  await first.state().save(picture('one', 1));
  await first.state().load();
  await first.state().save(picture('two', 2));
  await first.state().save(picture('two', 3));
  expect(first.ids(), 'the same file once').toEqual([2, 1]);
  expect(first.told).toHaveBeenCalledTimes(2);
  const next = setup();
  await next.state().load();
  expect(next.ids()).toEqual([2, 1]);
  expect(next.state().rows?.[0]).toMatchObject({ width: 64, height: 96, settings });
  const id = next.state().rows?.[0]?.id ?? '';
  expect(await (await next.state().file('png', id))?.text()).toBe('two');
});

test('deletions are undone one by one, the last one first, until the time for that is over', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const { state, ids } = setup();
  for (const at of [1, 2, 3]) await state().save(picture(`picture ${at}`, at));
  await state().load();
  const id = (createdAt: number) => state().rows?.find((row) => row.createdAt === createdAt)?.id ?? '';
  await state().remove([id(1), id(2)]);
  await state().remove([id(3)]);
  expect(ids()).toEqual([]);
  await state().undo();
  expect(ids()).toEqual([3]);
  await state().undo();
  expect(ids()).toEqual([3, 2, 1]);
  expect(state().deleted).toEqual([]);
  await state().remove([id(3)]);
  vi.advanceTimersByTime(UNDO_MS);
  expect(state().deleted).toEqual([]);
  vi.useRealTimers();
});

test('a picture that cannot be saved leaves an error, which the next one that can be saved clears', async () => {
  let isFull = true;
  const { state } = setup({
    open: () => (isFull ? Promise.reject(new AppError('no-storage', 'Private.')) : Gallery.open(0)),
  });
  await state().save(picture('one', 1));
  expect(state().saveError?.code).toBe('no-storage');
  isFull = false;
  await state().save(picture('two', 2));
  expect(state().saveError).toBeNull();
});

test('an import counts new and known pictures, names those it cannot read with the reason, and carries on after each', async () => {
  const { state, ids } = setup();
  await state().save(picture('one', 1));
  await state().load();
  const { zip } = await zipPictures(await Gallery.open(0), state().rows ?? [], () => 'one.png');
  await state().importFiles([
    new File(['damaged'], 'half.png'),
    new File(['PK, and then nothing'], 'broken.zip'),
    new File(['text'], 'text.png'),
    new File(['large'], 'large.png'),
    new File([zip], 'all.zip'),
    new File(['other'], 'other.jpg', { type: 'image/jpeg' }),
  ]);
  expect(state()).toMatchObject({ imported: { added: 1, known: 1 }, busy: null, error: null });
  const reasons = state().imported?.refused.map(({ name, error }) => [name, error.details.kind]);
  expect(reasons).toEqual([
    ['broken.zip', 'damaged-zip'],
    ['half.png', 'damaged-picture'],
    ['text.png', 'no-picture'],
    ['large.png', 'too-many-pixels'],
  ]);
  expect(ids()).toEqual([5000, 1]);
});

test('a bad file in a zip does not end the import of the rest', async () => {
  const { state, ids } = setup();
  await state().load();
  const zip = zipSync({
    'a.png': strToU8('a'),
    'damaged.png': strToU8('damaged'),
    'zeros.png': new Uint8Array(1e6),
    'b.png': strToU8('b'),
  });
  await state().importFiles([new File([new Uint8Array(zip)], 'mixed.zip')]);
  expect(ids()).toHaveLength(2);
  expect(state().imported?.refused.map(({ name, error }) => [name, error.details.kind])).toEqual([
    ['damaged.png', 'damaged-picture'],
    ['zeros.png', 'not-unpacked'],
  ]);
});

test.each([
  ['damaged', strToU8('{"version": 1, "pict')],
  ['packed from next to nothing', new Uint8Array(1e6)],
])('a zip of ours whose list is %s still has its pictures, and the list is named', async (_, list) => {
  const { state, ids } = setup();
  await state().load();
  const zip = zipSync({ 'a.png': strToU8('a'), 'gallery.json': list, 'b.png': strToU8('b') });
  await state().importFiles([new File([new Uint8Array(zip)], 'ours.zip')]);
  expect(ids()).toHaveLength(2);
  expect(state().imported?.refused.map(({ name, error }) => [name, error.details.kind])).toEqual([
    ['gallery.json', 'not-unpacked'],
  ]);
});

test('an import ends where nothing more can be stored, and says so', async () => {
  const { state } = setup({
    makeThumbnail: async () => Promise.reject(new AppError('storage-full', 'Full.')),
  });
  await state().importFiles([new File(['one'], 'one.png'), new File(['two'], 'two.png')]);
  expect(state()).toMatchObject({
    imported: { added: 0, known: 0, refused: [] },
    error: { code: 'storage-full' },
  });
});

test('a zip holds the pictures asked for, named by their rows and types', async () => {
  const { state } = setup();
  await state().save(picture('one', 1));
  await state().save({ ...picture('two', 2), png: new Blob(['two'], { type: 'image/jpeg' }) });
  await state().load();
  const types: string[] = [];
  const zips: [number, number, number][] = [];
  const all = state().rows?.map(({ id }) => id) ?? [];
  await state().zip(
    all,
    (row, type) => {
      types.push(type);
      return `${row.id}.png`;
    },
    ({ size }, part, parts) => zips.push([size, part, parts]),
  );
  expect(types).toEqual(['image/jpeg', 'image/png']);
  expect(zips).toEqual([[expect.any(Number), 1, 1]]);
  expect(state().busy).toBeNull();
});

test('changes in another tab are read once the pictures have been loaded', async () => {
  const here = setup();
  here.hear();
  expect(here.state().rows, 'nobody looks').toBeNull();
  await here.state().load();
  const there = setup();
  await there.state().save(picture('one', 1));
  here.hear();
  await expect.poll(here.ids).toEqual([1]);
});

test('pictures that could not be saved wait, and are saved when the gallery is there again', async () => {
  let isThere = false;
  const { state, ids, hear } = setup({
    open: () => (isThere ? Gallery.open(0) : Promise.reject(new AppError('no-storage', 'Held.'))),
  });
  await state().save(picture('one', 1));
  await state().save(picture('two', 2));
  await state().save(picture('damaged', 3));
  expect(state()).toMatchObject({ unsaved: 2, saveError: { code: 'unsupported-image' } });
  isThere = true;
  hear();
  await expect.poll(() => state().unsaved).toBe(0);
  expect(state().saveError).toBeNull();
  await state().load();
  expect(ids()).toEqual([2, 1]);
});

test('of the pictures that wait, one that cannot be read any more does not keep the others waiting', async () => {
  let fault: AppError | null = new AppError('no-storage', 'Off.');
  const { state, ids, hear } = setup({
    open: async () => {
      if (fault) throw fault;
      return Gallery.open(0);
    },
    makeThumbnail: async (file) => {
      if (!fault && (await file.text()) === 'one') throw new DOMException('It is gone.', 'NotReadableError');
      return { thumbnail: new Blob(['small']), width: 64, height: 96 };
    },
  });
  await state().save(picture('one', 1));
  await state().save(picture('two', 2));
  fault = null;
  hear();
  await vi.waitFor(() => expect(state().unsaved).toBe(1));
  await state().load();
  expect(ids()).toEqual([2]);
});

test('a gallery that was deleted under the page takes the next picture, and shows no others', async () => {
  let hear = () => {};
  const gallery = new Gallery('deleted', { failed: () => {}, unreadable: () => {}, opened: () => hear() });
  const set = setup({ open: async () => gallery });
  hear = set.hear;
  await set.state().save(picture('one', 1));
  await set.state().load();
  const deletion = indexedDB.deleteDatabase('deleted');
  await new Promise((resolve) => deletion.addEventListener('success', resolve));
  await set.state().save(picture('two', 2));
  await expect.poll(set.ids).toEqual([2]);
  expect(set.state()).toMatchObject({ saveError: null, error: null, unsaved: 0 });
});

test('where the browser takes no Blobs, as in a private window of WebKit, that is no bug', async () => {
  const { state } = setup();
  await state().load();
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('Error preparing Blob/File data to be stored in object store', 'UnknownError');
  });
  await state().save(picture('one', 1));
  await state().importFiles([new File(['two'], 'two.png')]);
  put.mockRestore();
  expect(state()).toMatchObject({ saveError: { code: 'no-storage' }, error: { code: 'no-storage' } });
});

test('a zip is made without the pictures that cannot be read any more, and the page says so', async () => {
  const { state } = setup();
  for (const at of [1, 2, 3]) await state().save(picture(`picture ${at}`, at));
  await state().load();
  const [, second, third] = state().rows ?? [];
  vi.spyOn(Gallery.prototype, 'png').mockImplementation(async (id) => {
    if (id === second?.id) return undefined;
    const file = new Blob(['bytes']);
    const lost = () => Promise.reject(new DOMException('Gone.', 'NotReadableError'));
    return id === third?.id ? Object.assign(file, { arrayBuffer: lost }) : file;
  });
  const zips: Blob[] = [];
  const all = state().rows?.map(({ id }) => id) ?? [];
  await state().zip(
    all,
    (row) => `${row.createdAt}.png`,
    (file) => zips.push(file),
  );
  vi.restoreAllMocks();
  expect((await picturesInZip(zips[0] as Blob)).map(({ name }) => name)).toEqual(['3.png']);
  expect(state()).toMatchObject({ busy: null, error: { details: { kind: 'pictures-lost', count: 2 } } });
});
