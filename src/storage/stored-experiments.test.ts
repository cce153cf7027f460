import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { beforeEach, expect, test } from 'vitest';
import type { Axes } from '../experiments/axes.ts';
import { type GenerationRequest, UNTOLD } from '../protocol/generation.ts';
import { ownName } from '../protocol/root.ts';
import { openExperimentStorage, readSweep } from './stored-experiments.ts';

const BASE: GenerationRequest = {
  model: 'trinket',
  device: 'auto',
  prompt: 'a red apple',
  negativePrompt: '',
  width: 64,
  height: 64,
  numInferenceSteps: 2,
  guidanceScale: 4,
  seed: 0,
  numImages: 1,
  scheduler: 'ddim',
  filmstrip: false,
  ...UNTOLD,
};
const AXES: Axes = [
  { kind: 'guidance', values: [1, 5] },
  { kind: 'seed', values: [3, 4] },
];
const DATABASE = ownName('experiments');

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

test.each([
  ['no object', 5],
  ['no axes', { axes: [] }],
  ['three axes', { axes: [...AXES, { kind: 'eta', values: [0] }] }],
  ['an axis nobody knows', { axes: [{ kind: 'colour', values: [1] }] }],
  ['an axis without values', { axes: [{ kind: 'eta', values: [] }] }],
  ['words for a number', { axes: [{ kind: 'eta', values: ['much'] }] }],
  ['a number for a model', { axes: [{ kind: 'model', values: [1] }] }],
  ['a sampler nobody knows', { axes: [{ kind: 'sampler', values: ['toString'] }] }],
  ['a size that is none', { axes: [{ kind: 'size', values: ['wide'] }] }],
  ['too many cells', { axes: [AXES[0], { kind: 'seed', values: Array.from({ length: 300 }, (_, i) => i) }] }],
  ['no request', { base: null }],
  ['a request without a size', { base: { ...BASE, width: undefined } }],
  ['a request of an unknown sampler', { base: { ...BASE, scheduler: 'none' } }],
  ['no id', { id: '' }],
])('a stored experiment with %s is not read', (_, change) => {
  const sweep = { id: 'a', createdAt: 1, base: BASE, axes: AXES };
  expect(readSweep(sweep)).toEqual(sweep);
  expect(readSweep(typeof change === 'object' ? { ...sweep, ...change } : change)).toBeNull();
});

test('a setting that did not exist when it was stored has its default; unreadable rows are left out', async () => {
  const { eta: _, ...older } = BASE;
  await openExperimentStorage().save({ id: 'a', createdAt: 1, base: older as GenerationRequest, axes: AXES });
  await openExperimentStorage().saveCell('a', 0, { png: new Blob(['x']), seconds: 1 });
  const db = await openDB(DATABASE);
  await db.put('sweeps', { rubbish: true }, 'b');
  await db.put('cells', 'rubbish', ['a', 1]);
  db.close();
  const storage = openExperimentStorage();
  expect((await storage.list()).map(({ sweep }) => sweep)).toEqual([
    { id: 'a', createdAt: 1, base: BASE, axes: AXES },
  ]);
  expect([...(await storage.cells('a')).keys()]).toEqual([0]);
});
