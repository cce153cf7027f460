import { expect, test } from 'vitest';
import type { InstalledModel } from '../../protocol/models.ts';
import type { RequestSettings, SettingsNote, Tool } from '../../protocol/picture-settings.ts';
import { type Fields, freshFields } from './fields.ts';
import { changedFields, offerOf } from './offered-settings.ts';

const installed = (id: string, type: InstalledModel['type'], path = 'model.safetensors') =>
  ({ id, type, complete: true, files: [{ path, size: 1, oid: '' }] }) as unknown as InstalledModel;
const INSTALLED = [
  installed('disk:v1-5-pruned-emaonly.safetensors', 'model'),
  installed('owner/quick', 'model', 'quantized/unet.8.safetensors'),
  installed('owner/fine-vae', 'vae'),
  installed('owner/paint', 'lora'),
];
const NOW: Fields = { ...freshFields(1), previewVae: 'madebyollin/taesd', prompt: 'a' };

const offer = (settings: RequestSettings, notes: SettingsNote[] = []) =>
  offerOf(
    { tool: 'A1111', settings, notes },
    { fields: NOW, installed: INSTALLED, tokens: ['easynegative'], wildcards: {} },
  );

test('settings of a file become fields of the form, and only those that differ are changes', () => {
  const { fields, notes } = offer({
    prompt: 'a',
    numInferenceSteps: 9,
    guidanceScale: 0,
    seed: 0,
    noise: 'gpu',
  });
  expect(fields).toEqual({
    prompt: 'a',
    numInferenceSteps: '9',
    guidanceScale: '0',
    seed: '0',
    noise: 'gpu',
  });
  expect(notes).toEqual([]);
  expect(changedFields(fields, NOW)).toEqual(['numInferenceSteps', 'guidanceScale', 'seed', 'noise']);
});

test('settings that belong to the device or the person stay as they are', () => {
  expect(offer({ device: 'webgpu', memory: 'all', numImages: 9, filmstrip: true }).fields).toEqual({});
});

test('values that the form does not accept are named', () => {
  expect(offer({ numInferenceSteps: 9999, seed: 3 })).toMatchObject({
    fields: { seed: '3' },
    notes: [{ kind: 'refused', name: 'numInferenceSteps', value: '9999' }],
  });
});

test.each([
  ['disk:v1-5-pruned-emaonly.safetensors', 'disk:v1-5-pruned-emaonly.safetensors'],
  ['v1-5-pruned-emaonly', 'disk:v1-5-pruned-emaonly.safetensors'],
  ['V1-5-Pruned-EmaOnly.safetensors', 'disk:v1-5-pruned-emaonly.safetensors'],
  ['Trinket', 'trinket'],
  ['quick', 'owner/quick'],
])('the model %s is found as %s', (name, id) => {
  expect(offer({ model: name }).fields.model).toBe(id);
});

test.each([
  'elsewhere/quicker',
  'paint',
  'fine-vae',
])('the model %s is not here, so neither are its components offered', (name) => {
  expect(offer({ model: name, vae: 'owner/fine-vae', bits: 8, seed: 3 })).toMatchObject({
    fields: { seed: '3' },
    notes: [{ kind: 'not-here', field: 'model', name }],
  });
});

test('another model comes with its own components, except those that the file names', () => {
  const own = { textEncoder: '', unet: '', previewVae: '' };
  expect(offer({ model: 'owner/quick', vae: 'owner/fine-vae', bits: 8 })).toMatchObject({
    fields: { ...own, model: 'owner/quick', vae: 'owner/fine-vae', bits: '8' },
    notes: [],
  });
  expect(offer({ model: 'owner/quick', vae: 'kl-f8', bits: 4 })).toMatchObject({
    fields: { ...own, vae: '', bits: 'full' },
    notes: [
      { kind: 'not-here', field: 'vae', name: 'kl-f8' },
      { kind: 'not-here', field: 'bits', name: '4 bits' },
    ],
  });
  expect(offer({ model: 'trinket', bits: null }).fields, 'previews of the same model stay').toEqual({
    ...{ model: 'trinket', textEncoder: '', unet: '', vae: '', bits: 'full' },
  });
});

test('a part is not taken for one of another kind, nor by a name that files of all kinds have', () => {
  const own = (id: string, type: InstalledModel['type']) => installed(id, type);
  const here = [
    own('owner/a/fine.safetensors', 'control'),
    own('owner/b/diffusion_pytorch_model.safetensors', 'unet'),
  ];
  const offered = (settings: RequestSettings) =>
    offerOf(
      { tool: 'A1111', settings: { model: 'owner/paint-model', ...settings }, notes: [] },
      { fields: NOW, installed: [own('owner/paint-model', 'model'), ...here], tokens: [], wildcards: {} },
    );
  const absent = (name: string, field: string) => [{ kind: 'not-here', field, name }];
  expect(offered({ vae: 'fine' }).notes).toEqual(absent('fine', 'vae'));
  const unet = 'else/c/diffusion_pytorch_model.safetensors';
  expect(offered({ unet }).notes).toEqual(absent(unet, 'unet'));
  const { id } = here[1] as InstalledModel;
  expect(offered({ unet: id })).toMatchObject({ fields: { unet: id }, notes: [] });
});

test('an embedding that is on this device needs no note', () => {
  const notes: SettingsNote[] = [
    { kind: 'embedding', name: 'easynegative' },
    { kind: 'embedding', name: 'mystyle' },
  ];
  expect(offer({}, notes).notes).toEqual([{ kind: 'embedding', name: 'mystyle' }]);
});

test('a second pass is offered with its numbers, and so is having none', () => {
  const hires = { scale: 1.5, upscaler: 'latent', strength: 0.4, steps: 12 } as const;
  const fields = {
    hiresUpscaler: 'latent',
    hiresScale: '1.5',
    hiresStrength: '0.4',
    hiresSteps: '12',
  } as const;
  expect(offer({ hires }).fields).toEqual(fields);
  expect(changedFields(fields, NOW)).toEqual(Object.keys(fields));
  const { hiresSteps: _, ...rest } = fields;
  expect(offer({ hires: { ...hires, steps: 1001 } })).toMatchObject({
    fields: rest,
    notes: [{ kind: 'refused', name: 'hiresSteps', value: '1001' }],
  });
  expect(offer({ hires: null }).fields).toEqual({ hiresUpscaler: 'off' });
});

test('a clip skip that its tool ignores on SDXL is none there', () => {
  const sdxl = { ...installed('owner/pony', 'model'), family: 'sdxl' } as InstalledModel;
  const skip = (tool: Tool, model: string, clipSkip = 1) =>
    offerOf(
      { tool, settings: { model, clipSkip }, notes: [] },
      { fields: NOW, installed: [...INSTALLED, sdxl], tokens: [], wildcards: {} },
    ).fields.clipSkip;
  expect(skip('A1111', 'owner/pony'), 'A1111 says 2, and SDXL has its usual layer').toBe('0');
  expect(skip('A1111', 'owner/pony', 2)).toBe('0');
  expect(skip('A1111', 'owner/quick')).toBe('1');
  expect(skip('ComfyUI', 'owner/pony', 2)).toBe('2');
  expect(skip('Safelight', 'owner/pony', 2)).toBe('2');
});

test('a clip skip is that of the model in the form where the file’s own is not here', () => {
  const sdxl = { ...installed('owner/pony', 'model'), family: 'sdxl' } as InstalledModel;
  const { fields } = offerOf(
    { tool: 'A1111', settings: { model: 'elsewhere', clipSkip: 1 }, notes: [] },
    { fields: { ...NOW, model: 'owner/pony' }, installed: [sdxl], tokens: [], wildcards: {} },
  );
  expect(fields.clipSkip).toBe('0');
});
