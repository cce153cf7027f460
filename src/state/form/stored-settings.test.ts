import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StateStorage } from 'zustand/middleware';
import { ownName } from '../../protocol/root.ts';
import { SETTING_NAMES, SETTINGS } from '../../protocol/settings.ts';
import { createSettingsStore } from './settings-store.ts';
import { readHash, writeHash } from './url.ts';

const KEY = ownName('settings');

function memory(content?: string): StateStorage & { readonly content: () => string | undefined } {
  const map = new Map(content === undefined ? [] : [[KEY, content]]);
  return {
    getItem: (name) => map.get(name) ?? null,
    setItem: (name, value) => void map.set(name, value),
    removeItem: (name) => void map.delete(name),
    content: () => map.get(KEY),
  };
}

/** A form over a storage, whose random seeds are 100, 101, … */
function open(storage: StateStorage, firstSeed = 100) {
  let seed = firstSeed;
  return createSettingsStore(
    () => seed++,
    () => storage,
  ).getState;
}

test('the form is there at the next visit, with a locked seed but not with an unlocked one', () => {
  const storage = memory();
  const first = open(storage);
  first().set('prompt', 'a cat face');
  first().set('guidanceScale', '0');
  first().set('scheduler', 'euler');
  first().set('filmstrip', true);
  first().set('numInferenceSteps', 'many');
  const second = open(storage, 500);
  expect(second().fields).toMatchObject({
    prompt: 'a cat face',
    guidanceScale: '0',
    scheduler: 'euler',
    filmstrip: true,
  });
  expect(second().fields.numInferenceSteps, 'what is not a number is not stored').toBe('20');
  expect(second().fields.seed).toBe('500');
  second().reuseSeed(0);
  const third = open(storage, 900);
  expect(third().fields.seed).toBe('0');
  expect(third().seedLocked).toBe(true);
});

test('a text that is longer than a request may hold is stored as it was typed, and is left out of links', () => {
  const storage = memory();
  const [prompt, negativePrompt] = ['x'.repeat(10_001), 'y'.repeat(12_000)];
  open(storage)().set('prompt', prompt);
  open(storage)().set('negativePrompt', negativePrompt);
  const settings = open(storage);
  expect(settings().fields).toMatchObject({ prompt, negativePrompt });
  expect(readHash(writeHash(settings().fields)).fields).not.toHaveProperty('prompt');
  expect(settings().submit()).toBeNull();
  settings().set('negativePrompt', '');
  expect(settings().submit()).toBeNull();
  settings().set('prompt', prompt.slice(1));
  expect(settings().submit()).toMatchObject({ prompt: prompt.slice(1) });
});

test('a form that an earlier version stored comes back whole', () => {
  const fields = {
    ...{ steps: '33', guidance: '7.5', width: '512', height: '768', sampler: 'euler', prompt: 'a cat' },
    ...{ negative: 'a dog', seed: '9', rescale: '0.7', guidanceStart: '0.1', guidanceEnd: '0.9' },
    ...{ clipSkip: '2', strength: '0.4', fit: 'fill', hires: 'latent', hiresScale: '1.5' },
    ...{ hiresStrength: '0.3', hiresSteps: '8', maskBlur: '6', maskedContent: 'noise', inpaintArea: '64' },
    ...{ eta: '0.5', noise: 'gpu', images: '4', model: 'owner/name', textEncoder: 'a/d', unet: 'a/e' },
    ...{ vae: 'a/b', preview: 'a/c', device: 'wasm', filmstrip: true, memory: 'all', weights: '8' },
  };
  const storage = memory(JSON.stringify({ state: { fields, seedLocked: true }, version: 1 }));
  expect(open(storage)()).toMatchObject({
    seedLocked: true,
    fields: {
      ...{ numInferenceSteps: '33', guidanceScale: '7.5', width: '512', height: '768', scheduler: 'euler' },
      ...{ prompt: 'a cat', negativePrompt: 'a dog', seed: '9', guidanceRescale: '0.7' },
      ...{ guidanceStart: '0.1', guidanceEnd: '0.9', clipSkip: '2', strength: '0.4', fit: 'fill' },
      ...{ hiresUpscaler: 'latent', hiresScale: '1.5', hiresStrength: '0.3', hiresSteps: '8' },
      ...{ maskBlur: '6', maskedContent: 'noise', paddingMaskCrop: '64', eta: '0.5', noise: 'gpu' },
      ...{ numImages: '4', model: 'owner/name', textEncoder: 'a/d', unet: 'a/e', vae: 'a/b' },
      ...{ previewVae: 'a/c', device: 'wasm', filmstrip: true, memory: 'all', bits: '8' },
    },
  });
  // What is stored next, that version could read in turn.
  open(storage)().set('prompt', 'a bird');
  expect(JSON.parse(storage.content() as string).state.fields).toEqual({
    ...fields,
    ...{ emphasis: 'original', schedule: 'automatic', deepCache: '1', deepCacheBranch: '0', tGate: '0' },
    prompt: 'a bird',
    filmstrip: '1',
  });
});

test('the form opens whatever is stored', () => {
  const start = (content: string) => open(memory(content))().submit();
  for (const content of ['', '{', 'null', '[]', '{"state":{"steps":"NaN"', '{"state":null,"version":1}'])
    expect(start(content)?.seed).toBe(100);
  fc.assert(
    fc.property(fc.jsonValue(), (fields) => {
      const content = JSON.stringify({ state: { fields, seedLocked: false }, version: 1 });
      expect(start(content)).not.toBeNull();
    }),
  );
  const keys = SETTING_NAMES.map((name) => SETTINGS[name].link);
  fc.assert(
    fc.property(fc.record(Object.fromEntries(keys.map((key) => [key, fc.jsonValue()]))), (fields) => {
      const content = JSON.stringify({ state: { fields, seedLocked: true }, version: 7 });
      expect(start(content)).not.toBeNull();
    }),
  );
});

test('without a storage that works, the form lives as long as the page', () => {
  const settings = createSettingsStore(
    () => 3,
    () => {
      throw new DOMException('denied', 'SecurityError');
    },
  ).getState;
  settings().set('prompt', 'still here');
  expect(settings().submit()).toMatchObject({ prompt: 'still here', seed: 3 });
});

test('a link overrides what was stored, and its sizes are snapped', () => {
  const storage = memory();
  open(storage)().set('prompt', 'stored');
  open(storage)().set('numInferenceSteps', '33');
  const settings = open(storage);
  settings().apply(readHash('#prompt=linked&width=99&seed=0&guidance=banana'));
  expect(settings().fields).toMatchObject({
    prompt: 'linked',
    width: '96',
    numInferenceSteps: '33',
    seed: '0',
    guidanceScale: '2.5',
  });
  expect(settings().notes.width?.kind).toBe('snapped');
  expect(settings().refused).toMatchObject([{ name: 'guidance', value: 'banana' }]);
  expect(settings().submit()?.seed, 'the link’s seed is used').toBe(0);
  expect(settings().refused).toEqual([]);
});
