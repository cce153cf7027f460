import { expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import type { GenerationRequest } from '../../protocol/generation.ts';
import type { Style } from '../../storage/stored-files.ts';
import { createStores } from '../stores.ts';
import { styledSettings, toggleStyle } from './choose-style.ts';
import { generate } from './generate.ts';
import { restoreSettings } from './restore-picture.ts';
import { SAMPLE_BROWSER } from './samples/sample-browser.ts';
import { undoTakeover } from './take-over.ts';

const FILM: Style = {
  name: 'film',
  prompt: 'film still, {prompt}',
  negativePrompt: 'blurry',
  settings: null,
};
const RED: Style = { name: 'red', prompt: 'red __lights__', negativePrompt: '', settings: null };

function setup(styles: readonly Style[]) {
  const requests: GenerationRequest[] = [];
  const client = {
    call: async (_: string, params: unknown) => {
      requests.push(params as GenerationRequest);
      return { seconds: 1 };
    },
  } as Caller;
  const lists = [
    { name: 'lights', words: ['lamp'] },
    { name: 'unused', words: ['x'] },
  ];
  const files = {
    ...SAMPLE_BROWSER.files,
    styles: { load: async () => styles, change: async () => {} },
    wildcards: { load: async () => lists, change: async () => {} },
  };
  const storageFaults = createStore(() => ({ failed: {}, unreadable: {}, dismiss: () => {} }));
  const stores = createStores({ ...SAMPLE_BROWSER, client, library: client, storageFaults, files });
  return { stores, form: () => stores.settings.getState(), requests };
}

test('a request has the texts of the styles that are chosen, the lists they call, and what was typed', async () => {
  const { stores, form, requests } = setup([FILM, RED]);
  form().set('prompt', 'a cat');
  await toggleStyle(stores, RED);
  await toggleStyle(stores, FILM);
  expect(form().styles).toEqual(['red', 'film']);
  generate(stores);
  await vi.waitFor(() => expect(requests).toHaveLength(1));
  expect(requests[0]).toMatchObject({
    prompt: 'film still, a cat, red __lights__',
    negativePrompt: 'blurry',
    template: { prompt: 'a cat', negativePrompt: '', styles: ['red', 'film'] },
    wildcards: { lights: ['lamp'] },
  });
  expect(requests[0]?.wildcards).not.toHaveProperty('unused');
  await toggleStyle(stores, FILM);
  expect(form().styles).toEqual(['red']);
});

test('a style with settings puts them into the form, and all of it can be undone', async () => {
  const { stores, form } = setup([FILM]);
  const settings = { ...styledSettings(form().fields), steps: '33', sampler: 'nonsense' };
  expect(Object.keys(settings)).not.toContain('seed');
  await toggleStyle(stores, { ...FILM, settings });
  expect(form()).toMatchObject({ styles: ['film'], fields: { numInferenceSteps: '33', scheduler: 'ddim' } });
  await undoTakeover(stores);
  expect(form()).toMatchObject({ styles: [], fields: { numInferenceSteps: '20' } });
});

test('a picture is restored with its own words and without styles; Undo chooses them again', async () => {
  const { stores, form } = setup([FILM]);
  await toggleStyle(stores, FILM);
  const template = { prompt: 'a cat', negativePrompt: '', styles: ['film'] };
  const settings = { prompt: 'film still, a cat', negativePrompt: 'blurry', template };
  await restoreSettings(stores, { tool: 'Safelight', settings, notes: [] });
  expect(form()).toMatchObject({ styles: [], fields: { prompt: 'film still, a cat' } });
  expect(stores.prompts.getState().texts.prompt, 'what was typed comes back by ↑').toContain('a cat');
  await undoTakeover(stores);
  expect(form().styles).toEqual(['film']);
});
