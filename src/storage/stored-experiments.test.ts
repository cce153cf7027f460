import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { deleteDB, openDB } from 'idb';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Axes } from '../experiments/axes.ts';
import type { GenerationRequest } from '../protocol/generation.ts';
import { ownName } from '../protocol/root.ts';
import { requestWith } from '../protocol/samples/sample-request.ts';
import { QUIET } from './storage-news.ts';
import { openExperimentStorage, readSetup } from './stored-experiments.ts';

const BASE = requestWith({ width: 64 });
const AXES: Axes = [
  { kind: 'guidanceScale', values: [1, 5] },
  { kind: 'seed', values: [3, 4] },
];
/** `AXES` as they are in storage, and as earlier versions stored them. */
const STORED_AXES = [
  { kind: 'guidance', values: [1, 5] },
  { kind: 'seed', values: [3, 4] },
];
const DATABASE = ownName('experiments');

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

test('an experiment over the strength of what steers is kept, with its maps', async () => {
  const map = new Blob(['map']);
  const layer = { model: 'c', map, preprocessor: 'canny' as const, controlMode: null, scale: 1 };
  const base = requestWith({ controls: [{ ...layer, start: 0, end: 1, isGuess: false }] });
  const axes: Axes = [
    { kind: 'controlScale', values: [0, 1] },
    { kind: 'picturePromptScale', values: [0.5] },
  ];
  const setup = { id: 'a', createdAt: 1, base, axes };
  const storage = openExperimentStorage();
  await storage.save(setup);
  const [stored] = await storage.list();
  expect(stored?.setup).toEqual(setup);
  expect(await stored?.setup.base.controls[0]?.map.text()).toBe('map');
});

test('axes of every kind that an earlier version stored are read', async () => {
  const stored = [
    ...['guidance', 'steps', 'seed', 'strength', 'clipSkip', 'eta', 'rescale'].map((kind) => [kind, [1]]),
    ...[
      ['sampler', ['euler']],
      ['prompt', ['red', 'blue']],
      ['size', ['64x96']],
      ['model', ['a/b']],
    ],
  ].map(([kind, values]) => ({ kind, values }));
  const kinds = stored.map(
    (axis) => readSetup({ id: 'a', createdAt: 1, base: BASE, axes: [axis] })?.axes[0].kind,
  );
  expect(kinds).toEqual([
    ...['guidanceScale', 'numInferenceSteps', 'seed', 'strength', 'clipSkip', 'eta', 'guidanceRescale'],
    ...['scheduler', 'prompt', 'size', 'model'],
  ]);
  await openExperimentStorage().save({ id: 'a', createdAt: 1, base: BASE, axes: AXES });
  const db = await openDB(DATABASE);
  expect(await db.get('sweeps', 'a'), 'that version could read it in turn').toMatchObject({
    axes: STORED_AXES,
  });
  db.close();
});

test.each([
  ['no object', 5],
  ['no axes', { axes: [] }],
  ['three axes', { axes: [...STORED_AXES, { kind: 'eta', values: [0] }] }],
  ['an axis nobody knows', { axes: [{ kind: 'colour', values: [1] }] }],
  ['an axis without values', { axes: [{ kind: 'eta', values: [] }] }],
  ['words for a number', { axes: [{ kind: 'eta', values: ['much'] }] }],
  ['a number for a model', { axes: [{ kind: 'model', values: [1] }] }],
  ['a sampler nobody knows', { axes: [{ kind: 'sampler', values: ['toString'] }] }],
  ['a size that is none', { axes: [{ kind: 'size', values: ['wide'] }] }],
  [
    'too many cells',
    { axes: [STORED_AXES[0], { kind: 'seed', values: Array.from({ length: 300 }, (_, i) => i) }] },
  ],
  ['no request', { base: null }],
  ['a request without a size', { base: { ...BASE, width: undefined } }],
  ['a request of an unknown sampler', { base: { ...BASE, scheduler: 'none' } }],
  ['no id', { id: '' }],
])('a stored experiment with %s is not read', (_, change) => {
  const setup = { id: 'a', createdAt: 1, base: BASE, axes: STORED_AXES };
  expect(readSetup(setup)).toEqual({ ...setup, axes: AXES });
  expect(readSetup(typeof change === 'object' ? { ...setup, ...change } : change)).toBeNull();
});

test('a setting that did not exist when it was stored has its default; unreadable rows are left out', async () => {
  const { eta: _, ...older } = BASE;
  const setup = { id: 'a', createdAt: 1, base: older as GenerationRequest, axes: AXES };
  await openExperimentStorage().saveCell(setup, 0, { png: new Blob(['x']), seconds: 1 });
  const db = await openDB(DATABASE);
  await db.put('sweeps', { rubbish: true }, 'b');
  await db.put('cells', 'rubbish', ['a', 1]);
  db.close();
  const unreadable = vi.fn();
  const storage = openExperimentStorage({ ...QUIET, unreadable });
  expect((await storage.list()).map(({ setup }) => setup)).toEqual([
    { id: 'a', createdAt: 1, base: BASE, axes: AXES },
  ]);
  expect(unreadable).toHaveBeenCalledExactlyOnceWith(1);
  expect([...(await storage.cells('a')).keys()]).toEqual([0]);
});

test('a cell that is stored after the database was cleared brings its experiment with it', async () => {
  const storage = openExperimentStorage();
  const setup = { id: 'a', createdAt: 1, base: BASE, axes: AXES };
  await storage.save(setup);
  await storage.saveCell(setup, 0, { png: new Blob(['x']), seconds: 1 });
  await deleteDB(DATABASE);
  await storage.saveCell(setup, 1, { png: new Blob(['y']), seconds: 1 });
  expect(await storage.list()).toEqual([{ setup, done: 1 }]);
});
