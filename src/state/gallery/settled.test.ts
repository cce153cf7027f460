import 'fake-indexeddb/auto';
import { expect, test, vi } from 'vitest';
import type { Caller } from '../../client/caller.ts';
import { AppError } from '../../protocol/errors.ts';
import { Gallery } from '../../storage/gallery.ts';
import { createGalleryStore } from './gallery-store.ts';

const FACTS = { createdAt: 1, settings: null, seconds: 2, device: 'wasm', revision: null } as const;
const OF_PERSON = {
  isFavourite: false,
  tags: [],
  experiment: null,
  image: null,
  mask: null,
  steering: [],
} as const;

test('the gallery is settled when all that was given to it is saved, or could not be', async () => {
  let draw = () => {};
  const drawn = new Promise<void>((resolve) => {
    draw = resolve;
  });
  const makeThumbnail = async (file: Blob) => {
    await drawn;
    if ((await file.text()) === 'bad')
      throw new AppError('unsupported-image', 'Bad.', { kind: 'no-picture' });
    return { thumbnail: new Blob(['small']), width: 64, height: 96 };
  };
  const { getState } = createGalleryStore({} as Caller, {
    ...{
      open: () => Gallery.open(0, 'settled'),
      makeThumbnail,
      now: () => 1,
      tellOthers() {},
      onChanged() {},
    },
  });
  for (const bytes of ['one', 'bad'])
    void getState().save({ ...FACTS, ...OF_PERSON, png: new Blob([bytes], { type: 'image/png' }) });
  const isSettled = vi.fn();
  const settled = getState().settled().then(isSettled);
  await new Promise((resolve) => setImmediate(resolve));
  expect(isSettled).not.toHaveBeenCalled();
  draw();
  await settled;
  await getState().load();
  expect(getState().rows).toHaveLength(1);
});
