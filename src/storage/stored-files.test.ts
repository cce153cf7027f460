import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test, vi } from 'vitest';
import { MIDDLE, NO_BORDER } from '../protocol/placement.ts';
import { QUIET } from './storage-news.ts';
import type { StoredControl } from './stored-control.ts';
import { filesDatabase, openFileStorage } from './stored-files.ts';

const STROKE = { points: [0.5, 0.5, 1.2, -0.1], radius: 0.1, softness: 0, erases: false };

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});

test('saved files are there at the next visit', async () => {
  const strokes = { strokes: [], isInverted: true };
  const before = openFileStorage();
  await before.initImage.save({
    ...{ file: new Blob(['photo']), mask: strokes, offset: MIDDLE, border: NO_BORDER },
  });
  await before.embeddings.change(new Map([['mystyle', { token: 'mystyle', file: new Blob(['learned']) }]]));

  const first = openFileStorage();
  const kept = await first.initImage.load();
  expect(await kept?.file.text()).toBe('photo');
  expect(kept).toMatchObject({ mask: strokes });
  const [embedding] = await first.embeddings.load();
  expect(embedding?.token).toBe('mystyle');
  expect(await embedding?.file.text()).toBe('learned');

  await first.initImage.save(null);
  await first.embeddings.change(new Map([['mystyle', null]]));
  const unreadable = vi.fn();
  const next = openFileStorage({ ...QUIET, unreadable });
  expect(await next.initImage.load()).toBeNull();
  expect(await next.embeddings.load()).toEqual([]);
  expect(unreadable, 'what was removed is not called damaged').not.toHaveBeenCalled();
});

test('before anything is saved there is nothing', async () => {
  const fresh = openFileStorage();
  expect(await fresh.initImage.load()).toBeNull();
  expect(await fresh.embeddings.load()).toEqual([]);
});

const PICTURE = { file: new Blob(['photo']), mask: null, offset: MIDDLE, border: NO_BORDER };

test.each([
  ['no object', 5, false],
  ['no picture', { ...PICTURE, file: 'photo' }, false],
  ['an offset outside of the picture', { ...PICTURE, offset: { x: 2, y: 0 } }, true],
  ['a border of no numbers', { ...PICTURE, border: { left: '1' } }, true],
  ['a mask of no strokes', { ...PICTURE, mask: { isInverted: true } }, true],
  [
    'a stroke of half a point',
    { ...PICTURE, mask: { strokes: [{ ...STROKE, points: [1] }], isInverted: false } },
    true,
  ],
  ['a mask without a picture', { ...PICTURE, mask: { picture: {}, strokes: [], isInverted: false } }, true],
])('of a stored initial image that is %s, what is whole is read, and that is told', async (_, stored, hasFile) => {
  const unreadable = vi.fn();
  await filesDatabase().change(['files'], function* (change) {
    yield change.objectStore('files').put(stored as never, 'init-image');
  });
  const image = await openFileStorage({ ...QUIET, unreadable }).initImage.load();
  if (hasFile) expect(image).toMatchObject({ mask: null, offset: MIDDLE, border: NO_BORDER });
  else expect(image).toBeNull();
  expect(unreadable).toHaveBeenCalledExactlyOnceWith(1);
});

test('of stored embeddings the damaged ones are left out, and told', async () => {
  const unreadable = vi.fn();
  const whole = { token: 'mystyle', file: new Blob(['learned']) };
  const damaged = [null, { token: '', file: new Blob() }, { token: 'x', file: 'no file' }];
  for (const [stored, count, lost] of [
    [[...damaged, whole], 1, 3],
    ['no list', 0, 1],
  ] as const) {
    await filesDatabase().change(['files'], function* (change) {
      yield change.objectStore('files').put(stored as never, 'embeddings');
    });
    expect(await openFileStorage({ ...QUIET, unreadable }).embeddings.load()).toHaveLength(count);
    expect(unreadable).toHaveBeenLastCalledWith(lost);
  }
});

test('a whole initial image with a mask is read as it is', async () => {
  const unreadable = vi.fn();
  const storage = openFileStorage({ ...QUIET, unreadable });
  const picture = { file: new Blob(['mask']), at: { x: -0.5, y: 0, width: 2, height: 1 } };
  const mask = { picture, strokes: [STROKE], isInverted: true };
  await storage.initImage.save({ ...PICTURE, mask });
  expect(await storage.initImage.load()).toMatchObject({ mask: { strokes: [STROKE], isInverted: true } });
  expect(unreadable).not.toHaveBeenCalled();
});

test('what two tabs add to a list stays, whichever was opened first; what one deletes is gone', async () => {
  const style = (name: string) => ({ name, prompt: name, negativePrompt: '', settings: null });
  const [one, other] = [openFileStorage(), openFileStorage()];
  await one.styles.change(new Map([['Film', style('Film')]]));
  await Promise.all([one.styles.load(), other.styles.load()]);
  await one.styles.change(new Map([['Red', style('Red')]]));
  await other.styles.change(new Map([['Blue', style('Blue')]]));
  await one.styles.change(new Map([['Film', null]]));
  await Promise.all([
    other.styles.change(new Map([['Grey', style('Grey')]])),
    other.styles.change(new Map([['Blue', { ...style('Blue'), prompt: 'navy' }]])),
  ]);
  const stored = await openFileStorage().styles.load();
  expect(stored.map(({ prompt }) => prompt).toSorted()).toEqual(['Grey', 'Red', 'navy']);
});

test('what of a list could not be stored is stored with its next change', async () => {
  const { wildcards } = openFileStorage();
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementationOnce(() => {
    throw new DOMException('It is full.', 'QuotaExceededError');
  });
  const list = (name: string) => new Map([[name, { name, words: ['a'] }]]);
  await expect(wildcards.change(list('first'))).rejects.toMatchObject({ code: 'storage-full' });
  await wildcards.change(list('second'));
  put.mockRestore();
  const stored = await openFileStorage().wildcards.load();
  expect(stored.map(({ name }) => name)).toEqual(['first', 'second']);
});

const CONTROL: StoredControl = {
  ...{ id: 'one', model: 'test/control', picture: new Blob(['photo']), map: new Blob(['map']) },
  ...{ preprocessor: 'canny', controlMode: null, scale: 0.8, start: 0, end: 0.5, isGuess: false },
  ...{ low: 50, high: 150, sigma: 9, strokes: [STROKE], isInverted: true, isOn: false },
};

test('control layers are kept in their order, the damaged ones left out and told', async () => {
  const unreadable = vi.fn();
  const { controls } = openFileStorage({ ...QUIET, unreadable });
  await controls.save([CONTROL, { ...CONTROL, id: 'two', model: null, picture: null, map: null }]);
  const [first, second] = await openFileStorage().controls.load();
  expect(first).toMatchObject({ ...CONTROL, picture: expect.any(Blob), map: expect.any(Blob) });
  expect(await first?.map?.text()).toBe('map');
  expect(second).toMatchObject({ id: 'two', model: null, picture: null, map: null });
  expect(unreadable).not.toHaveBeenCalled();

  const damaged = [
    { ...CONTROL, scale: 9 },
    { ...CONTROL, map: 'no file' },
    { ...CONTROL, strokes: [5] },
    null,
  ];
  await controls.save([...damaged, CONTROL] as StoredControl[]);
  expect(await controls.load()).toMatchObject([{ id: 'one' }]);
  expect(unreadable).toHaveBeenCalledExactlyOnceWith(4);
});

test('what one tab stores of a list, the others are told', async () => {
  const [one, other] = [openFileStorage(), openFileStorage()];
  const told = new Promise<void>((resolve) => other.wildcards.onChanged(resolve));
  await one.wildcards.change(new Map([['animals', { name: 'animals', words: ['cat'] }]]));
  await told;
  expect((await other.wildcards.load()).map(({ name }) => name)).toContain('animals');
});
