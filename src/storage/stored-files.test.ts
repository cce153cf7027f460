import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test, vi } from 'vitest';
import { openFileStorage } from './stored-files.ts';

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});

/** As idb-keyval 6 lays values down: no version, one store without a key path. */
function putAsIdbKeyval(key: string, value: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('keyval-store');
    request.onupgradeneeded = () => request.result.createObjectStore('keyval');
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const change = request.result.transaction('keyval', 'readwrite');
      change.objectStore('keyval').put(value, key);
      change.oncomplete = () => {
        request.result.close();
        resolve();
      };
    };
  });
}

test('what idb-keyval kept is found, and what is saved is there the next time', async () => {
  const strokes = { strokes: [], isInverted: true };
  const old = { file: new Blob(['photo']), mask: strokes };
  await putAsIdbKeyval('safelight.init-image', old);
  await putAsIdbKeyval('safelight.embeddings', [{ token: 'mystyle', file: new Blob(['learned']) }]);

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

test('where nothing was ever kept there is nothing', async () => {
  const fresh = openFileStorage();
  expect(await fresh.initImage.load()).toBeNull();
  expect(await fresh.embeddings.load()).toEqual([]);
});
