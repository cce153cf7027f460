import { expect, test, vi } from 'vitest';
import type { Caller } from '../../client/caller.ts';
import { AppError } from '../../protocol/errors.ts';
import type { StoredControl } from '../../storage/stored-control.ts';
import { createControlsStore } from './controls-store.ts';
import { sampleControl } from './samples/sample-control.ts';

const NO_PICTURE = new Blob(['text']);

/** A store whose worker takes every picture but one. */
function setup(stored: readonly StoredControl[] = []) {
  const save = vi.fn(async (_: readonly StoredControl[]) => {});
  const call = async (name: string, { file }: { file: Blob }) => {
    if (name !== 'inspectImage') throw new Error(name);
    if (file === NO_PICTURE)
      throw new AppError('unsupported-image', 'text', { kind: 'not-a-picture', found: 'web-page' });
  };
  const storage = { load: async () => stored, save };
  return { save, store: createControlsStore({ call } as unknown as Caller, storage).getState };
}

test('a picture that is a map already is the map', async () => {
  const { store, save } = setup();
  const picture = new Blob(['picture']);
  await store().load();
  store().add(sampleControl({ picture: null, map: null }));
  await store().take('layer', picture);
  await store().ready();
  expect(store().layers).toMatchObject([{ picture, map: picture }]);
  expect(save).toHaveBeenLastCalledWith(store().layers);
});

test('a file that is no picture is refused at its layer, and the picture before stays with what was painted on it', async () => {
  const { store } = setup();
  const strokes = [{ points: [0, 0], radius: 0.1, softness: 0, erases: false }];
  const [one, other] = [sampleControl({ id: 'one', strokes }), sampleControl({ id: 'other' })];
  store().put([one, other]);
  await store().take('one', NO_PICTURE);
  expect(store().errors).toMatchObject({ one: { code: 'unsupported-image' } });
  expect(store().layers).toEqual([one, other]);
  await store().take('one', new Blob(['picture']));
  expect(store().errors).toEqual({});
  expect(store().layers[0]?.strokes).toEqual([]);
});

test('stored layers are there at the next visit, before those that were added since', async () => {
  const { store, save } = setup([sampleControl({ id: 'stored' })]);
  store().add(sampleControl({ id: 'added' }));
  expect(save).not.toHaveBeenCalled();
  await store().ready();
  expect(store().layers.map(({ id }) => id)).toEqual(['stored', 'added']);
  expect(save).toHaveBeenCalledExactlyOnceWith(store().layers);
});

test('layers that have replaced all others before the stored ones were read stay the only ones', async () => {
  const { store, save } = setup([sampleControl({ id: 'stored' })]);
  store().put([sampleControl({ id: 'of a picture' })]);
  await store().ready();
  expect(store().layers.map(({ id }) => id)).toEqual(['of a picture']);
  expect(save).toHaveBeenCalledExactlyOnceWith(store().layers);
});

test('without a storage that works, layers live as long as the page', async () => {
  const failing = {
    load: () => Promise.reject(new Error('no')),
    save: () => Promise.reject(new Error('no')),
  };
  const store = createControlsStore({ call: async () => {} } as unknown as Caller, failing).getState;
  await store().load();
  store().add(sampleControl());
  expect(store().layers).toHaveLength(1);
});
