import { expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import type { GenerationRequest } from '../../protocol/generation.ts';
import { createStores } from '../stores.ts';
import { paintExample } from './paint-example.ts';
import { SAMPLE_BROWSER } from './samples/sample-browser.ts';
import { startFrom, undoTakeover } from './take-over.ts';

/** Stores whose worker keeps every request. */
function setup() {
  const requests: GenerationRequest[] = [];
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:1');
  const call = async (name: string, params: unknown) => {
    if (name === 'countTokens') return { room: 75, texts: [], unnamed: 0 };
    if (name === 'inspectImage') return { width: 64, height: 64, settings: null };
    if (name === 'generate') requests.push(params as GenerationRequest);
    return { seconds: 1 };
  };
  const client = { call } as unknown as Caller;
  const storageFaults = createStore(() => ({ failed: {}, unreadable: {}, dismiss: () => {} }));
  return {
    requests,
    stores: createStores({ ...SAMPLE_BROWSER, client, library: client, storageFaults }),
  };
}

test('a print is painted with all that made it, whatever the form holds; Undo brings that back', async () => {
  const { stores, requests } = setup();
  await paintExample(stores, 'a red apple');
  await vi.waitFor(() => expect(requests).toHaveLength(1));
  expect(stores.notice.getState().fact, 'a fresh form loses nothing').toBeNull();
  const { set, setSeedLocked } = stores.settings.getState();
  for (const [name, value] of [
    ['numInferenceSteps', '3'],
    ['guidanceScale', '9'],
    ['scheduler', 'euler'],
    ['schedule', 'karras'],
    ['width', '64'],
    ['clipSkip', '2'],
    ['hiresUpscaler', 'latent'],
    ['noise', 'gpu'],
    ['model', 'a/b'],
    ['vae', 'c/d'],
    ['numImages', '4'],
    ['seed', '77'],
    ['negativePrompt', 'blurry'],
  ] as const)
    set(name, value as never);
  setSeedLocked(true);
  await startFrom(stores, new Blob(['picture']));
  const before = stores.settings.getState().fields;
  await paintExample(stores, 'a red apple');
  await vi.waitFor(() => expect(requests).toHaveLength(2));
  expect(requests[1]).toEqual(requests[0]);
  expect(stores.notice.getState()).toMatchObject({ fact: { kind: 'settings-applied' }, canUndo: true });
  await undoTakeover(stores);
  stores.models.setState({ installed: null });
  expect(stores.settings.getState().fields).toEqual(before);
  expect(stores.initImage.getState().file).not.toBeNull();
});
