import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import type { ControlFacts, ControlPurpose } from '../../protocol/control-facts.ts';
import type { InstalledModel } from '../../protocol/models.ts';
import { createStores } from '../stores.ts';
import { addControl, chooseControl, removeControl, setReady } from './control-layers.ts';
import { SAMPLE_BROWSER } from './samples/sample-browser.ts';
import { undoTakeover } from './take-over.ts';

const entry = (id: string, type: InstalledModel['type'], control?: ControlFacts) =>
  ({ id, type, family: 'sd1', complete: true, files: [] as readonly object[], control }) as InstalledModel;
const net = (purpose: ControlPurpose | null): ControlFacts => ({
  ...{ kind: 'ControlNet', base: 'sd1', purpose, controlModes: 0 },
});

/** Stores with a model and these control models on the device, the first of them the newest. */
function setup(...nets: readonly (ControlPurpose | null)[]) {
  const client = { call: async () => {} } as unknown as Caller;
  const storageFaults = createStore(() => ({ failed: {}, unreadable: {}, dismiss: () => {} }));
  const stores = createStores({ ...SAMPLE_BROWSER, client, library: client, storageFaults });
  const controls = nets.map((purpose) => entry(`test/${purpose}`, 'control', net(purpose)));
  stores.models.setState({ installed: [entry('test/model', 'model'), ...controls] });
  stores.settings.getState().set('model', 'test/model');
  const seen = () =>
    stores.controls.getState().layers.map(({ model, preprocessor }) => `${model} ${preprocessor}`);
  const first = () => stores.controls.getState().layers[0]?.id ?? '';
  return { stores, seen, first };
}

test('a new layer has a model whose map can be made here; the next has another', () => {
  const { stores, seen } = setup('openpose', 'depth', null, 'canny');
  addControl(stores);
  addControl(stores);
  expect(seen()).toEqual(['test/canny canny', 'test/openpose none']);
});

test('a layer can be added before there is any control model', () => {
  const { stores, seen } = setup();
  addControl(stores);
  expect(seen()).toEqual(['null none']);
});

test('a layer that is added before the models are known has one as soon as they are', () => {
  const { stores, seen } = setup('canny');
  const { installed } = stores.models.getState();
  stores.models.setState({ installed: null });
  addControl(stores);
  expect(seen()).toEqual(['null none']);
  stores.models.setState({ installed });
  expect(seen()).toEqual(['test/canny canny']);
});

test('the kind of map follows the model, and can be a ready map', () => {
  const { stores, seen, first } = setup('canny', 'scribble');
  addControl(stores);
  chooseControl(stores, first(), 'test/scribble');
  expect(seen()).toEqual(['test/scribble scribble']);
  setReady(stores, first(), true);
  chooseControl(stores, first(), 'test/canny');
  expect(seen()).toEqual(['test/canny none']);
  setReady(stores, first(), false);
  expect(seen()).toEqual(['test/canny canny']);
});

test('a layer that was removed comes back with Undo', async () => {
  const { stores, seen, first } = setup('canny');
  addControl(stores);
  await removeControl(stores, first());
  expect(seen()).toEqual([]);
  expect(stores.notice.getState()).toMatchObject({ fact: { kind: 'control-removed' }, canUndo: true });
  await undoTakeover(stores);
  expect(seen()).toEqual(['test/canny canny']);
});
