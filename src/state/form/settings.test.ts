import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StateStorage } from 'zustand/middleware';
import { UNTOLD } from '../../protocol/generation.ts';
import { ownName } from '../../protocol/root.ts';
import { snapSize } from './fields.ts';
import { createSettingsStore } from './settings.ts';
import { readHash } from './url.ts';

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

/** A store whose random seeds are 100, 101, … */
function open(storage: StateStorage = memory(), firstSeed = 100) {
  let seed = firstSeed;
  return createSettingsStore(
    () => seed++,
    () => storage,
  ).getState;
}

const { embeddings: _, image: __, memoryBytes: ___, ...untold } = UNTOLD;

test('a fresh form holds the model’s defaults and makes them a request', () => {
  expect(open()().submit()).toEqual({
    model: 'trinket',
    device: 'auto',
    prompt: '',
    negativePrompt: '',
    width: 128,
    height: 128,
    numInferenceSteps: 20,
    guidanceScale: 2.5,
    seed: 100,
    numImages: 1,
    scheduler: 'ddim',
    filmstrip: false,
    ...untold,
  });
});

test('every field reaches the request', () => {
  const settings = open();
  const { set } = settings();
  set('prompt', 'a rocket');
  set('negative', 'blue');
  set('seed', '0');
  set('steps', '7');
  set('guidance', '0');
  set('width', '136');
  set('height', '64');
  set('images', '9');
  set('sampler', 'pndm');
  set('device', 'wasm');
  set('filmstrip', true);
  set('rescale', '0.7');
  set('guidanceStart', '0.1');
  set('guidanceEnd', '0.9');
  set('clipSkip', '1');
  set('eta', '0.5');
  set('noise', 'gpu');
  set('textEncoder', 'a/d');
  set('unet', 'a/e');
  set('vae', 'a/b');
  set('preview', 'a/c');
  set('memory', 'all');
  set('weights', '4');
  set('hires', 'image');
  set('hiresScale', '1.5');
  set('hiresStrength', '0.4');
  set('hiresSteps', '3');
  expect(settings().submit()).toEqual({
    model: 'trinket',
    textEncoder: 'a/d',
    unet: 'a/e',
    vae: 'a/b',
    previewVae: 'a/c',
    memory: 'all',
    bits: 4,
    device: 'wasm',
    prompt: 'a rocket',
    negativePrompt: 'blue',
    width: 136,
    height: 64,
    numInferenceSteps: 7,
    guidanceScale: 0,
    seed: 0,
    numImages: 9,
    scheduler: 'pndm',
    filmstrip: true,
    guidanceRescale: 0.7,
    guidanceStart: 0.1,
    guidanceEnd: 0.9,
    clipSkip: 1,
    eta: 0.5,
    noise: 'gpu',
    hires: { scale: 1.5, upscaler: 'image', strength: 0.4, steps: 3 },
  });
  set('hiresSteps', '0');
  expect(settings().submit()?.hires, 'as many as Steps').toMatchObject({ steps: 7 });
  set('hires', 'off');
  expect(settings().submit()?.hires).toBeNull();
});

test.each([
  ['steps', '0'],
  ['steps', '20.5'],
  ['steps', ''],
  ['guidance', '30.01'],
  ['seed', '-1'],
  ['seed', '4294967296'],
  ['images', '17'],
  ['width', '1032'],
  ['rescale', '1.1'],
  ['clipSkip', '0.5'],
  ['height', 'tall'],
] as const)('%s %j is refused, by name, until it is mended', (field, text) => {
  const settings = open();
  settings().set(field, text);
  expect(settings().submit()).toBeNull();
  expect(settings().notes).toEqual({ [field]: { kind: 'fault' } });
  expect(settings().fields[field]).toBe(text);
  settings().set(field, field === 'width' || field === 'height' ? '64' : '1');
  expect(settings().submit()).not.toBeNull();
});

test('a size is snapped when it is left or submitted, and that is said until it is edited', () => {
  const settings = open();
  settings().set('width', '135');
  expect(settings().fields.width).toBe('135');
  settings().set('height', '99');
  settings().commit('width');
  expect(settings().fields.width).toBe('136');
  expect(settings().notes.width).toEqual({ kind: 'snapped', to: 136 });
  expect(settings().submit()).toMatchObject({ width: 136, height: 96 });
  expect(settings().notes.width).toEqual({ kind: 'snapped', to: 136 });
  expect(settings().notes.height).toEqual({ kind: 'snapped', to: 96 });
  settings().set('width', '128');
  expect(settings().notes.width).toBeUndefined();
});

test('a snapped size is the nearest multiple of 8 in range', () => {
  fc.assert(
    fc.property(fc.double({ min: 64, max: 1024, noNaN: true }), (pixels) => {
      const size = snapSize(pixels);
      expect(size % 8).toBe(0);
      expect(size).toBeGreaterThanOrEqual(64);
      expect(size).toBeLessThanOrEqual(1024);
      expect(Math.abs(size - pixels)).toBeLessThanOrEqual(4);
    }),
  );
});

test('an unlocked seed is used once, a locked one is kept', () => {
  const settings = open();
  expect(settings().submit()?.seed).toBe(100);
  expect(settings().submit()?.seed).toBe(101);
  expect(settings().fields.seed, 'the seed shown is the one used').toBe('101');
  settings().set('seed', '101');
  expect(settings().submit()?.seed, 'typed again is meant again').toBe(101);
  settings().setSeedLocked(true);
  expect(settings().submit()?.seed).toBe(101);
  settings().reuseSeed(0);
  expect(settings().submit()?.seed).toBe(0);
  expect(settings().submit()?.seed).toBe(0);
});

test('a drawn seed is the next one used', () => {
  const settings = open();
  settings().submit();
  settings().drawSeed();
  const { seed } = settings().fields;
  expect(settings().submit()?.seed).toBe(Number(seed));
});

test('the form outlives a visit; an unlocked seed does not, a locked one does', () => {
  const storage = memory();
  const first = open(storage);
  first().set('prompt', 'a cat face');
  first().set('guidance', '0');
  first().set('sampler', 'euler');
  first().set('filmstrip', true);
  first().set('steps', 'many');
  const second = open(storage, 500);
  expect(second().fields).toMatchObject({
    prompt: 'a cat face',
    guidance: '0',
    sampler: 'euler',
    filmstrip: true,
  });
  expect(second().fields.steps, 'what is no number is not kept').toBe('20');
  expect(second().fields.seed).toBe('500');
  second().reuseSeed(0);
  const third = open(storage, 900);
  expect(third().fields.seed).toBe('0');
  expect(third().seedLocked).toBe(true);
});

test('stored data of any kind never breaks the start', () => {
  const fresh = open()().fields;
  const start = (content: string) => open(memory(content))().submit();
  for (const content of ['', '{', 'null', '[]', '{"state":{"steps":"NaN"', '{"state":null,"version":1}'])
    expect(start(content)?.seed).toBe(100);
  fc.assert(
    fc.property(fc.jsonValue(), (fields) => {
      const content = JSON.stringify({ state: { fields, seedLocked: false }, version: 1 });
      expect(start(content)).not.toBeNull();
    }),
  );
  const keys = Object.keys(fresh) as (keyof typeof fresh)[];
  fc.assert(
    fc.property(fc.record(Object.fromEntries(keys.map((key) => [key, fc.jsonValue()]))), (fields) => {
      const content = JSON.stringify({ state: { fields, seedLocked: true }, version: 7 });
      expect(start(content)).not.toBeNull();
    }),
  );
});

test('a storage that throws is done without', () => {
  const settings = createSettingsStore(
    () => 3,
    () => {
      throw new DOMException('denied', 'SecurityError');
    },
  ).getState;
  settings().set('prompt', 'still here');
  expect(settings().submit()).toMatchObject({ prompt: 'still here', seed: 3 });
});

test('a link is stronger than what was stored, and its sizes are snapped', () => {
  const storage = memory();
  open(storage)().set('prompt', 'stored');
  open(storage)().set('steps', '33');
  const settings = open(storage);
  settings().apply(readHash('#prompt=linked&width=99&seed=0&guidance=banana'));
  expect(settings().fields).toMatchObject({
    prompt: 'linked',
    width: '96',
    steps: '33',
    seed: '0',
    guidance: '2.5',
  });
  expect(settings().notes.width?.kind).toBe('snapped');
  expect(settings().refused).toMatchObject([{ name: 'guidance', value: 'banana' }]);
  expect(settings().submit()?.seed, 'the link’s seed is used').toBe(0);
  expect(settings().refused).toEqual([]);
});
