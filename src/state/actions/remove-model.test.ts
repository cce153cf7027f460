import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import type { CallName } from '../../protocol/calls.ts';
import { AppError } from '../../protocol/errors.ts';
import { createStores } from '../stores.ts';
import { removeModel } from './remove-model.ts';
import { SAMPLE_BROWSER } from './samples/sample-browser.ts';
import { chooseModel, redoTakeover, undoTakeover } from './take-over.ts';

const installed = (id: string) => ({ id, label: id, files: [], complete: true });

/** Stores with these models on the device, and this in the form. */
function setup(
  ids: string[],
  form: Partial<Record<'model' | 'width' | 'vae' | 'prompt', string>>,
  refused?: AppError,
) {
  const library = {
    call: async (name: CallName, params: { readonly id: string }) => {
      if (name === 'removeModel' && refused) throw refused;
      if (name === 'removeModel') ids.splice(ids.indexOf(params.id), 1);
      return { models: ids.map(installed), previewVaes: [], storage: { modelBytes: 0, freeBytes: 0 } };
    },
  } as unknown as Caller;
  const storageFaults = createStore(() => ({ failed: {}, unreadable: {}, dismiss: () => {} }));
  const stores = createStores({ ...SAMPLE_BROWSER, client: library, library, storageFaults });
  const names = Object.keys(form) as (keyof typeof form)[];
  for (const name of names) stores.settings.getState().set(name, form[name] as string);
  return stores;
}

test('the form goes back to the bundled model, with its settings, and the prompt stays', async () => {
  const stores = setup(['a/b'], { model: 'a/b', width: '512', prompt: 'a red fox' });
  await removeModel(stores, 'a/b');
  const { fields } = stores.settings.getState();
  expect(fields).toMatchObject({ model: 'trinket', width: '128', height: '128', prompt: 'a red fox' });
  expect(stores.notice.getState().fact).toEqual({ kind: 'model-deleted', label: 'b', instead: 'Trinket' });
});

test('a component of the form becomes the model’s own again', async () => {
  const stores = setup(['a/b', 'c/vae'], { model: 'a/b', width: '512', vae: 'c/vae' });
  await removeModel(stores, 'c/vae');
  const { fields } = stores.settings.getState();
  expect(fields).toMatchObject({ model: 'a/b', width: '512' });
  expect(fields.vae).not.toBe('c/vae');
  expect(stores.notice.getState().fact).toEqual({ kind: 'model-deleted', label: 'vae', instead: null });
});

test('a form that uses another model, and one whose model could not be deleted, stay', async () => {
  const other = setup(['a/b', 'c/d'], { model: 'a/b' });
  await removeModel(other, 'c/d');
  expect(other.settings.getState().fields.model).toBe('a/b');
  expect(other.notice.getState().fact).toBeNull();

  const kept = setup(['a/b'], { model: 'a/b' }, new AppError('no-storage', 'Busy.'));
  await removeModel(kept, 'a/b');
  expect(kept.settings.getState().fields.model).toBe('a/b');
});

test('undoing what brings back a deleted model does as deleting does, and says so; so does doing it again', async () => {
  const stores = setup(['a/b', 'c/d'], {});
  await stores.models.getState().refresh();
  const model = () => stores.settings.getState().fields.model;
  const said = () => stores.notice.getState().fact;
  await chooseModel(stores, 'a/b');
  await chooseModel(stores, 'c/d');
  await removeModel(stores, 'a/b');
  expect(model()).toBe('c/d');
  await undoTakeover(stores);
  expect(model()).toBe('trinket');
  expect(said()).toEqual({ kind: 'model-gone', label: 'b', instead: 'Trinket' });
  await redoTakeover(stores);
  expect(model()).toBe('c/d');
  expect(said()).toMatchObject({ kind: 'settings-applied' });
  stores.settings.getState().set('vae', 'x/vae');
  await chooseModel(stores, 'trinket');
  await undoTakeover(stores);
  expect(said()).toEqual({ kind: 'model-gone', label: 'vae', instead: null });
  expect([model(), stores.settings.getState().fields.vae]).toEqual(['c/d', '']);
});
