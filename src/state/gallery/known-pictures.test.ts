import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { expect, test, vi } from 'vitest';
import type { Caller } from '../../client/caller.ts';
import { Gallery } from '../../storage/gallery.ts';
import { zipPictures } from '../../storage/gallery-zip.ts';
import { createGalleryStore } from './gallery-store.ts';

test('a picture that is known gets the tags that its file in a zip has, and keeps its own', async () => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  const call = async () => ({ width: 64, height: 96, settings: null });
  const { getState: state } = createGalleryStore({ call } as unknown as Caller, {
    open: () => Gallery.open(0),
    makeThumbnail: async () => ({ thumbnail: new Blob(['small']), width: 64, height: 96 }),
    now: () => 5000,
    tellOthers: () => {},
    onChanged: () => {},
  });
  const facts = {
    ...{ seconds: null, device: null, revision: null, isFavourite: false, image: null, mask: null },
    ...{ tags: [], experiment: null, steering: [] },
  };
  await state().save({ ...facts, png: new Blob(['one']), createdAt: 1, settings: null });
  await state().load();
  const id = state().rows?.[0]?.id ?? '';
  await state().setTags([id], { add: ['sea'] });
  const { zip } = await zipPictures(await Gallery.open(0), state().rows ?? [], () => 'one.png');
  await state().setTags([id], { add: ['Cat'], remove: ['sea'] });
  await state().importFiles([new File([zip], 'all.zip')]);
  expect(state().imported).toMatchObject({ added: 0, known: 1 });
  expect(state().rows?.map(({ tags }) => tags)).toEqual([['Cat', 'sea']]);
});
