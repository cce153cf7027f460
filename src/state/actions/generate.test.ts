import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import { ANSWER_MS } from '../../protocol/answered.ts';
import type { EmbeddingFile, GenerationRequest } from '../../protocol/generation.ts';
import type { InstalledModel } from '../../protocol/models.ts';
import type { PictureSettings } from '../../protocol/picture-settings.ts';
import { MIDDLE, NO_BORDER } from '../../protocol/placement.ts';
import type { StoredControl } from '../../storage/stored-control.ts';
import type { StoredInitImage } from '../../storage/stored-files.ts';
import { NEW_PICTURE_PROMPT } from '../form/picture-prompts-store.ts';
import { sampleControl } from '../form/samples/sample-control.ts';
import { createStores, loadStored, type Stores } from '../stores.ts';
import { beginExperiment } from './begin-experiment.ts';
import { generate } from './generate.ts';
import { applyLink } from './link.ts';
import { restoreSettings } from './restore-picture.ts';
import { SAMPLE_BROWSER } from './samples/sample-browser.ts';

const picture = new Blob(['picture']);
const STORED: StoredInitImage = { file: picture, mask: null, offset: MIDDLE, border: NO_BORDER };
const EMBEDDING: EmbeddingFile = { token: 'mystyle', file: new Blob(['learned']) };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:1');
});
afterEach(() => vi.useRealTimers());

/** The settings of a picture whose prompt called the stored embedding. */
const MADE: PictureSettings = {
  tool: 'A1111',
  settings: { prompt: 'mystyle' },
  notes: [{ kind: 'embedding', name: 'mystyle' }],
};

/** Stores whose files are read when `answer` is called, and whose worker keeps every request. */
function setup() {
  const requests: GenerationRequest[] = [];
  const answers: (() => void)[] = [];
  const later = <T>(value: T) => new Promise<T>((resolve) => answers.push(() => resolve(value)));
  const client = {
    call: async (name: string, params: unknown) => {
      if (name === 'countTokens') return { room: 75, texts: [], unnamed: 0 };
      if (name === 'inspectImage') return later({ width: 64, height: 64, settings: null });
      requests.push(params as GenerationRequest);
      return { seconds: 1 };
    },
  } as Caller;
  const stores = createStores({
    ...SAMPLE_BROWSER,
    client,
    library: client,
    storageFaults: createStore(() => ({ failed: {}, unreadable: {}, dismiss: () => {} })),
    files: {
      ...SAMPLE_BROWSER.files,
      embeddings: { load: () => later([EMBEDDING]), change: async () => {}, onChanged: () => {} },
      initImage: { load: () => later(STORED), save: async () => {} },
    },
  });
  const answer = async () => {
    await vi.advanceTimersByTimeAsync(0);
    for (const one of answers.splice(0)) one();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { stores, requests, answer };
}

/** What asks for pictures with the form's files. */
const ASKS: Record<string, (stores: Stores) => void> = {
  'Generate, pressed,': (stores) => void generate(stores),
  'an experiment, begun,': (stores) =>
    void beginExperiment(stores, () => [{ kind: 'guidanceScale', values: [1] }]),
  'a link with run=1': (stores) =>
    applyLink(stores, { readHash: () => 'prompt=mystyle&run=1', replaceHash: () => {}, isOwn: () => false }),
};

test.each(
  Object.keys(ASKS),
)('%s waits for the start picture and the embeddings that are being read', async (name) => {
  const { stores, requests, answer } = setup();
  // A link is applied before the page stands, and so before anything is read.
  ASKS[name]?.(stores);
  void loadStored(stores);
  await vi.advanceTimersByTimeAsync(ANSWER_MS - 1);
  expect(requests).toEqual([]);
  // The storage first, then the worker that looks at the picture.
  await answer();
  await answer();
  expect(requests).toMatchObject([{ image: { file: picture }, embeddings: [EMBEDDING] }]);
});

test('jobs keep the order and the settings that they were asked for with while files are read', async () => {
  const { stores, requests, answer } = setup();
  for (const prompt of ['one', 'two']) {
    stores.settings.getState().set('prompt', prompt);
    stores.settings.getState().set('strength', prompt === 'one' ? '0.3' : '0.4');
    generate(stores);
  }
  stores.settings.getState().set('strength', '0.9');
  await answer();
  await answer();
  await vi.waitUntil(() => requests.length === 2);
  expect(requests.map(({ prompt, image }) => [prompt, image?.strength])).toEqual([
    ['one', 0.3],
    ['two', 0.4],
  ]);
});

test('a start picture that was just taken is waited for too', async () => {
  const { stores, requests, answer } = setup();
  void loadStored(stores);
  const other = new Blob(['another picture']);
  void stores.initImage.getState().take(other);
  generate(stores);
  await vi.advanceTimersByTimeAsync(0);
  expect(requests).toEqual([]);
  await answer();
  expect(requests).toMatchObject([{ image: { file: other } }]);
});

test('where the storage never answers, the form is used as it is shown after ten seconds, and at once from then on', async () => {
  const { stores, requests } = setup();
  void loadStored(stores);
  generate(stores);
  await vi.advanceTimersByTimeAsync(ANSWER_MS - 1);
  expect(requests).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(requests).toMatchObject([{ image: null, embeddings: [] }]);
  generate(stores);
  await vi.advanceTimersByTimeAsync(0);
  expect(requests).toHaveLength(2);
});

test('settings of a picture know the stored embeddings', async () => {
  const { stores, answer } = setup();
  const restoring = restoreSettings(stores, MADE);
  await answer();
  await restoring;
  expect(stores.notice.getState().fact).toEqual({ kind: 'settings-applied', absent: null });
});

/** What is on the device: a model, and what steers it. */
const INSTALLED = [
  { id: 'test/model', type: 'model', family: 'sd1', complete: true, files: [] },
  { id: 'test/control', type: 'control', family: 'sd1', complete: true, files: [] },
] as unknown as InstalledModel[];

function setupControls(...layers: readonly StoredControl[]) {
  const { stores, requests, answer } = setup();
  stores.models.setState({ installed: INSTALLED });
  stores.settings.getState().set('model', 'test/model');
  stores.controls.getState().put(layers);
  const press = async () => {
    generate(stores);
    await answer();
    await answer();
  };
  return { stores, requests, press };
}

test('a run is steered by the control layers that are on', async () => {
  const { requests, press } = setupControls(
    sampleControl({ id: 'one', scale: 0.4 }),
    sampleControl({ id: 'off', isOn: false, picture: null, map: null }),
    sampleControl({ id: 'two', end: 0.5 }),
  );
  await press();
  await vi.waitUntil(() => requests.length === 1);
  expect(requests[0]?.controls).toMatchObject([{ scale: 0.4 }, { end: 0.5 }]);
});

test('where a control layer cannot be used, nothing is painted, and it is said which', async () => {
  const { stores, requests, press } = setupControls(
    sampleControl({ id: 'one' }),
    sampleControl({ id: 'two', model: 'test/deleted' }),
  );
  await press();
  await vi.waitUntil(() => stores.notice.getState().fact !== null);
  expect(stores.notice.getState().fact).toEqual({ kind: 'control-refused', number: 2 });
  expect(stores.controls.getState().refused).toBe('two');
  expect(stores.panel.getState().open.control).toBe(true);
  expect(requests).toEqual([]);
  stores.controls.getState().remove('two');
  await press();
  await vi.waitUntil(() => requests.length === 1);
});

test('what undoing brings back beyond what a run can have is refused, and not cut off', async () => {
  const { stores, requests, press } = setupControls(
    ...[...'123456789'].map((id) => sampleControl({ id, isOn: id !== '1' })),
  );
  await press();
  await vi.waitUntil(() => requests.length === 1);
  expect(requests[0]?.controls).toHaveLength(8);
  stores.controls.getState().change('1', { isOn: true });
  await press();
  await vi.waitUntil(() => stores.notice.getState().fact !== null);
  expect(stores.notice.getState().fact).toEqual({ kind: 'control-refused', number: 9 });
});

test('a picture prompt that cannot be used is shown, and nothing is painted; switched off, the others are shown to the model', async () => {
  const { stores, requests, press } = setupControls();
  const rows = stores.models.getState().installed ?? [];
  const [model] = rows.filter(({ type }) => type === 'model') as [InstalledModel];
  stores.models.setState({ installed: [...rows, { ...model, id: 'plus', type: 'ip_adapter' }] });
  const { picturePrompts } = stores;
  const prompt = { ...NEW_PICTURE_PROMPT, id: 'one', adapter: 'plus', pictures: [picture] };
  picturePrompts.getState().put([prompt, { ...prompt, id: 'two', adapter: null }]);
  await press();
  await vi.waitUntil(() => stores.notice.getState().fact !== null);
  expect(stores.notice.getState().fact).toEqual({ kind: 'picture-prompt-refused', number: 2 });
  expect(picturePrompts.getState().refused).toBe('two');
  expect(stores.panel.getState().open.picturePrompts).toBe(true);
  expect(requests).toEqual([]);
  picturePrompts.getState().change('two', { isOn: false });
  await press();
  await vi.waitUntil(() => requests.length === 1);
  const { adapter, pictures, scale, parts } = prompt;
  expect(requests[0]?.picturePrompts).toEqual([{ adapter, pictures, scale, parts }]);
});
