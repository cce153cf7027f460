import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Caller } from '../../client/caller.ts';
import { AppError } from '../../protocol/errors.ts';
import { Gallery } from '../../storage/gallery.ts';
import { createGalleryStore } from './gallery-store.ts';

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});

const picture = (bytes: string, createdAt: number) => ({
  ...{
    seconds: 2,
    device: 'wasm' as const,
    revision: null,
    isFavourite: false,
    image: null,
    mask: null,
    steering: [],
  },
  ...{ tags: [], experiment: null, png: new Blob([bytes], { type: 'image/png' }), createdAt },
  settings: { tool: 'Safelight' as const, settings: { prompt: bytes }, notes: [] },
});

function setup(open = () => Gallery.open(0)) {
  let hear = () => {};
  const store = createGalleryStore({} as Caller, {
    open,
    makeThumbnail: async () => ({ thumbnail: new Blob(['small']), width: 64, height: 96 }),
    now: () => 5000,
    tellOthers: () => {},
    onChanged: (listen) => {
      hear = listen;
    },
  });
  return { state: store.getState, hear: () => hear() };
}

test('the newest few are read by themselves, and again with each change, here or in another tab', async () => {
  const { state, hear } = setup();
  await state().save(picture('before anybody looks', 1));
  await state().loadRecent();
  const recent = () => state().recent?.map(({ createdAt }) => createdAt);
  expect(recent()).toEqual([1]);
  expect(state().rows, 'the others are not read').toBeNull();
  const made = picture('two', 2);
  expect(state().savedAs(made.png)).toBeNull();
  await state().save(made);
  await expect.poll(recent).toEqual([2, 1]);
  const [first] = state().recent ?? [];
  expect(state().savedAs(made.png)).toBe(first?.id);
  await state().setFavourite([first?.id ?? ''], true);
  await expect.poll(() => state().recent?.[0]?.isFavourite).toBe(true);
  await state().remove([first?.id ?? '']);
  await expect.poll(recent).toEqual([1]);
  await setup().state().save(picture('there', 3));
  hear();
  await expect.poll(recent).toEqual([3, 1]);
});

test('who asks for the newest ones has them, though another asks meanwhile', async () => {
  const { state } = setup();
  await state().save(picture('one', 1));
  const first = state().loadRecent();
  void state().loadRecent();
  await first;
  expect(state().recent).toHaveLength(1);
});

test('without a gallery there are no newest ones', async () => {
  const { state } = setup(() => Promise.reject(new AppError('no-storage', 'Off.')));
  await state().loadRecent();
  expect(state().recent).toEqual([]);
});
