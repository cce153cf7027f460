import { expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import type { StoredControl } from '../../storage/stored-control.ts';
import { NEW_PICTURE_PROMPT } from '../form/picture-prompts-store.ts';
import { sampleControl } from '../form/samples/sample-control.ts';
import { createStores } from '../stores.ts';
import { applyLink, followFormInLink } from './link.ts';
import { isOtherSteering } from './link-steering.ts';
import { SAMPLE_BROWSER } from './samples/sample-browser.ts';
import { undoTakeover } from './take-over.ts';

function setup(hash: string, stored: readonly StoredControl[] = []) {
  const client = { call: async () => ({ room: 75, texts: [], unnamed: 0 }) } as unknown as Caller;
  const storageFaults = createStore(() => ({ failed: {}, unreadable: {}, dismiss: () => {} }));
  const controlFiles = { load: async () => stored, save: async () => {} };
  const files = { ...SAMPLE_BROWSER.files, controls: controlFiles };
  const stores = createStores({ ...SAMPLE_BROWSER, client, library: client, storageFaults, files });
  const address = {
    hash,
    readHash: () => address.hash,
    replaceHash(next: string) {
      address.hash = next;
    },
    isOwn: () => false,
  };
  const layers = () => stores.controls.getState().layers;
  const controls = () => new URLSearchParams(address.hash).getAll('control');
  return { stores, address, layers, controls, said: () => stores.notice.getState().fact?.kind };
}

const LINK =
  'prompt=a+frog&control=canny+0.8+0-0.5+owner%2Fcanny&control=none+1+0-1+guess+kind3+owner%2Funion';

test('the layers of a link wait for their pictures, which is said, and can be undone', async () => {
  const { stores, address, layers, said } = setup(LINK);
  stores.controls.getState().put([sampleControl()]);
  applyLink(stores, address);
  await vi.waitFor(() => expect(layers()).toHaveLength(2));
  expect(layers()).toMatchObject([
    { model: 'owner/canny', preprocessor: 'canny', scale: 0.8, end: 0.5, picture: null, map: null },
    { model: 'owner/union', preprocessor: 'none', controlMode: 3, isGuess: true, picture: null, map: null },
  ]);
  await vi.waitFor(() => expect(said()).toBe('link-without-pictures'));
  await undoTakeover(stores);
  expect(layers().map(({ id }) => id)).toEqual(['layer']);
});

test('layers that a link has replaced before they were read come back', async () => {
  const { stores, address, layers } = setup(LINK, [sampleControl()]);
  applyLink(stores, address);
  await vi.waitFor(() => expect(stores.takeovers.getState().past).toHaveLength(1));
  expect(layers()).toHaveLength(2);
  await undoTakeover(stores);
  expect(layers().map(({ id }) => id)).toEqual(['layer']);
});

test('a reload is no change of the layers that it finds', async () => {
  const mine = sampleControl({ model: 'a/b', scale: 0.4 });
  const { stores, address, layers } = setup('control=none+0.4+0-1+a%2Fb&prompt=a+frog', [mine]);
  applyLink(stores, address);
  await vi.waitFor(() => expect(stores.takeovers.getState().past).toHaveLength(1));
  expect(layers()).toEqual([mine]);
  await undoTakeover(stores);
  expect(layers()).toEqual([mine]);
});

test('the address follows the layers that count', () => {
  const { stores, address, controls } = setup('');
  const end = followFormInLink(stores, address);
  const { put, change } = stores.controls.getState();
  put([sampleControl({ model: 'a/b', scale: 0.4 }), sampleControl({ id: 'other', model: null })]);
  expect(controls()).toEqual(['none 0.4 0-1 a/b']);
  change('layer', { isOn: false });
  expect(controls()).toEqual([]);
  end();
  change('layer', { isOn: true });
  expect(controls()).toEqual([]);
});

test('the page’s own link leaves the layers that it tells of with their pictures', async () => {
  const { stores, address, layers } = setup('');
  const mine = sampleControl({ model: 'a/b', scale: 0.4 });
  const off = sampleControl({ id: 'off', isOn: false });
  stores.controls.getState().put([mine, off]);
  address.hash = 'control=none+0.4+0-1+a%2Fb&steps=9';
  applyLink(stores, address);
  await vi.waitFor(() => expect(stores.takeovers.getState().past).toHaveLength(1));
  expect(layers()).toEqual([mine, off]);
  address.hash = 'control=none+0.4+0-1+a%2Fb&control=none+1+0-1+c%2Fd';
  applyLink(stores, address);
  await vi.waitFor(() => expect(layers()).toMatchObject([mine, { model: 'c/d', map: null }]));
});

test('a link that says nothing of layers leaves them', async () => {
  const { stores, address, layers } = setup('steps=9');
  stores.controls.getState().put([sampleControl()]);
  applyLink(stores, address);
  await vi.waitFor(() => expect(stores.takeovers.getState().past).toHaveLength(1));
  expect(layers()).toHaveLength(1);
});

test('picture prompts of a link wait for their pictures, and those that are there keep them', async () => {
  const { stores, address } = setup('');
  const end = followFormInLink(stores, address);
  const pictures = [new Blob(['one']), new Blob(['two'])];
  const mine = { ...NEW_PICTURE_PROMPT, id: 'mine', adapter: 'a/ip', pictures };
  stores.picturePrompts.getState().put([mine]);
  expect(new URLSearchParams(address.hash).getAll('picturePrompt')).toEqual(['all 0.6 2 a/ip']);
  end();
  address.hash = 'picturePrompt=all+0.6+2+a%2Fip&picturePrompt=style+1+1+c%2Fd';
  applyLink(stores, address);
  const { getState } = stores.picturePrompts;
  await vi.waitFor(() => expect(getState().prompts).toHaveLength(2));
  expect(getState().prompts).toMatchObject([mine, { adapter: 'c/d', parts: 'style', pictures: [] }]);
  await vi.waitFor(() => expect(stores.notice.getState().fact?.kind).toBe('link-without-pictures'));
});

test('what is read late and changes nothing leaves a link that has just been followed', async () => {
  const { stores, address } = setup('');
  followFormInLink(stores, address);
  address.hash = 'prompt=followed';
  await stores.controls.getState().load();
  await stores.picturePrompts.getState().load();
  stores.settings.setState(({ fields }) => ({ fields: { ...fields } }));
  expect(address.hash).toBe('prompt=followed');
  applyLink(stores, address);
  expect(stores.settings.getState().fields.prompt).toBe('followed');
});

test('an offer of what steers in the form already, or of nothing, changes nothing', () => {
  const mine = sampleControl({ model: 'a/b', scale: 0.4 });
  const { id: _, picture: __, map: ___, low, high, sigma, strokes, isInverted, isOn, ...said } = mine;
  const offer = { controls: [{ ...said, model: 'a/b' }], picturePrompts: [] };
  expect(isOtherSteering(offer, [mine], [])).toBe(false);
  expect(isOtherSteering({ controls: [], picturePrompts: [] }, [mine], [])).toBe(false);
  expect(isOtherSteering(offer, [{ ...mine, isOn: false }], [])).toBe(true);
  expect(isOtherSteering({ ...offer, controls: [{ ...said, model: null }] }, [mine], [])).toBe(true);
  expect(isOtherSteering({ ...offer, controls: [{ ...said, scale: 1 }] }, [mine], [])).toBe(true);
  const unchosen = { ...offer, controls: [{ ...said, model: null }] };
  expect(isOtherSteering(unchosen, [{ ...mine, model: null }], []), 'it was taken over').toBe(false);
});
