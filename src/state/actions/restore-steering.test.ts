import { expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import { readSettingsJson, settingsJson } from '../../metadata/safelight.ts';
import type { ControlLayer } from '../../protocol/control.ts';
import type { GenerationRequest } from '../../protocol/generation.ts';
import type { InstalledModel } from '../../protocol/models.ts';
import { requestWith } from '../../protocol/samples/sample-request.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import type { StoredControl } from '../../storage/stored-control.ts';
import { sampleControl } from '../form/samples/sample-control.ts';
import { createStores } from '../stores.ts';
import { restorePicture, restoreRequest, restoreSettings, showPicture } from './restore-picture.ts';
import { steeringWith } from './restore-steering.ts';
import { SAMPLE_BROWSER } from './samples/sample-browser.ts';
import { undoTakeover } from './take-over.ts';

const IP = { id: 'owner/ip', type: 'ip_adapter', complete: true, files: [] } as unknown as InstalledModel;
const CANNY = { id: 'owner/canny', type: 'control', complete: true, files: [] } as unknown as InstalledModel;
const FILES = new Map(['png', 'edges', 'photo'].map((name) => [name, new Blob([name])]));

function setup(stored: readonly StoredControl[] = []) {
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:1');
  const client = { call: async () => ({ width: 64, height: 64, settings: null }) } as unknown as Caller;
  const storageFaults = createStore(() => ({ failed: {}, unreadable: {}, dismiss: () => {} }));
  const controls = { load: async () => stored, save: async () => {} };
  const files = { ...SAMPLE_BROWSER.files, controls };
  const stores = createStores({ ...SAMPLE_BROWSER, client, library: client, storageFaults, files });
  stores.models.setState({ installed: [CANNY, IP] });
  stores.gallery.setState({ file: async (_, key) => FILES.get(key) ?? FILES.get('png') ?? null });
  return { stores, layers: () => stores.controls.getState().layers };
}

const layer = (model: string, map = new Blob(['map'])): ControlLayer => ({
  ...{ model, map, preprocessor: 'canny', controlMode: 3, scale: 0.7, start: 0.1, end: 0.9, isGuess: true },
});
const MADE = requestWith({ prompt: 'a frog', controls: [layer('owner/canny'), layer('gone/depth')] });
const rowOf = (request: GenerationRequest, ...steering: readonly string[]) =>
  ({
    ...{ id: 'png', image: null, mask: null, steering, seconds: 1, width: 96, height: 64 },
    settings: readSettingsJson(settingsJson(request, request.seed)),
  }) as unknown as PictureRow;

test('a picture of the gallery brings its layers with their maps; a model that is not here is to be chosen', async () => {
  const { stores, layers } = setup();
  stores.controls.getState().put([sampleControl()]);
  await restorePicture(stores, rowOf(MADE, 'edges', 'photo'));
  const same = { preprocessor: 'canny', controlMode: 3, scale: 0.7, start: 0.1, end: 0.9, isGuess: true };
  expect(layers()).toMatchObject([
    { ...same, model: 'owner/canny', picture: null, map: FILES.get('edges') },
    { ...same, model: null, picture: null, map: FILES.get('photo') },
  ]);
  expect(stores.notice.getState().fact).toMatchObject({ kind: 'settings-applied', absent: 'gone/depth' });
  await undoTakeover(stores);
  expect(layers()).toEqual([
    sampleControl({ map: layers()[0]?.map ?? null, picture: layers()[0]?.picture ?? null }),
  ]);
});

test('layers that are stored and not read yet come back when it is undone', async () => {
  const { stores, layers } = setup([sampleControl()]);
  await restorePicture(stores, rowOf(MADE, 'edges', 'photo'));
  expect(layers()).toHaveLength(2);
  await undoTakeover(stores);
  expect(layers().map(({ id }) => id)).toEqual(['layer']);
});

test('without its maps, or with fewer than it has layers, each layer waits for its picture', async () => {
  const { stores, layers } = setup();
  for (const row of [rowOf(MADE), rowOf(MADE, 'edges')]) {
    await restorePicture(stores, row);
    expect(layers().map(({ model, picture, map }) => ({ model, picture, map }))).toEqual([
      { model: 'owner/canny', picture: null, map: null },
      { model: null, picture: null, map: null },
    ]);
  }
});

test('a picture that nothing steered takes the layers away, and a request brings its own', async () => {
  const { stores, layers } = setup();
  await restoreRequest(stores, MADE, null);
  expect(layers().map(({ map }) => map)).toEqual(MADE.controls.map(({ map }) => map));
  const plain = readSettingsJson(settingsJson(requestWith(), 1));
  if (!plain) throw new Error('Nothing was read.');
  await restoreSettings(stores, plain);
  expect(layers()).toEqual([]);
});

test('a picture that is shown knows what steered it, if all of that is there', async () => {
  const { stores } = setup();
  const shown = () => stores.generation.getState().run?.request.controls.map(({ map }) => map);
  await showPicture(stores, rowOf(MADE, 'edges', 'photo'));
  expect(shown()).toEqual([FILES.get('edges'), FILES.get('photo')]);
  await showPicture(stores, rowOf(MADE, 'edges'));
  expect(shown()).toEqual([]);
});

test('files are divided among layers and picture prompts as these have them', () => {
  const said = { adapter: 'a', scale: 1, parts: 'all' } as const;
  const { map: _, ...control } = layer('c');
  const prompts = [2, 1].map((pictureCount) => ({ ...said, pictureCount }));
  const files = ['a', 'b', 'c', 'd'].map((text) => new Blob([text]));
  const made = steeringWith({ controls: [control], picturePrompts: prompts }, files);
  expect(made.controls).toEqual([{ ...control, map: files[0] }]);
  expect(made.picturePrompts).toEqual([
    { ...said, pictures: [files[1], files[2]] },
    { ...said, pictures: [files[3]] },
  ]);
  const none = { controls: [], picturePrompts: [] };
  expect(steeringWith({ picturePrompts: prompts }, files)).toEqual(none);
  expect(steeringWith({ picturePrompts: prompts }, [...files.slice(0, 2), null])).toEqual(none);
});

test('picture prompts come with their pictures, where all are known', async () => {
  const { stores, layers } = setup();
  const pictures = [new Blob(['one']), new Blob(['two'])];
  const picturePrompts = [
    { adapter: 'owner/ip', pictures, scale: 0.4, parts: 'style' as const },
    { adapter: 'gone/ip-plus', pictures, scale: 1, parts: 'all' as const },
  ];
  const made = requestWith({ controls: [layer('owner/canny')], picturePrompts });
  const prompts = () => stores.picturePrompts.getState().prompts;
  await restoreRequest(stores, made, null);
  expect(layers()).toHaveLength(1);
  expect(prompts()).toMatchObject([
    { adapter: 'owner/ip', pictures, scale: 0.4, parts: 'style', isOn: true },
    { adapter: null, pictures, scale: 1, parts: 'all' },
  ]);
  await restorePicture(stores, rowOf(made, 'edges', 'photo'));
  expect(prompts().map((prompt) => prompt.pictures)).toEqual([[], []]);
});
