import * as v from 'valibot';
import { expect, test } from 'vitest';
import { REQUEST_DEFAULTS } from './generation.ts';
import { INIT_IMAGE_DEFAULTS } from './init-image.ts';
import { InitImageSchema, RequestSchema } from './request.ts';
import { SETTING_NAMES, SETTINGS, settingOf } from './settings.ts';

// Links and stored forms out there use these names: a change here loses what they say.
const LINK_NAMES = {
  prompt: 'prompt',
  negativePrompt: 'negative',
  model: 'model',
  vae: 'vae',
  unet: 'unet',
  textEncoder: 'textEncoder',
  bits: 'weights',
  numInferenceSteps: 'steps',
  guidanceScale: 'guidance',
  scheduler: 'sampler',
  seed: 'seed',
  width: 'width',
  height: 'height',
  strength: 'strength',
  fit: 'fit',
  maskBlur: 'maskBlur',
  maskedContent: 'maskedContent',
  paddingMaskCrop: 'inpaintArea',
  guidanceRescale: 'rescale',
  guidanceStart: 'guidanceStart',
  guidanceEnd: 'guidanceEnd',
  clipSkip: 'clipSkip',
  emphasis: 'emphasis',
  eta: 'eta',
  noise: 'noise',
  hiresUpscaler: 'hires',
  hiresScale: 'hiresScale',
  hiresStrength: 'hiresStrength',
  hiresSteps: 'hiresSteps',
  previewVae: 'preview',
  numImages: 'images',
  device: 'device',
  filmstrip: 'filmstrip',
  memory: 'memory',
};

test('the names in links never change, and no two settings share one', () => {
  const links = Object.fromEntries(SETTING_NAMES.map((name) => [name, SETTINGS[name].link]));
  expect(links).toMatchObject(LINK_NAMES);
  expect(new Set(Object.values(links)).size).toBe(SETTING_NAMES.length);
});

test('every default is a value that a request may hold', () => {
  for (const [name, value] of Object.entries(REQUEST_DEFAULTS))
    expect(v.is(RequestSchema.entries[name as keyof typeof REQUEST_DEFAULTS], value), name).toBe(true);
  for (const [name, value] of Object.entries(INIT_IMAGE_DEFAULTS))
    expect(v.is(InitImageSchema.entries[name as keyof typeof INIT_IMAGE_DEFAULTS], value), name).toBe(true);
});

test('A1111 has a word of its own for every choice, or for none', () => {
  for (const name of SETTING_NAMES) {
    const setting = settingOf(name);
    if (setting.kind === 'choice' && setting.a1111Words)
      expect(new Set(setting.a1111Words).size, name).toBe(setting.choices.length);
  }
});

test('a slider begins and ends within the limits of its setting', () => {
  for (const name of SETTING_NAMES) {
    const setting = settingOf(name);
    if (setting.kind !== 'number' || setting.slider === undefined) continue;
    expect(setting.slider, name).toBeGreaterThan(setting.min);
    expect(setting.slider, name).toBeLessThanOrEqual(setting.max);
  }
});

test('whole numbers are multiples of their step at either limit', () => {
  for (const name of SETTING_NAMES) {
    const setting = settingOf(name);
    if (setting.kind !== 'number' || !setting.whole) continue;
    expect([setting.min % setting.step, setting.max % setting.step], name).toEqual([0, 0]);
  }
});
