import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { openDB } from 'idb';
import { expect, test } from 'vitest';
import { Gallery, type NewPicture, UNDO_MS } from './gallery.ts';
import { picturesInZip, zipLots, zipPictures } from './gallery-zip.ts';
import { byAge, hasWords, type PictureRow, parseRow } from './picture-row.ts';
import { acceptTags } from './tags.ts';

let databases = 0;
const fresh = async (now = 0) => {
  const name = `gallery-${++databases}`;
  return { name, gallery: await Gallery.open(now, name) };
};
const picture = (bytes: string, change: Partial<NewPicture> = {}): NewPicture => ({
  png: new Blob([bytes], { type: 'image/png' }),
  thumbnail: new Blob([`small ${bytes}`]),
  createdAt: 1,
  width: 64,
  height: 96,
  settings: { tool: 'Safelight', settings: { prompt: `a ${bytes}`, seed: 7 }, notes: [] },
  seconds: 1.5,
  device: 'wasm',
  revision: null,
  isFavourite: false,
  tags: [],
  experiment: null,
  image: null,
  mask: null,
  steering: [],
  ...change,
});
async function rowsOf(gallery: Gallery): Promise<PictureRow[]> {
  const rows: PictureRow[] = [];
  await gallery.list((some) => rows.push(...some));
  return rows.sort(byAge);
}

test('a picture is stored with its file, its thumbnail and its inputs; the same file only once', async () => {
  const { gallery, name } = await fresh();
  const row = await gallery.add(picture('cat', { image: new Blob(['photo']), mask: new Blob(['mask']) }));
  expect(await gallery.add(picture('cat'))).toBeNull();
  await gallery.add(picture('dog', { createdAt: 2, image: new Blob(['photo']) }));
  const again = await Gallery.open(0, name);
  const rows = await rowsOf(again);
  expect(rows.map(({ settings }) => settings?.settings.prompt)).toEqual(['a dog', 'a cat']);
  expect(rows[1]).toEqual(row);
  expect(rows[0]?.image).toBe(row?.image);
  expect(await (await again.png(row?.id ?? ''))?.text()).toBe('cat');
  expect(await (await again.thumbnail(row?.id ?? ''))?.text()).toBe('small cat');
  expect(await (await again.input(row?.mask ?? ''))?.text()).toBe('mask');
});

test('a deleted picture can be restored until it is purged, with the inputs that only it needs', async () => {
  const { gallery, name } = await fresh();
  const [cat, dog] = [
    await gallery.add(picture('cat', { image: new Blob(['one']), mask: new Blob(['two']) })),
    await gallery.add(picture('dog', { image: new Blob(['one']) })),
  ] as [PictureRow, PictureRow];
  await gallery.change([cat.id, 'nobody'], { deletedAt: 1000 });
  expect(await rowsOf(gallery)).toEqual([dog]);
  await gallery.change([cat.id], { deletedAt: null });
  expect(await rowsOf(gallery)).toHaveLength(2);
  await gallery.change([cat.id], { deletedAt: 1000 });
  await Gallery.open(1000 + UNDO_MS, name);
  expect(await gallery.png(cat.id)).toBeDefined();
  await Gallery.open(1001 + UNDO_MS, name);
  for (const file of [gallery.png(cat.id), gallery.thumbnail(cat.id), gallery.input(cat.mask ?? '')])
    expect(await file).toBeUndefined();
  expect(await gallery.input(dog.image ?? '')).toBeDefined();
  expect(await gallery.add(picture('cat'))).not.toBeNull();
});

test('a clock that is set back and forth neither keeps a deleted picture for years nor takes one that is not', async () => {
  const { gallery, name } = await fresh();
  const [cat, dog] = [await gallery.add(picture('cat')), await gallery.add(picture('dog'))] as [
    PictureRow,
    PictureRow,
  ];
  const year = 365 * 24 * 3600 * 1000;
  await gallery.change([cat.id], { deletedAt: 10 * year });
  // A clock that is a little slow leaves the time to restore it.
  await Gallery.open(10 * year - UNDO_MS, name);
  expect(await gallery.png(cat.id)).toBeDefined();
  await Gallery.open(year, name);
  expect(await gallery.png(cat.id)).toBeUndefined();
  await Gallery.open(20 * year, name);
  expect(await gallery.png(dog.id)).toBeDefined();
});

test('unreadable rows are skipped and counted; many rows are read in lots', async () => {
  const { gallery, name } = await fresh();
  const row = (await gallery.add(picture('cat'))) as PictureRow;
  const db = await openDB(name);
  const unreadable = [
    { id: 'a' },
    { ...row, id: 'b', hash: '../etc' },
    { ...row, id: 'c', width: Number.NaN },
  ];
  for (const value of unreadable) await db.put('rows', value);
  for (let i = 0; i < 1200; i++) await db.put('rows', { ...row, id: `r${i}`, createdAt: i });
  const lots: number[] = [];
  expect(await gallery.list((some) => lots.push(some.length))).toBe(3);
  expect(lots.length).toBeGreaterThan(1);
  expect(lots.reduce((a, b) => a + b)).toBe(1201);
  db.close();
});

test('the settings of a row are checked like those of a request', () => {
  const row = {
    ...{ id: 'a', createdAt: 1, hash: 'a'.repeat(64), bytes: 1, width: 8, height: 8, isFavourite: false },
    ...{
      seconds: null,
      device: null,
      revision: null,
      image: null,
      mask: null,
      steering: [],
      deletedAt: null,
    },
    settings: { tool: 'A1111', settings: { prompt: 'x', seed: -1, numInferenceSteps: 'many', evil: 1 } },
  };
  expect(parseRow(row)?.settings?.settings).toEqual({ prompt: 'x' });
  expect(parseRow({ ...row, settings: { tool: 'nobody', settings: {} } })).toBeNull();
});

test('any value is read as a row or as null, and never throws', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      const row = parseRow(value);
      if (row) expect(parseRow(row)).toEqual(row);
    }),
    { numRuns: 2000 },
  );
});

test('all of the words are found, in either prompt and in the tags', () => {
  const settings = { prompt: 'A Red Apple', negativePrompt: 'blurry' };
  const row = {
    tags: ['for Anna'],
    settings: { tool: 'Safelight', settings, notes: [] },
  } as unknown as PictureRow;
  expect(hasWords(row, ['apple', 'red', 'blur'])).toBe(true);
  expect(hasWords(row, ['apple', 'green'])).toBe(false);
  expect(hasWords(row, ['anna', 'red'])).toBe(true);
  expect(hasWords({ ...row, settings: null }, [])).toBe(true);
});

test('a zip is read back with everything: files, settings, favourites, tags, inputs', async () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 });
  const one = fc.record({
    bytes,
    image: fc.option(bytes),
    prompt: fc.string({ unit: 'grapheme' }),
    tags: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }).map(acceptTags),
    isFavourite: fc.boolean(),
    createdAt: fc.nat(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(one, { selector: ({ bytes: b }) => b.join(), maxLength: 8 }),
      async (all) => {
        const { gallery } = await fresh();
        for (const { bytes: b, image, prompt, tags, isFavourite, createdAt } of all) {
          const settings = { tool: 'Safelight', settings: { prompt, seed: 1 }, notes: [] } as const;
          const begun = image && new Blob([new Uint8Array(image)]);
          await gallery.add(
            picture('', {
              png: new Blob([new Uint8Array(b)]),
              settings,
              isFavourite,
              tags,
              experiment: 'one',
              createdAt,
              image: begun,
            }),
          );
        }
        const rows = await rowsOf(gallery);
        const packed = await picturesInZip((await zipPictures(gallery, rows, () => 'same.png')).zip);
        const found = await Promise.all(packed.map((one) => one.open()));
        expect(found).toHaveLength(all.length);
        for (const { file, row, image } of found) {
          const { id, createdAt, isFavourite, tags, settings } = row as PictureRow;
          expect(rows.find((other) => other.id === id)).toMatchObject({
            ...{ createdAt, isFavourite, tags, settings },
            experiment: 'one',
          });
          const original = await gallery.png(id);
          expect(new Uint8Array(await file.arrayBuffer())).toEqual(
            new Uint8Array((await original?.arrayBuffer()) as ArrayBuffer),
          );
          expect(image === null).toBe((row as PictureRow).image === null);
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('lots hold all rows in order, and none is larger than allowed, except for a single row that is', () => {
  const bytes = fc.array(fc.integer({ min: 1, max: 120 }), { maxLength: 40 });
  fc.assert(
    fc.property(bytes, (all) => {
      const rows = all.map((size) => ({ bytes: size }) as PictureRow);
      const lots = zipLots(rows, 100);
      expect(lots.flat()).toEqual(rows);
      const sum = (lot: PictureRow[]) => lot.reduce((total, row) => total + row.bytes, 0);
      for (const lot of lots) expect(lot.length === 1 || sum(lot) <= 100).toBe(true);
      // No two neighbours would have gone into one.
      for (const [i, lot] of lots.slice(1).entries())
        expect(sum(lots[i] as PictureRow[]) + (lot[0] as PictureRow).bytes).toBeGreaterThan(100);
    }),
  );
});

test('of the notes beside the settings, only those about embeddings are kept', () => {
  const row = {
    ...{ id: 'a', createdAt: 1, hash: 'a'.repeat(64), bytes: 1, width: 8, height: 8, isFavourite: false },
    ...{
      seconds: null,
      device: null,
      revision: null,
      image: null,
      mask: null,
      steering: [],
      deletedAt: null,
    },
  };
  const notes = [
    { kind: 'embedding', name: 'mystyle' },
    { kind: 'newer' },
    { kind: 'embedding', name: 7 },
    0,
  ];
  const read = parseRow({ ...row, settings: { tool: 'Safelight', settings: {}, notes } });
  expect(read?.settings?.notes).toEqual([{ kind: 'embedding', name: 'mystyle' }]);
});

test.each([
  ['no zip', new Blob(['PK and then nothing'])],
  ['an empty file', new Blob([])],
])('%s is refused in words', async (_, file) => {
  await expect(picturesInZip(file)).rejects.toMatchObject({ code: 'unsupported-image' });
});
