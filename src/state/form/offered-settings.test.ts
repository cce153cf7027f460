import { expect, test } from 'vitest';
import type { InstalledModel } from '../../protocol/models.ts';
import type { RequestSettings, SettingsNote } from '../../protocol/picture-settings.ts';
import { defaultFields, type Fields } from './fields.ts';
import { changedFields, offerOf } from './offered-settings.ts';

const installed = (id: string, type: InstalledModel['type'], path = 'model.safetensors') =>
  ({ id, type, complete: true, files: [{ path, size: 1, oid: '' }] }) as unknown as InstalledModel;
const INSTALLED = [
  installed('disk:v1-5-pruned-emaonly.safetensors', 'model'),
  installed('owner/quick', 'model', 'quantized/unet.8.safetensors'),
  installed('owner/fine-vae', 'vae'),
  installed('owner/paint', 'lora'),
];
const NOW: Fields = { ...defaultFields(1), preview: 'madebyollin/taesd', prompt: 'a' };

const offer = (settings: RequestSettings, notes: SettingsNote[] = []) =>
  offerOf(
    { tool: 'A1111', settings, notes },
    { fields: NOW, installed: INSTALLED, tokens: ['easynegative'] },
  );

test('a request’s values become the form’s, and only what differs is a change', () => {
  const { fields, notes } = offer({
    prompt: 'a',
    numInferenceSteps: 9,
    guidanceScale: 0,
    seed: 0,
    noise: 'gpu',
  });
  expect(fields).toEqual({ prompt: 'a', steps: '9', guidance: '0', seed: '0', noise: 'gpu' });
  expect(notes).toEqual([]);
  expect(changedFields(fields, NOW)).toEqual(['steps', 'guidance', 'seed', 'noise']);
});

test('what belongs to the machine or the person stays', () => {
  expect(offer({ device: 'webgpu', memory: 'all', numImages: 9, filmstrip: true }).fields).toEqual({});
});

test('what the form does not accept is named', () => {
  expect(offer({ numInferenceSteps: 999, seed: 3 })).toMatchObject({
    fields: { seed: '3' },
    notes: [{ kind: 'refused', name: 'numInferenceSteps', value: '999' }],
  });
});

test.each([
  ['disk:v1-5-pruned-emaonly.safetensors', 'disk:v1-5-pruned-emaonly.safetensors'],
  ['v1-5-pruned-emaonly', 'disk:v1-5-pruned-emaonly.safetensors'],
  ['V1-5-Pruned-EmaOnly.safetensors', 'disk:v1-5-pruned-emaonly.safetensors'],
  ['Trinket', 'trinket'],
  ['quick', 'owner/quick'],
])('the model %s is %s', (name, id) => {
  expect(offer({ model: name }).fields.model).toBe(id);
});

test.each([
  'elsewhere/quicker',
  'paint',
  'fine-vae',
])('%s is no model here, and none of it is taken', (name) => {
  expect(offer({ model: name, vae: 'owner/fine-vae', bits: 8, seed: 3 })).toMatchObject({
    fields: { seed: '3' },
    notes: [{ kind: 'not-here', field: 'model', name }],
  });
});

test('another model comes with its own parts, but for those the file names', () => {
  const own = { textEncoder: '', unet: '', preview: '' };
  expect(offer({ model: 'owner/quick', vae: 'owner/fine-vae', bits: 8 })).toMatchObject({
    fields: { ...own, model: 'owner/quick', vae: 'owner/fine-vae', weights: '8' },
    notes: [],
  });
  expect(offer({ model: 'owner/quick', vae: 'kl-f8', bits: 4 })).toMatchObject({
    fields: { ...own, vae: '', weights: 'full' },
    notes: [
      { kind: 'not-here', field: 'vae', name: 'kl-f8' },
      { kind: 'not-here', field: 'weights', name: '4 bits' },
    ],
  });
  expect(offer({ model: 'trinket', bits: null }).fields, 'previews of the same model stay').toEqual({
    ...{ model: 'trinket', textEncoder: '', unet: '', vae: '', weights: 'full' },
  });
});

test('an embedding that is here needs no word', () => {
  const notes: SettingsNote[] = [
    { kind: 'embedding', name: 'easynegative' },
    { kind: 'embedding', name: 'mystyle' },
  ];
  expect(offer({}, notes).notes).toEqual([{ kind: 'embedding', name: 'mystyle' }]);
});

test('a second pass is offered with its numbers, and that there is none too', () => {
  const hires = { scale: 1.5, upscaler: 'latent', strength: 0.4, steps: 12 } as const;
  const fields = { hires: 'latent', hiresScale: '1.5', hiresStrength: '0.4', hiresSteps: '12' } as const;
  expect(offer({ hires }).fields).toEqual(fields);
  expect(changedFields(fields, NOW)).toEqual(Object.keys(fields));
  const { hiresSteps: _, ...rest } = fields;
  expect(offer({ hires: { ...hires, steps: 1000 } })).toMatchObject({
    fields: rest,
    notes: [{ kind: 'refused', name: 'hiresSteps', value: '1000' }],
  });
  expect(offer({ hires: null }).fields).toEqual({ hires: 'off' });
});
