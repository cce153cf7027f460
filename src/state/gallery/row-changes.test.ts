import 'fake-indexeddb/auto';
import { expect, test, vi } from 'vitest';
import type { Caller } from '../../client/caller.ts';
import { AppError } from '../../protocol/errors.ts';
import { Gallery } from '../../storage/gallery.ts';
import { filterRows, SHOW_ALL, tagsOf } from './gallery-filter.ts';
import { createGalleryStore } from './gallery-store.ts';

test('what cannot be written is not shown as if it were: a deletion, a favourite, an Undo', async () => {
  const { getState: state } = createGalleryStore({} as Caller, {
    open: () => Gallery.open(0),
    makeThumbnail: async () => ({ thumbnail: new Blob(['small']), width: 64, height: 96 }),
    now: () => 5000,
    tellOthers: () => {},
    onChanged: () => {},
  });
  const ids = () => state().rows?.map(({ createdAt }) => createdAt);
  const facts = {
    ...{
      seconds: null,
      device: null,
      revision: null,
      isFavourite: false,
      image: null,
      mask: null,
      steering: [],
    },
    ...{ tags: [], experiment: null },
  };
  for (const createdAt of [1, 2])
    await state().save({ ...facts, png: new Blob([`picture ${createdAt}`]), createdAt, settings: null });
  await state().load();
  const id = state().rows?.[0]?.id ?? '';
  const change = vi.spyOn(Gallery.prototype, 'change');
  const refuse = () => change.mockRejectedValueOnce(new AppError('storage-full', 'Full.'));
  refuse();
  expect(await state().remove([id])).toBe(false);
  expect(ids()).toEqual([2, 1]);
  expect(state()).toMatchObject({ deleted: [], error: { code: 'storage-full' } });
  refuse();
  await state().setFavourite([id], true);
  expect(state().rows?.map(({ isFavourite }) => isFavourite)).toEqual([false, false]);
  expect(await state().remove([id])).toBe(true);
  refuse();
  await state().undo();
  expect(state().deleted, 'there is another try').toEqual([[id]]);
  await state().undo();
  change.mockRestore();
  expect(ids()).toEqual([2, 1]);
  expect(state().deleted).toEqual([]);
});

test('tags are given to several pictures and taken away, whatever case they are written in', async () => {
  const name = 'tags';
  const open = () => Gallery.open(0, name);
  const browser = {
    ...{ open, makeThumbnail: async () => ({ thumbnail: new Blob(['small']), width: 64, height: 96 }) },
    ...{ now: () => 5000, tellOthers: () => {}, onChanged: () => {} },
  };
  const { getState: state } = createGalleryStore({} as Caller, browser);
  const facts = {
    ...{
      seconds: null,
      device: null,
      revision: null,
      isFavourite: false,
      image: null,
      mask: null,
      steering: [],
    },
    ...{ tags: ['cats'], experiment: null, settings: null },
  };
  for (const createdAt of [1, 2])
    await state().save({ ...facts, png: new Blob([`tag ${createdAt}`]), createdAt });
  await state().load();
  const [newer, older] = (state().rows ?? []).map(({ id }) => id);
  await state().setTags([newer ?? '', older ?? ''], { add: ['Cats', ' for Anna '] });
  await state().setTags([older ?? ''], { remove: ['CATS'], add: ['x'.repeat(10_000)] });
  const expected = [
    ['cats', 'for Anna'],
    ['for Anna', 'x'.repeat(50)],
  ];
  expect(state().rows?.map(({ tags }) => tags)).toEqual(expected);
  const next = createGalleryStore({} as Caller, browser);
  await next.getState().load();
  expect(
    next.getState().rows?.map(({ tags }) => tags),
    'after a reload',
  ).toEqual(expected);
  expect([...tagsOf(state().rows ?? [])]).toEqual([
    ['cats', 1],
    ['for Anna', 2],
    ['x'.repeat(50), 1],
  ]);
  expect(filterRows(state().rows ?? [], { ...SHOW_ALL, tag: 'CATS' })).toHaveLength(1);
});
