import { expect, test, vi } from 'vitest';
import type { Caller } from '../../client/caller.ts';
import { AppError } from '../../protocol/errors.ts';
import { MAP_DEFAULTS, type MapRequest } from '../../protocol/map-request.ts';
import type { StoredControl } from '../../storage/stored-control.ts';
import { createControlsStore, NEW_CONTROL } from './controls-store.ts';
import { MAP_WORLD, sampleControl } from './samples/sample-control.ts';

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
  return {
    save,
    store: createControlsStore({ call } as unknown as Caller, storage, () => MAP_WORLD).getState,
  };
}

test('a new layer has the usual settings of maps', () => {
  expect(NEW_CONTROL).toMatchObject(MAP_DEFAULTS);
});

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
  const store = createControlsStore(
    { call: async () => {} } as unknown as Caller,
    failing,
    () => MAP_WORLD,
  ).getState;
  await store().load();
  store().add(sampleControl());
  expect(store().layers).toHaveLength(1);
});

/** A store whose worker makes a map when it is told to, and notes what it was asked for. */
function setupMaps() {
  const asked: Partial<MapRequest>[] = [];
  const answers: ((map: Blob | AppError) => void)[] = [];
  const call = (name: string, params: MapRequest) => {
    if (name !== 'makeMap') return Promise.resolve();
    asked.push(params);
    return new Promise((resolve, reject) =>
      answers.push((map) => (map instanceof Blob ? resolve({ map }) : reject(map))),
    );
  };
  const world = { ...MAP_WORLD, model: null as string | null };
  const storage = { load: async () => [], save: async () => {} };
  const store = createControlsStore({ call } as unknown as Caller, storage, () => world).getState;
  const begun = () => vi.waitUntil(() => answers.length > 0);
  const answer = async (map: Blob | AppError) => {
    await begun();
    answers.shift()?.(map);
  };
  return { store, asked, begun, answer, world };
}

const EDGES = { preprocessor: 'canny', low: 50, high: 150, map: null } as const;

test('of the changes while a map is being made, only the last one is made next', async () => {
  const { store, asked, begun, answer } = setupMaps();
  store().add(sampleControl(EDGES));
  await begun();
  expect(store().making).toEqual(['layer']);
  store().change('layer', { low: 60 });
  store().change('layer', { low: 70 });
  await answer(new Blob(['stale']));
  const map = new Blob(['newest']);
  await answer(map);
  await store().ready();
  expect(store()).toMatchObject({ making: [], layers: [{ map }] });
  expect(asked.map(({ low }) => low)).toEqual([50, 70]);
  expect(asked[1]).toMatchObject({ preprocessor: 'canny', high: 150, width: 64, height: 96, model: null });
});

test('what a map does not depend on makes no map, and leaves the one there is', async () => {
  const { store, asked } = setupMaps();
  store().add(sampleControl({ ...EDGES, map: new Blob(['there']) }));
  store().change('layer', { scale: 0.5, end: 0.3, isGuess: true, isInverted: true, isOn: false });
  await store().ready();
  expect(asked).toEqual([]);
  expect(store().layers).toMatchObject([{ scale: 0.5, map: expect.any(Blob) }]);
});

test('why a map cannot be made is said at its layer until another one is', async () => {
  const { store, answer } = setupMaps();
  store().add(sampleControl(EDGES));
  await answer(new AppError('out-of-memory', 'too large'));
  await store().ready();
  expect(store()).toMatchObject({ making: [], errors: { layer: { code: 'out-of-memory' } } });
  store().makeMissing();
  expect(store().making).toEqual([]);
  store().change('layer', { low: 90 });
  await answer(new Blob(['map']));
  await store().ready();
  expect(store().errors).toEqual({});
});

test('a map of depth is made once there is what estimates it, and by that', async () => {
  const { store, asked, answer, world } = setupMaps();
  store().add(sampleControl({ preprocessor: 'depth', map: null }));
  await store().ready();
  expect(store()).toMatchObject({ making: [], errors: {}, layers: [{ map: null }] });
  world.model = 'test/depth';
  store().makeMissing();
  await answer(new Blob(['depth']));
  await store().ready();
  expect(asked).toMatchObject([{ preprocessor: 'depth', model: 'test/depth' }]);
  expect(store().layers[0]?.map).not.toBeNull();
});

test('a layer that is removed while its map is being made stays removed', async () => {
  const { store, begun, answer } = setupMaps();
  store().add(sampleControl(EDGES));
  await begun();
  store().remove('layer');
  await answer(new Blob(['late']));
  await store().ready();
  expect(store()).toMatchObject({ layers: [], making: [] });
});
