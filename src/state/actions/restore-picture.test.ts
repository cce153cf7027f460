import { expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import { readSettingsJson, settingsJson } from '../../metadata/safelight.ts';
import type { GenerationRequest } from '../../protocol/generation.ts';
import { requestWith } from '../../protocol/samples/sample-request.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import { wouldMake } from '../form/would-make.ts';
import { createStores } from '../stores.ts';
import { formSteering } from './link-steering.ts';
import { restorePicture, restoreRequest, restoreShown, showPicture } from './restore-picture.ts';
import { SAMPLE_BROWSER } from './samples/sample-browser.ts';
import { showLastPicture } from './show-last-picture.ts';

const png = new Blob(['png']);
const start = new Blob(['a start picture']);

/** Stores whose gallery has the files of every row. */
function setup() {
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:1');
  const call = async (name: string) =>
    name === 'inspectImage' ? { width: 64, height: 64, settings: null } : { room: 75, texts: [], unnamed: 0 };
  const client = { call } as unknown as Caller;
  const storageFaults = createStore(() => ({ failed: {}, unreadable: {}, dismiss: () => {} }));
  const stores = createStores({ ...SAMPLE_BROWSER, client, library: client, storageFaults });
  stores.gallery.setState({ file: async (kind) => (kind === 'png' ? png : start) });
  const isOfForm = () => {
    const { run } = stores.generation.getState();
    const { file, mask } = stores.initImage.getState();
    const seeds = run?.pictures.map(({ seed }) => seed) ?? [];
    const start = { file, mask, ...formSteering(stores) };
    return run && wouldMake(stores.settings.getState(), start, { request: run.request, seeds });
  };
  return { stores, isOfForm, run: () => stores.generation.getState().run };
}

const rowOf = (request: GenerationRequest, image: string | null = null) =>
  ({
    ...{ id: 'a', image, mask: null, steering: [], seconds: 1.5, width: 96, height: 64 },
    settings: readSettingsJson(settingsJson(request, request.seed)),
  }) as unknown as PictureRow;

const MADE = requestWith({ prompt: 'a frog', seed: 11, numInferenceSteps: 7, clipSkip: 1, numImages: 4 });

test('a picture of the gallery is shown with its own settings, and the form stays', async () => {
  const { stores, run, isOfForm } = setup();
  const { fields } = stores.settings.getState();
  await showPicture(stores, rowOf(MADE));
  expect(stores.settings.getState().fields).toEqual(fields);
  expect(run()).toMatchObject({
    origin: { kind: 'gallery', id: 'a' },
    request: { prompt: 'a frog', numInferenceSteps: 7, clipSkip: 1, image: null },
    pictures: [{ seed: 11, png }],
    result: { seconds: 1.5 },
  });
  expect(isOfForm()).toBe(false);
  await restoreShown(stores);
  expect(stores.settings.getState().fields).toMatchObject({ prompt: 'a frog', seed: '11', clipSkip: '1' });
  expect(isOfForm()).toBe(true);
});

test('a picture that was stopped is shown as one that was', async () => {
  const { stores, run } = setup();
  const stopped = { pass: 1, step: 3, steps: 7 } as const;
  const settings = readSettingsJson(settingsJson(MADE, 11, stopped));
  await showPicture(stores, { ...rowOf(MADE), settings });
  expect(run()).toMatchObject({ pass: 1, step: 3, result: null, pictures: [{ stopped, png }] });
});

test('with its settings in the form, it is the one that the form makes; with a model that is not here, it is not', async () => {
  const { stores, isOfForm } = setup();
  await restorePicture(stores, rowOf(MADE));
  expect(isOfForm()).toBe(true);
  await restorePicture(stores, rowOf({ ...MADE, model: 'someone/else' }));
  expect(stores.settings.getState().fields.model).toBe('trinket');
  expect(isOfForm()).toBe(false);
});

test('what it started from counts too', async () => {
  const { stores, isOfForm } = setup();
  const image = { file: start, mask: null, strength: 0.4, fit: 'stretch' } as GenerationRequest['image'];
  const row = rowOf({ ...MADE, image }, 'hash');
  await restorePicture(stores, row);
  expect(stores.initImage.getState().file).toBe(start);
  expect(isOfForm()).toBe(true);
  stores.initImage.getState().discard();
  expect(isOfForm()).toBe(false);
});

test('a cell of an experiment is shown beside its settings', async () => {
  const { stores, run, isOfForm } = setup();
  const origin = { kind: 'experiment', experiment: 'e', cell: 2 } as const;
  await restoreRequest(stores, MADE, { png, seconds: 2, origin });
  expect(run()).toMatchObject({ origin, pictures: [{ seed: 11, png }] });
  expect(isOfForm()).toBe(true);
});

test('after a reload the last picture that can be read is shown, and the form stays', async () => {
  const { stores, run } = setup();
  const rows = ['lost', 'b', 'c'].map((id) => ({ ...rowOf(MADE), id }));
  const file = async (_: string, key: string) => (key === 'lost' ? null : png);
  stores.gallery.setState({ file, recent: rows, loadRecent: async () => {} });
  const { fields } = stores.settings.getState();
  await showLastPicture(stores);
  expect(run()).toMatchObject({ origin: { kind: 'gallery', id: 'b' }, pictures: [{ png }] });
  expect(stores.settings.getState().fields).toEqual(fields);
});

test('a picture that has begun meanwhile is not replaced by the last one', async () => {
  const { stores, run } = setup();
  stores.gallery.setState({
    recent: [rowOf(MADE)],
    loadRecent: async () => {},
    async file() {
      stores.generation.setState({ phase: 'running' });
      return png;
    },
  });
  await showLastPicture(stores);
  stores.generation.setState({ phase: 'idle' });
  expect(run()).toBeNull();
});
