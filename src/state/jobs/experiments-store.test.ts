import { randomUUID } from 'node:crypto';
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test } from 'vitest';
import type { Axes } from '../../experiments/axes.ts';
import { AppError } from '../../protocol/errors.ts';
import type { GenerationRequest } from '../../protocol/generation.ts';
import { requestWith } from '../../protocol/samples/sample-request.ts';
import { type ExperimentStorage, openExperimentStorage } from '../../storage/stored-experiments.ts';
import { createExperimentsStore } from './experiments-store.ts';
import type { Origin } from './run.ts';
import type { Submitted } from './submit.ts';

const BASE = requestWith({ width: 64 });
const AXES: Axes = [
  { kind: 'guidanceScale', values: [1, 5] },
  { kind: 'seed', values: [3, 4] },
];
const FAILING: ExperimentStorage = {
  list: () => Promise.reject(new Error('no')),
  cells: () => Promise.reject(new Error('no')),
  save: () => Promise.reject(new Error('no')),
  saveCell: () => Promise.reject(new Error('no')),
  remove: () => Promise.reject(new Error('no')),
};

/** An experiments' store whose pictures the test makes, one by one. */
function setup(storage: ExperimentStorage = openExperimentStorage()) {
  const asked: {
    request: GenerationRequest;
    signal: AbortSignal;
    make: (text: string) => void;
    fail: (error: Error) => void;
  }[] = [];
  const submit = (request: GenerationRequest, _: Origin, signal: AbortSignal) =>
    new Promise<Submitted>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      const make = (text: string) => resolve({ png: new Blob([text]), seconds: 1 });
      asked.push({ request, signal, make, fail: reject });
    });
  const store = createExperimentsStore(submit, storage, () => 7, randomUUID);
  void store.getState().load();
  const nth = async (count: number) => {
    await expect.poll(() => asked.length).toBeGreaterThanOrEqual(count);
    return asked[count - 1] as (typeof asked)[number];
  };
  const states = () => store.getState().current?.cells.map(({ state }) => state);
  return { store, asked, nth, states };
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

test('cells run one after the other, in the order that changes the least between two', async () => {
  const { store, nth, states } = setup();
  const over = store.getState().begin(BASE, AXES);
  const seen: [number, number][] = [];
  for (let i = 1; i <= 4; i++) {
    const { request, make } = await nth(i);
    seen.push([request.guidanceScale, request.seed]);
    make(String(i));
  }
  await over;
  expect(seen).toEqual([
    [1, 3],
    [1, 4],
    [5, 3],
    [5, 4],
  ]);
  expect(states()).toEqual(['done', 'done', 'done', 'done']);
  expect(store.getState().phase).toBe('idle');
});

test('a stopped experiment keeps its finished cells, survives a reload, and resumes with the rest', async () => {
  const first = setup();
  const over = first.store.getState().begin(BASE, AXES);
  (await first.nth(1)).make('one');
  await first.nth(2);
  first.store.getState().stop();
  expect(first.store.getState().phase).toBe('stopping');
  await over;
  expect(first.states()).toEqual(['done', 'waiting', 'waiting', 'waiting']);

  const second = setup();
  await expect.poll(() => second.store.getState().current).not.toBeNull();
  expect(second.states()).toEqual(['done', 'waiting', 'waiting', 'waiting']);
  expect(second.store.getState().phase, 'it does not start by itself').toBe('idle');
  expect(second.asked).toHaveLength(0);
  const cell = second.store.getState().current?.cells[0];
  expect(cell?.state === 'done' && (await cell.png.text())).toBe('one');
  const resumed = second.store.getState().resume();
  for (let i = 1; i <= 3; i++) (await second.nth(i)).make(String(i));
  await resumed;
  expect(second.states()).toEqual(['done', 'done', 'done', 'done']);
});

test('a cell stopped in the queue stops the experiment; a failed one does not, and can be tried again', async () => {
  const { store, asked, nth, states } = setup();
  const over = store.getState().begin(BASE, AXES);
  (await nth(1)).fail(new AppError('wrong-numbers', 'no picture'));
  (await nth(2)).fail(new AppError('aborted', 'Stopped.'));
  await over;
  expect(states()).toEqual(['failed', 'waiting', 'waiting', 'waiting']);

  const before = asked.length;
  const again = store.getState().retry(0);
  expect((await nth(before + 1)).request).toEqual(asked[0]?.request);
  for (let i = 1; i <= 4; i++) (await nth(before + i)).make(String(i));
  await again;
  expect(states()).toEqual(['done', 'done', 'done', 'done']);
});

test('no other experiment begins while one is running', async () => {
  const { store, asked, nth } = setup();
  void store.getState().begin(BASE, AXES);
  await nth(1);
  await store.getState().begin({ ...BASE, prompt: 'another' }, AXES);
  await store.getState().resume();
  expect(store.getState().current?.base.prompt).toBe('a red apple');
  // The first, and the one behind it.
  expect(asked).toHaveLength(2);
});

test('a deleted experiment is restored with all of its cells', async () => {
  const { store, nth, states } = setup();
  const over = store.getState().begin(BASE, AXES);
  for (let i = 1; i <= 4; i++) (await nth(i)).make(`cell ${i}`);
  await over;
  const id = store.getState().current?.id as string;
  await store.getState().delete(id);
  expect(store.getState()).toMatchObject({ current: null, stored: [] });
  expect(await openExperimentStorage().list()).toEqual([]);
  expect((await openExperimentStorage().cells(id)).size).toBe(0);

  await store.getState().undoDelete();
  expect(states()).toEqual(['done', 'done', 'done', 'done']);
  const texts = [...(await openExperimentStorage().cells(id)).values()].map(({ png }) => png.text());
  expect(await Promise.all(texts)).toEqual(['cell 1', 'cell 3', 'cell 2', 'cell 4']);
});

test('where storing fails, the pictures are made all the same', async () => {
  const { store, nth, states } = setup(FAILING);
  const over = store.getState().begin(BASE, [{ kind: 'seed', values: [1, 2] }]);
  for (let i = 1; i <= 2; i++) (await nth(i)).make(String(i));
  await over;
  expect(states()).toEqual(['done', 'done']);
});

test('pictures that could not be stored are restored with their experiment', async () => {
  const stored = openExperimentStorage();
  const full = () => Promise.reject(new AppError('storage-full', 'Full.'));
  const { store, nth, states } = setup({ ...stored, saveCell: full });
  const over = store.getState().begin(BASE, [{ kind: 'seed', values: [1, 2] }]);
  for (let i = 1; i <= 2; i++) (await nth(i)).make(String(i));
  await over;
  await expect.poll(() => store.getState().stored).toHaveLength(1);
  await store.getState().delete(store.getState().current?.id as string);
  expect(store.getState().current).toBeNull();
  await store.getState().undoDelete();
  expect(states()).toEqual(['done', 'done']);
});

test('an experiment whose pictures cannot be read now is not deleted', async () => {
  const stored = openExperimentStorage();
  const first = setup();
  const over = first.store.getState().begin(BASE, [{ kind: 'seed', values: [1] }]);
  (await first.nth(1)).make('one');
  await over;
  const { store } = setup({ ...stored, cells: () => Promise.reject(new AppError('no-storage', 'Off.')) });
  await expect.poll(() => store.getState().stored).toHaveLength(1);
  const id = store.getState().stored[0]?.setup.id as string;
  await store.getState().open(id);
  await store.getState().delete(id);
  expect((await stored.cells(id)).size).toBe(1);
});

test('where nothing is stored, an experiment is still there when another one has begun', async () => {
  const { store, nth, states } = setup(FAILING);
  const run = async (first: number) => {
    const over = store.getState().begin(BASE, [{ kind: 'seed', values: [first, first + 1] }]);
    for (const i of [first, first + 1]) (await nth(i)).make(String(i));
    await over;
    return store.getState().current?.id as string;
  };
  const id = await run(1);
  await run(3);
  await expect.poll(() => store.getState().stored.map(({ done }) => done)).toEqual([2, 2]);
  await store.getState().open(id);
  expect(store.getState().current?.id).toBe(id);
  expect(states()).toEqual(['done', 'done']);
});

test('what could not be stored is stored with the next picture that can be', async () => {
  const stored = openExperimentStorage();
  let isOff = true;
  const off = (use: () => Promise<void>) =>
    isOff ? Promise.reject(new AppError('no-storage', 'Off.')) : use();
  const { store, nth } = setup({
    ...stored,
    save: (setup) => off(() => stored.save(setup)),
    saveCell: (setup, cell, done) => off(() => stored.saveCell(setup, cell, done)),
  });
  const over = store.getState().begin(BASE, [{ kind: 'seed', values: [1, 2] }]);
  (await nth(1)).make('1');
  (await nth(2)).make('2');
  isOff = false;
  await over;
  await expect.poll(() => store.getState().stored.map(({ done }) => done)).toEqual([2]);
  expect((await stored.cells(store.getState().current?.id as string)).size).toBe(2);
});
