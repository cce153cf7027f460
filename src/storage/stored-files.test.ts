import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test, vi } from 'vitest';
import { MIDDLE, NO_BORDER } from '../protocol/placement.ts';
import { openFileStorage } from './stored-files.ts';

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});

test('saved files are there at the next visit', async () => {
  const strokes = { strokes: [], isInverted: true };
  const before = openFileStorage();
  await before.initImage.save({
    ...{ file: new Blob(['photo']), mask: strokes, offset: MIDDLE, border: NO_BORDER },
  });
  await before.embeddings.save([{ token: 'mystyle', file: new Blob(['learned']) }]);

  const first = openFileStorage();
  const kept = await first.initImage.load();
  expect(await kept?.file.text()).toBe('photo');
  expect(kept).toMatchObject({ mask: strokes });
  const [embedding] = await first.embeddings.load();
  expect(embedding?.token).toBe('mystyle');
  expect(await embedding?.file.text()).toBe('learned');

  await first.initImage.save(null);
  await first.embeddings.save([]);
  const next = openFileStorage();
  expect(await next.initImage.load()).toBeNull();
  expect(await next.embeddings.load()).toEqual([]);
});

test('before anything is saved there is nothing', async () => {
  const fresh = openFileStorage();
  expect(await fresh.initImage.load()).toBeNull();
  expect(await fresh.embeddings.load()).toEqual([]);
});
