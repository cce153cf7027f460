import { expect, test } from 'vitest';
import { REQUEST_DEFAULTS } from '../../protocol/generation.ts';
import { NUMBER_NAMES, SETTINGS } from '../../protocol/settings.ts';
import { toField } from './fields.ts';
import { createSettingsStore } from './settings-store.ts';

/** A form whose random seeds are 100, 101, … */
function open() {
  let seed = 100;
  const storage = { getItem: () => null, setItem: () => {}, removeItem: () => {} };
  return createSettingsStore(
    () => seed++,
    () => storage,
  ).getState;
}

const { embeddings: _, image: __, memoryBytes: ___, ...ofForm } = REQUEST_DEFAULTS;
const { wildcards: ____, template: _____, controls: ______, picturePrompts: _______, ...defaults } = ofForm;

test('a fresh form makes a request with the model’s defaults', () => {
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
    ...defaults,
  });
});

test('every field reaches the request', () => {
  const settings = open();
  const { set } = settings();
  set('prompt', 'a rocket');
  set('negativePrompt', 'blue');
  set('seed', '0');
  set('numInferenceSteps', '7');
  set('guidanceScale', '0');
  set('width', '136');
  set('height', '64');
  set('numImages', '9');
  set('scheduler', 'euler');
  set('schedule', 'sgm-uniform');
  set('device', 'wasm');
  set('filmstrip', true);
  set('guidanceRescale', '0.7');
  set('guidanceStart', '0.1');
  set('guidanceEnd', '0.9');
  set('clipSkip', '1');
  set('emphasis', 'no-norm');
  set('eta', '0.5');
  set('cacheInterval', '3');
  set('cacheBranchId', '2');
  set('gateStep', '4');
  set('noise', 'gpu');
  set('textEncoder', 'a/d');
  set('unet', 'a/e');
  set('vae', 'a/b');
  set('previewVae', 'a/c');
  set('memory', 'all');
  set('bits', '4');
  set('hiresUpscaler', 'image');
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
    scheduler: 'euler',
    schedule: 'sgm-uniform',
    filmstrip: true,
    guidanceRescale: 0.7,
    guidanceStart: 0.1,
    guidanceEnd: 0.9,
    clipSkip: 1,
    emphasis: 'no-norm',
    eta: 0.5,
    cacheInterval: 3,
    cacheBranchId: 2,
    gateStep: 4,
    noise: 'gpu',
    hires: { scale: 1.5, upscaler: 'image', strength: 0.4, steps: 3 },
  });
  set('hiresSteps', '0');
  expect(settings().submit()?.hires, 'as many as Steps').toMatchObject({ steps: 7 });
  set('hiresUpscaler', 'off');
  expect(settings().submit()?.hires).toBeNull();
});

test('every number can be typed up to the limit of the engine', () => {
  for (const name of NUMBER_NAMES) {
    const { min, max } = SETTINGS[name];
    const settings = open();
    for (const limit of [min, max]) {
      settings().set(name, toField(name, limit) as string);
      expect(settings().submit(), `${name} ${limit}`).not.toBeNull();
    }
  }
});

test.each([
  ['numInferenceSteps', '0'],
  ['numInferenceSteps', '1001'],
  ['numInferenceSteps', '20.5'],
  ['numInferenceSteps', ''],
  ['guidanceScale', '100.01'],
  ['seed', '-1'],
  ['seed', '4294967296'],
  ['numImages', '101'],
  ['width', '2056'],
  ['guidanceRescale', '1.1'],
  ['clipSkip', '0.5'],
  ['height', 'tall'],
] as const)('%s %j is refused, and named, until it is corrected', (field, text) => {
  const settings = open();
  settings().set(field, text);
  expect(settings().submit()).toBeNull();
  expect(settings().notes).toEqual({ [field]: { kind: 'fault' } });
  expect(settings().fields[field]).toBe(text);
  settings().set(field, field === 'width' || field === 'height' ? '64' : '1');
  expect(settings().submit()).not.toBeNull();
});

test('a size is snapped when its field loses focus or the form is submitted, and a note says so until it is edited', () => {
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

test('an unlocked seed is used once, a locked one again and again', () => {
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

test('a seed that was drawn is the next one used', () => {
  const settings = open();
  settings().submit();
  settings().drawSeed();
  const { seed } = settings().fields;
  expect(settings().submit()?.seed).toBe(Number(seed));
});
