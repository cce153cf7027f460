import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Caller } from '../../client/caller.ts';
import { AppError } from '../../protocol/errors.ts';
import type { PictureSettings } from '../../protocol/picture-settings.ts';
import { Gallery, UNDO_MS } from '../../storage/gallery.ts';
import { zipPictures } from '../../storage/gallery-zip.ts';
import { createGalleryStore, type GalleryShelf } from './gallery.ts';

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});

const settings: PictureSettings = { tool: 'Safelight', settings: { prompt: 'a cat', seed: 7 }, notes: [] };
const FACTS = {
  seconds: 2,
  device: 'wasm',
  revision: null,
  isFavourite: false,
  image: null,
  mask: null,
} as const;
const picture = (bytes: string, createdAt: number) => ({
  ...FACTS,
  png: new Blob([bytes], { type: 'image/png' }),
  createdAt,
  settings,
});

/** A store whose worker knows the settings of what is a picture, and calls “text” none. */
function setup(change: Partial<GalleryShelf> = {}) {
  const listeners: (() => void)[] = [];
  const told = vi.fn();
  const shelf: GalleryShelf = {
    open: () => Gallery.open(0),
    makeThumbnail: async (file) => {
      if ((await file.text()).startsWith('damaged')) throw new AppError('unsupported-image', 'Damaged.');
      return { thumbnail: new Blob(['small']), width: 64, height: 96 };
    },
    now: () => 5000,
    tellOthers: told,
    onOthers: (listen) => listeners.push(listen),
    ...change,
  };
  const call = async (_: string, { file }: { file: Blob }) => {
    if ((await file.text()) === 'text') throw new AppError('unsupported-image', 'Text.');
    return { width: 64, height: 96, settings };
  };
  const store = createGalleryStore({ call } as unknown as Caller, shelf);
  const ids = () => store.getState().rows?.map(({ createdAt }) => createdAt);
  const hear = () => {
    for (const listen of listeners) listen();
  };
  return { state: store.getState, ids, told, hear };
}

test('what is kept is there for the next page, newest first, with the size of its own pixels', async () => {
  const first = setup();
  await first.state().keep(picture('one', 1));
  await first.state().load();
  await first.state().keep(picture('two', 2));
  await first.state().keep(picture('two', 3));
  expect(first.ids(), 'the same file once').toEqual([2, 1]);
  expect(first.told).toHaveBeenCalledTimes(2);
  const next = setup();
  await next.state().load();
  expect(next.ids()).toEqual([2, 1]);
  expect(next.state().rows?.[0]).toMatchObject({ width: 64, height: 96, settings });
  const id = next.state().rows?.[0]?.id ?? '';
  expect(await (await next.state().file('png', id))?.text()).toBe('two');
});

test('press by press what was thrown away is had back, until it is too late', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const { state, ids } = setup();
  for (const at of [1, 2, 3]) await state().keep(picture(`picture ${at}`, at));
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

test('a picture that cannot be kept says why, and the next one that can takes the word back', async () => {
  let isFull = true;
  const { state } = setup({
    open: () => (isFull ? Promise.reject(new AppError('no-storage', 'Private.')) : Gallery.open(0)),
  });
  await state().keep(picture('one', 1));
  expect(state().notKept?.code).toBe('no-storage');
  isFull = false;
  await state().keep(picture('two', 2));
  expect(state().notKept).toBeNull();
});

test('an import counts what is new, what is known and what is no picture, and goes on', async () => {
  const { state, ids } = setup();
  await state().keep(picture('one', 1));
  await state().load();
  const zip = await zipPictures(await Gallery.open(0), state().rows ?? [], () => 'one.png');
  await state().importFiles([
    new File(['damaged'], 'half.png'),
    new File(['text'], 'text.png'),
    new File([zip], 'all.zip'),
    new File(['other'], 'other.jpg', { type: 'image/jpeg' }),
  ]);
  expect(state()).toMatchObject({ imported: { added: 1, known: 1, refused: 2 }, busy: null, error: null });
  expect(ids()).toEqual([5000, 1]);
  await state().importFiles([new File(['PK, and then nothing'], 'broken.zip')]);
  expect(state().error?.code).toBe('unsupported-image');
  expect(ids()).toEqual([5000, 1]);
});

test('a zip is made of the pictures asked for, named by what they are', async () => {
  const { state } = setup();
  await state().keep(picture('one', 1));
  await state().keep({ ...picture('two', 2), png: new Blob(['two'], { type: 'image/jpeg' }) });
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

test('another tab’s news is read where the pictures are shown', async () => {
  const here = setup();
  here.hear();
  expect(here.state().rows, 'nobody looks').toBeNull();
  await here.state().load();
  const there = setup();
  await there.state().keep(picture('one', 1));
  here.hear();
  await expect.poll(here.ids).toEqual([1]);
});
