import { expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import { AppError } from '../../protocol/errors.ts';
import type { PictureSettings } from '../../protocol/picture-settings.ts';
import { createStores } from '../stores.ts';
import { generate } from './generate.ts';
import { applyLink } from './link.ts';
import { restoreSettings } from './restore-picture.ts';
import { SAMPLE_BROWSER } from './samples/sample-browser.ts';
import {
  chooseModel,
  discardImage,
  redoTakeover,
  resetToDefaults,
  startFrom,
  undoTakeover,
} from './take-over.ts';

function setup(prompt = '') {
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:1');
  const call = async (name: string) => {
    if (name === 'countTokens') return { room: 75, texts: [], unnamed: 0 };
    return name === 'inspectImage' ? { width: 64, height: 64, settings: null } : { seconds: 1 };
  };
  const client = { call } as unknown as Caller;
  const storageFaults = createStore(() => ({ failed: {}, unreadable: {}, dismiss: () => {} }));
  const stores = createStores({ ...SAMPLE_BROWSER, client, library: client, storageFaults });
  stores.settings.getState().set('prompt', prompt);
  const form = () => stores.settings.getState();
  const said = () => [stores.notice.getState().fact?.kind, stores.notice.getState().canUndo];
  return { stores, form, said };
}

const follow = (stores: ReturnType<typeof setup>['stores'], hash: string) =>
  applyLink(stores, { readHash: () => hash, replaceHash: () => {}, isOwn: () => false });

const MADE: PictureSettings = {
  tool: 'A1111',
  settings: { prompt: 'a castle', seed: 12345, numInferenceSteps: 25, hires: null },
  notes: [{ kind: 'unread', name: 'guidanceScale' }],
};

test('a picture’s settings leave nothing of the form’s behind, but what could not be read of them', async () => {
  const { stores, form, said } = setup('typed');
  const before = form().fields;
  for (const [name, value] of [
    ['clipSkip', '2'],
    ['noise', 'gpu'],
    ['guidanceRescale', '0.7'],
    ['guidanceScale', '9'],
    ['numImages', '4'],
    ['device', 'wasm'],
  ] as const)
    form().set(name, value as never);
  await restoreSettings(stores, MADE);
  expect(form().fields).toEqual({
    ...before,
    ...{ prompt: 'a castle', seed: '12345', numInferenceSteps: '25', guidanceScale: '9', device: 'wasm' },
  });
  expect(form().seedLocked).toBe(true);
  expect(said()).toEqual(['settings-applied', true]);
  await undoTakeover(stores);
  expect(form().fields).toMatchObject({ prompt: 'typed', clipSkip: '2', noise: 'gpu', numImages: '4' });
  expect(form().seedLocked).toBe(false);
});

test('a link that replaces a text says so; one that does not says nothing, and either can be undone', async () => {
  const { stores, form, said } = setup();
  follow(stores, '#prompt=a+cat');
  await vi.waitFor(() => expect(stores.takeovers.getState().past).toHaveLength(1));
  expect(said()).toEqual([undefined, false]);
  follow(stores, '#prompt=a+dog');
  await vi.waitFor(() => expect(said()).toEqual(['link-applied', true]));
  follow(stores, '#steps=7');
  await vi.waitFor(() =>
    expect(said(), 'an older notice would undo the wrong one').toEqual([undefined, false]),
  );
  for (const prompt of ['a dog', 'a cat', '']) {
    await undoTakeover(stores);
    expect(form().fields.prompt).toBe(prompt);
  }
});

test('whatever replaces a typed prompt, it is among the earlier ones', async () => {
  const { stores, form } = setup('typed and never painted');
  follow(stores, '#prompt=a+cat');
  form().set('prompt', 'painted');
  generate(stores);
  await undoTakeover(stores);
  expect(stores.prompts.getState().texts.prompt).toEqual(['painted', 'typed and never painted']);
});

test('a start picture that is replaced or removed comes back', async () => {
  const { stores, said } = setup();
  const [one, other] = [new Blob(['one']), new Blob(['other'])];
  await startFrom(stores, one);
  expect(said()).toEqual([undefined, false]);
  await startFrom(stores, other);
  expect(said()).toEqual(['image-replaced', true]);
  await discardImage(stores);
  expect(said()).toEqual(['image-removed', true]);
  for (const file of [other, one, null]) {
    await undoTakeover(stores);
    expect(stores.initImage.getState().file).toBe(file);
  }
});

test('what was set by hand and another model, or a reset, has replaced, comes back', async () => {
  const { stores, form, said } = setup();
  await chooseModel(stores, 'someone/model');
  expect(said(), 'nothing was set by hand').toEqual([undefined, false]);
  await chooseModel(stores, 'trinket');
  form().set('numInferenceSteps', '33');
  await resetToDefaults(stores);
  expect(said()).toEqual(['settings-reset', true]);
  await undoTakeover(stores);
  expect(form().fields.numInferenceSteps).toBe('33');
  await chooseModel(stores, 'someone/model');
  expect(said()).toEqual(['model-chosen', true]);
  await undoTakeover(stores);
  expect(form().fields).toMatchObject({ model: 'trinket', numInferenceSteps: '33' });
  form().set('schedule', 'karras');
  await chooseModel(stores, 'someone/model');
  expect(form().fields.schedule, 'it was set beside another sampler').toBe('automatic');
  await undoTakeover(stores);
  expect(form().fields.schedule).toBe('karras');
});

test('why a job failed is said no more once another form was taken over, or the one before came back', async () => {
  const { stores } = setup();
  const fail = () =>
    stores.generation.setState({ phase: 'failed', error: new AppError('wrong-numbers', 'NaN.') });
  const error = () => stores.generation.getState().error;
  stores.settings.getState().set('numInferenceSteps', '7');
  fail();
  await resetToDefaults(stores);
  expect(error()).toBeNull();
  fail();
  await undoTakeover(stores);
  expect(error()).toBeNull();
  fail();
  await redoTakeover(stores);
  expect(error()).toBeNull();
  fail();
  await undoTakeover(stores);
  await undoTakeover(stores);
  expect(error(), 'nothing was left to undo').toBeNull();
});

test('what a link was refused is said no more once the link is undone', async () => {
  const { stores, form } = setup();
  follow(stores, '#prompt=a+cat&steps=many');
  await vi.waitFor(() => expect(stores.takeovers.getState().past).toHaveLength(1));
  expect(form().refused).toMatchObject([{ name: 'steps' }]);
  await undoTakeover(stores);
  expect(form().refused).toEqual([]);
});
