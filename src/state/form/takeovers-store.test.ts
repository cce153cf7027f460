import { beforeEach, expect, test, vi } from 'vitest';
import { BUNDLED, type BundledModel } from '../../catalog/models.ts';
import type { Caller } from '../../client/caller.ts';
import { createControlsStore } from './controls-store.ts';
import { createInitImageStore } from './init-image-store.ts';
import { EMPTY_MASK } from './mask.ts';
import { createPicturePromptsStore, NEW_PICTURE_PROMPT } from './picture-prompts-store.ts';
import { MAP_WORLD, sampleControl } from './samples/sample-control.ts';
import { createSettingsStore } from './settings-store.ts';
import { createTakeoversStore } from './takeovers-store.ts';

beforeEach(() => {
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:1');
});

function setup() {
  const settings = createSettingsStore(
    () => 100,
    () => ({ getItem: () => null, setItem: () => {}, removeItem: () => {} }),
  );
  const client = { call: async () => ({ width: 3, height: 2, settings: null }) } as unknown as Caller;
  const initImage = createInitImageStore(client, { load: async () => null, save: async () => {} });
  const controls = createControlsStore(
    client,
    { load: async () => [], save: async () => {} },
    () => MAP_WORLD,
  );
  const picturePrompts = createPicturePromptsStore(client, { load: async () => [], save: async () => {} });
  const takeovers = createTakeoversStore(settings, initImage, controls, picturePrompts);
  const { set } = settings.getState();
  const during = (change: () => unknown) => takeovers.getState().during(change);
  const stores = { settings, initImage, controls, picturePrompts, takeovers };
  return { ...stores, fields: () => settings.getState().fields, set, during };
}

test('a takeover is undone and done again; what was typed since stays', async () => {
  const { fields, set, during, takeovers } = setup();
  set('prompt', 'typed for a long time');
  await during(() => set('prompt', 'an example'));
  set('numInferenceSteps', '33');
  expect(await takeovers.getState().undo()).toBe(true);
  expect(fields()).toMatchObject({ prompt: 'typed for a long time', numInferenceSteps: '33' });
  expect(await takeovers.getState().redo()).toBe(true);
  expect(fields()).toMatchObject({ prompt: 'an example', numInferenceSteps: '33' });
});

test('a seed that was locked, or used, since a takeover that did not concern it stays so', async () => {
  const { set, settings, during, takeovers } = setup();
  await during(() => set('prompt', 'an example'));
  settings.getState().submit();
  settings.getState().setSeedLocked(true);
  const { spentSeed } = settings.getState();
  await takeovers.getState().undo();
  expect(settings.getState()).toMatchObject({ fields: { prompt: '' }, seedLocked: true, spentSeed });
  await takeovers.getState().redo();
  expect(settings.getState()).toMatchObject({ fields: { prompt: 'an example' }, seedLocked: true });
});

test('several are undone one after the other, and what replaced nothing is none', async () => {
  const { fields, set, during, takeovers } = setup();
  for (const prompt of ['one', 'two', 'two', 'three']) await during(() => set('prompt', prompt));
  for (const prompt of ['two', 'one', '']) {
    await takeovers.getState().undo();
    expect(fields().prompt).toBe(prompt);
  }
  expect(await takeovers.getState().undo()).toBe(false);
});

test('a locked seed, and a start picture with its mask, come back', async () => {
  const { during, takeovers, settings, initImage } = setup();
  const picture = new Blob(['picture']);
  await initImage.getState().take(picture);
  initImage.getState().change({ mask: EMPTY_MASK, offset: { x: 1, y: 0 } });
  settings.getState().set('seed', '7');
  settings.setState({ spentSeed: '7' });
  await during(async () => {
    settings.getState().reuseSeed(42);
    await initImage.getState().take(new Blob(['another']));
  });
  await takeovers.getState().undo();
  expect(settings.getState()).toMatchObject({ fields: { seed: '7' }, seedLocked: false, spentSeed: '7' });
  expect(initImage.getState()).toMatchObject({ file: picture, mask: EMPTY_MASK, offset: { x: 1, y: 0 } });
});

test('the model’s usual settings come back, but for texts, model, seed and what is this device’s', () => {
  const { settings, set, fields } = setup();
  const usual = fields();
  for (const [name, value] of [
    ['prompt', 'a cat'],
    ['clipSkip', '2'],
    ['noise', 'gpu'],
    ['vae', 'a/b'],
    ['numInferenceSteps', '50'],
    ['device', 'wasm'],
    ['filmstrip', true],
    ['numImages', '4'],
    ['seed', '9'],
  ] as const)
    set(name, value as never);
  settings.getState().setSeedLocked(true);
  settings.getState().reset((BUNDLED.trinket as BundledModel).defaults);
  const kept = { prompt: 'a cat', device: 'wasm', filmstrip: true, numImages: '4', seed: '9' };
  expect(fields()).toEqual({ ...usual, ...kept });
  expect(settings.getState().seedLocked).toBe(false);
});

test('a removed control layer comes back to its place; what was done with the others since stays', async () => {
  const { controls, during, takeovers } = setup();
  const { put, remove, change, add } = controls.getState();
  const seen = () => controls.getState().layers.map(({ id, scale }) => `${id} ${scale}`);
  put(['one', 'two', 'three'].map((id) => sampleControl({ id })));
  await during(() => remove('two'));
  change('three', { scale: 0.5 });
  add(sampleControl({ id: 'four' }));
  await takeovers.getState().undo();
  expect(seen()).toEqual(['one 1', 'two 1', 'three 0.5', 'four 1']);
  change('two', { scale: 2 });
  await takeovers.getState().redo();
  expect(seen()).toEqual(['one 1', 'three 0.5', 'four 1']);
  await takeovers.getState().undo();
  expect(seen()).toEqual(['one 1', 'two 2', 'three 0.5', 'four 1']);
});

test('layers that a picture brought are undone with its settings', async () => {
  const { controls, set, fields, during, takeovers } = setup();
  controls.getState().put([sampleControl({ id: 'own' })]);
  await during(() => {
    set('prompt', 'of the picture');
    controls.getState().put([sampleControl({ id: 'brought' })]);
  });
  await takeovers.getState().undo();
  expect(fields().prompt).toBe('');
  expect(controls.getState().layers.map(({ id }) => id)).toEqual(['own']);
});

test('picture prompts that were replaced come back, and what was added since stays', async () => {
  const { during, picturePrompts, takeovers } = setup();
  const prompt = (id: string) => ({ ...NEW_PICTURE_PROMPT, id });
  const { put, add } = picturePrompts.getState();
  const ids = () => picturePrompts.getState().prompts.map(({ id }) => id);
  put([prompt('a'), prompt('b')]);
  await during(() => put([prompt('c')]));
  add(prompt('d'));
  await takeovers.getState().undo();
  expect(ids()).toEqual(['a', 'b', 'd']);
  await takeovers.getState().redo();
  expect(ids()).toEqual(['c', 'd']);
});
