import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import { ANSWER_MS } from '../../protocol/answered.ts';
import type { EmbeddingFile, GenerationRequest } from '../../protocol/generation.ts';
import type { PictureSettings } from '../../protocol/picture-settings.ts';
import { MIDDLE, NO_BORDER } from '../../protocol/placement.ts';
import type { StoredInitImage } from '../../storage/stored-files.ts';
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
  const restoring = restoreSettings(stores, MADE, null);
  await answer();
  await restoring;
  expect(stores.notice.getState().fact).toEqual({ kind: 'settings-applied', absent: null });
});
