import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { expect, test } from 'vitest';
import { Gallery, type NewPicture, UNDO_MS } from './gallery.ts';
import { picturesInZip, zipPictures } from './gallery-zip.ts';
import { type PictureRow, parseRow } from './picture-row.ts';

// The maps of control layers and the pictures of picture prompts, beside the pictures that they steered.

let databases = 0;
const fresh = async () => {
  const name = `steered-${++databases}`;
  return { name, gallery: await Gallery.open(0, name) };
};
const picture = (bytes: string, ...steering: readonly string[]): NewPicture => ({
  ...{ png: new Blob([bytes], { type: 'image/png' }), thumbnail: new Blob([bytes]), createdAt: 1 },
  ...{ width: 64, height: 96, settings: null, seconds: null, device: null, revision: null },
  ...{ isFavourite: false, tags: [], experiment: null, image: null, mask: null },
  steering: steering.map((text) => new Blob([text])),
});
const add = async (gallery: Gallery, ...of: Parameters<typeof picture>) =>
  (await gallery.add(picture(...of))) as PictureRow;
const textsOf = (gallery: Gallery, { steering }: Pick<PictureRow, 'steering'>) =>
  Promise.all(steering.map(async (hash) => (await gallery.input(hash))?.text()));

test('they are kept in their order with each picture, and go with the last one that needs them', async () => {
  const { gallery, name } = await fresh();
  const cat = await add(gallery, 'cat', 'edges', 'photo', 'edges');
  const dog = await add(gallery, 'dog', 'edges');
  expect(await textsOf(gallery, cat)).toEqual(['edges', 'photo', 'edges']);
  const rows: PictureRow[] = [];
  await (await Gallery.open(0, name)).list((some) => rows.push(...some));
  expect(rows.find(({ id }) => id === cat.id)).toEqual(cat);
  await gallery.change([cat.id], { deletedAt: 1 });
  await gallery.purge(2 + UNDO_MS);
  expect(await textsOf(gallery, cat)).toEqual(['edges', undefined, 'edges']);
  await gallery.change([dog.id], { deletedAt: 1 });
  await gallery.purge(2 + UNDO_MS);
  expect(await textsOf(gallery, dog)).toEqual([undefined]);
});

test('a zip has them, each once; where one is missing, the picture comes without any', async () => {
  const { gallery } = await fresh();
  const cat = await add(gallery, 'cat', 'edges', 'photo', 'edges');
  const open = async (kept: Pick<Gallery, 'png' | 'input'>) => {
    const { zip } = await zipPictures(kept, [cat], () => 'cat.png');
    const [packed] = await picturesInZip(zip);
    const { steering = [] } = (await packed?.open()) ?? {};
    return Promise.all(steering.map((file) => file.text()));
  };
  expect(await open(gallery)).toEqual(['edges', 'photo', 'edges']);
  const [, photo] = cat.steering;
  const without = {
    png: (id: string) => gallery.png(id),
    input: async (hash: string) => (hash === photo ? undefined : gallery.input(hash)),
  };
  expect(await open(without)).toEqual([]);
});

test('a gallery that an earlier version made is kept, and can hold them', async () => {
  const name = `steered-${++databases}`;
  const { steering: _, ...known } = { ...(await add((await fresh()).gallery, 'old')), image: 'a'.repeat(64) };
  const old = await openDB(name, 2, {
    upgrade(db) {
      const rows = db.createObjectStore('rows', { keyPath: 'id' });
      for (const index of ['hash', 'createdAt', 'deletedAt', 'image', 'mask']) rows.createIndex(index, index);
      db.createObjectStore('files');
    },
  });
  await old.put('rows', known);
  old.close();
  const gallery = await Gallery.open(0, name);
  const rows: PictureRow[] = [];
  await gallery.list((some) => rows.push(...some));
  expect(rows).toEqual([{ ...known, steering: [] }]);
  const cat = await add(gallery, 'cat', 'edges');
  await gallery.change([cat.id, known.id], { deletedAt: 1 });
  await gallery.purge(2 + UNDO_MS);
  expect(await textsOf(gallery, cat)).toEqual([undefined]);
});

test('a row whose list is damaged is read without it', async () => {
  const row = await add((await fresh()).gallery, 'cat', 'edges');
  for (const steering of [null, 'x', [1], ['../etc'], Array.from({ length: 500 }, () => 'a'.repeat(64))])
    expect(parseRow({ ...row, steering })).toEqual({ ...row, steering: [] });
});
