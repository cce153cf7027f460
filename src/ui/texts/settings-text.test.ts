import { expect, test } from 'vitest';
import { readParameters } from '../../metadata/a1111/read-parameters.ts';
import { acceptSettings } from '../../metadata/settings/accept-settings.ts';
import { INIT_IMAGE_DEFAULTS } from '../../protocol/init-image.ts';
import { requestWith } from '../../protocol/samples/sample-request.ts';
import { freshFields } from '../../state/form/fields.ts';
import { type OnDevice, offerOf } from '../../state/form/offered-settings.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { offerNoteText, requestFacts, settingFacts } from './settings-text.ts';

const HERE: OnDevice = { fields: freshFields(1), installed: [], tokens: [], wildcards: {} };

test('the facts about a picture hold its second pass, by the labels of the form', () => {
  const text =
    'a cat\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 0, Size: 64x64, Denoising strength: 0.4, Hires upscale: 1.5, Hires steps: 10, Hires upscaler: Lanczos';
  const facts = settingFacts(en.fields, readParameters(text)?.settings ?? {});
  expect(facts.map(({ label, value }) => `${label}: ${value}`)).toEqual([
    ...['Prompt: a cat', 'Steps: 20', 'Guidance scale: 7', 'Sampler: Euler'],
    ...['Schedule: Normal', 'Seed: 0'],
    ...['Width: 64', 'Height: 64'],
    ...['Guidance rescale: 0', 'Guidance start: 0', 'Guidance end: 1', 'Clip skip: 0', 'Eta: 0'],
    ...['DeepCache interval: 1', 'DeepCache branch: 0', 'T-GATE step: 0'],
    'Noise: Like A1111 on CUDA (“NV”)',
    ...['Hires fix: Lanczos', 'Upscale by: 1.5', 'Hires strength: 0.4', 'Hires steps: 10'],
  ]);
});

test('the facts about a cell are all its settings but the usual ones, a strength of 0 among them', () => {
  const request = requestWith({
    ...{ vae: 'owner/vae', noise: 'gpu', guidanceStart: 0.1, guidanceEnd: 0.9, clipSkip: 2 },
    hires: { upscaler: 'latent', scale: 1.5, strength: 0.4, steps: 9 },
    image: { ...INIT_IMAGE_DEFAULTS, file: new Blob(), strength: 0 },
  });
  const facts = requestFacts(en.fields, request);
  expect(facts.map(({ label, value }) => `${label}: ${value}`)).toEqual([
    ...['Prompt: a red apple', 'Model: Trinket', 'VAE: vae', 'Steps: 2', 'Guidance scale: 4'],
    ...['Sampler: DDIM', 'Seed: 0', 'Width: 96', 'Height: 64', 'Strength: 0'],
    ...['Guidance start: 0.1', 'Guidance end: 0.9', 'Clip skip: 2', 'Noise: Like A1111 on CUDA (“NV”)'],
    ...['Hires fix: Latent', 'Upscale by: 1.5', 'Hires strength: 0.4', 'Hires steps: 9'],
  ]);
  const plain = requestFacts(en.fields, requestWith());
  expect(plain.map(({ name }) => name)).not.toContain('strength');
});

test('what steers and is not here, or cannot be, is named', () => {
  const { model: _, ...layer } = {
    ...{ model: '', preprocessor: 'canny', controlMode: null, scale: 1, start: 0, end: 1, isGuess: false },
  } as const;
  const read = acceptSettings(
    'A1111',
    {
      controls: [
        { ...layer, model: 'depth' },
        { ...layer, model: 'canny', scale: 3 },
      ],
    },
    [
      { kind: 'steered-by-pictures', layers: 2, prompts: 0 },
      { kind: 'other-preprocessor', name: 'openpose_full', preprocessor: 'none' },
      { kind: 'other-preprocessor', name: 'depth_midas', preprocessor: 'depth' },
    ],
  );
  const { notes } = offerOf(read, HERE);
  expect(notes.map((note) => offerNoteText(en, note, 'A1111'))).toEqual([
    'It has 2 control layers, whose pictures are not inside the file: choose them again.',
    'openpose_full cannot make a map here: give its control layer a finished one.',
    'depth_midas made its map; Safelight’s own of that kind differs a little.',
    'Control layer scale: 3 cannot be set here.',
    'Control model depth is not on this device.',
  ]);
  expect(notes.every((note) => offerNoteText(de, note, 'A1111').length > 20)).toBe(true);
});

test('of a second pass, what is refused is named by its label, and the rest is offered', () => {
  const text =
    'a\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 64x64, Model: trinket, Denoising strength: 0, Hires upscale: 2, Hires upscaler: Latent';
  const read = readParameters(text);
  const { fields, notes } = offerOf(read as NonNullable<typeof read>, HERE);
  expect(notes.map((note) => offerNoteText(en, note, 'A1111'))).toEqual([
    'Hires strength 0 cannot be set here.',
  ]);
  expect(fields).toMatchObject({ hiresUpscaler: 'latent', hiresScale: '2', hiresSteps: '20' });
  expect(fields).not.toHaveProperty('hiresStrength');
});

test.each([
  [{ offset: { x: 2, y: 0 } }, 'Position of the picture 2 cannot be set here.', 'Lage des Bildes 2 lässt'],
  [{ border: { left: -8, top: 0, right: 0, bottom: 0 } }, 'Border -8 cannot be set here.', 'Rand -8 lässt'],
  [{ border: { left: 8 } }, 'Border could not be read from the file and stays as it is.', 'Rand war in'],
  [{ hires: { scale: 9, upscaler: 'latent' } }, 'Upscale by 9 cannot be set here.', 'Hires-Faktor 9 lässt'],
  [{ hires: 'yes' }, 'Hires fix yes cannot be set here.', 'Hires fix yes lässt'],
])('%j is refused by the name it has on the screen', (raw, english, german) => {
  const [note] = acceptSettings('Safelight', raw, []).notes;
  if (!note) throw new Error('Nothing was refused.');
  expect(offerNoteText(en, note, 'Safelight')).toBe(english);
  expect(offerNoteText(de, note, 'Safelight').startsWith(german)).toBe(true);
});
