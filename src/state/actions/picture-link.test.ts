import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import { readSettingsJson, settingsJson } from '../../metadata/safelight.ts';
import type { PictureSettings } from '../../protocol/picture-settings.ts';
import { requestWith } from '../../protocol/samples/sample-request.ts';
import { readHash } from '../form/url.ts';
import { createStores } from '../stores.ts';
import { linkCopied, pictureLink } from './picture-link.ts';
import { SAMPLE_BROWSER } from './samples/sample-browser.ts';

test('the link of a picture makes it again elsewhere: its settings, its model that may not be here, nothing of this device', () => {
  const client = { call: async () => null } as unknown as Caller;
  const storageFaults = createStore(() => ({ failed: {}, unreadable: {}, dismiss: () => {} }));
  const stores = createStores({ ...SAMPLE_BROWSER, client, library: client, storageFaults });
  stores.settings.getState().set('device', 'wasm');
  stores.settings.getState().set('clipSkip', '2');
  const made = requestWith({
    ...{ prompt: 'a frog & a hat', seed: 11, numInferenceSteps: 7, model: 'someone/else', numImages: 4 },
    ...{ vae: 'someone/vae', width: 96 },
    controls: [
      {
        ...{ model: 'someone/canny', map: new Blob(['map']), preprocessor: 'canny', controlMode: null },
        ...{ scale: 0.8, start: 0, end: 1, isGuess: false },
      },
    ],
  });
  const settings = readSettingsJson(settingsJson(made, 12)) as PictureSettings;
  const link = new URL(pictureLink(stores, settings, 'https://example.org/studio/?a=b#prompt=mine'));
  expect(link.href).toMatch(/^https:\/\/example\.org\/studio\/\?a=b#/);
  const { fields, refused, run, controls } = readHash(link.hash);
  expect(controls).toMatchObject([{ model: 'someone/canny', preprocessor: 'canny', scale: 0.8 }]);
  expect([refused, run]).toEqual([[], false]);
  expect(fields).toMatchObject({
    ...{ prompt: 'a frog & a hat', negativePrompt: made.negativePrompt, seed: '12', numInferenceSteps: '7' },
    ...{ model: 'someone/else', vae: 'someone/vae', width: '96', clipSkip: String(made.clipSkip ?? 0) },
    numImages: '1',
  });
  for (const name of ['device', 'memory', 'filmstrip', 'previewVae']) expect(fields).not.toHaveProperty(name);
});

test('of a link it is said that pictures are not in it, whatever the picture was made from', () => {
  const controls = [{ ...({ model: 'a/b', preprocessor: 'none', controlMode: null } as const) }].map(
    (layer) => ({
      ...{ ...layer, scale: 1, start: 0, end: 1, isGuess: false },
    }),
  );
  const prompted = [{ adapter: 'a/ip', scale: 1, parts: 'all', pictureCount: 1 } as const];
  const without = { kind: 'link-copied-without-pictures' };
  expect(linkCopied({}, false)).toEqual({ kind: 'link-copied' });
  expect(linkCopied({}, true)).toEqual(without);
  expect(linkCopied({ controls }, false)).toEqual(without);
  expect(linkCopied({ picturePrompts: prompted }, false)).toEqual(without);
});
