import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SETTINGS } from '../protocol/settings.ts';
import { readParameters } from './a1111/read-parameters.ts';
import { withPngTexts } from './containers/png-text.ts';
import { readPictureSettings } from './read-picture-settings.ts';

const no = (name: string) => ({ kind: 'no-counterpart', name });
const read = (said: string, prompt = 'a') =>
  readParameters(`${prompt}\nSteps: 20, CFG scale: 7, Seed: 5, Size: 512x512, ${said}, Model: m`);

// AUTOMATIC1111 1.10.1: modules/sd_samplers_common.py (Sampler: eta_infotext_field 'Eta', eta_default 1) and
// sd_samplers_timesteps.py (CompVisSampler: 'Eta DDIM', 0); modules/shared_options.py, eta_ddim and eta_ancestral.
test.each([
  ['Sampler: DDIM, Eta DDIM: 0.5, Version: v1.10.1', 0.5, []],
  ['Sampler: DDIM, Version: v1.10.1', 0, []],
  // Before 1.3, and where the version is not said.
  ['Sampler: DDIM, Eta: 0.5', 0.5, []],
  ['Sampler: DDIM, Eta DDIM: 0.25, Eta: 0.5', 0.25, []],
  ['Sampler: Euler a, Eta: 0.67, Version: v1.10.1', 0, [no('Eta: 0.67')]],
  ['Sampler: Euler a, Eta: 0', 0, [no('Eta: 0')]],
  ['Sampler: Euler a, Eta: 1.0', 0, []],
  // Our own texts before this.
  ['Sampler: TCD, Eta: 0.3, Version: safelight', 0.3, []],
  ['Sampler: Euler a, Eta: 0.3, Version: safelight', 0.3, []],
  ['Sampler: DDIM, Eta DDIM: 2', undefined, [{ kind: 'refused', name: 'eta', value: '2' }]],
])('eta has a key for each kind of sampler: %s', (said, eta, notes) => {
  expect(read(said)?.settings.eta).toBe(eta);
  expect(read(said)?.notes).toEqual(notes);
});

test('what is written is what A1111 reads', () => {
  expect(SETTINGS.eta.a1111).toBe('Eta DDIM');
});

// modules/infotext_versions.py (backcompat, v160) and modules/shared_options.py, use_old_scheduling.
const HIRES = 'Sampler: Euler a, Denoising strength: 0.5, Hires upscale: 2, Hires upscaler: Latent';
const OLD = [no('Old prompt editing timelines')];
test.each([
  [`${HIRES}, Version: v1.5.2`, 'a [cat:dog:0.5]', OLD],
  [`${HIRES}, Version: 1.5.2-12-gabcdef`, 'a [cat:dog:7]', OLD],
  [`${HIRES}, Version: v1.5.2`, 'a [cat|dog] (b:0.5) [c]', []],
  [`${HIRES}, Version: v1.6.0`, 'a [cat:dog:0.5]', []],
  [`${HIRES}, Version: f2.0.1v1.10.1`, 'a [cat:dog:0.5]', []],
  [
    'Sampler: Euler a, Size: 1024x1024, First pass size: 512x512, Hires upscaler: Latent, Denoising strength: 0.7',
    'a [cat:0.5]',
    OLD,
  ],
  ['Sampler: Euler a, Version: v1.5.2', 'a [cat:dog:0.5]', []],
  // One step there, the whole run since.
  ['Sampler: Euler a, Version: v1.5.2', 'a [cat:dog:1.0]', OLD],
  [
    `${HIRES}, Old prompt editing timelines: True, Version: v1.10.1`,
    'a [cat:dog:0.5]',
    [no('Old prompt editing timelines: True')],
  ],
])('prompt editing before 1.6 is named where it differs: %s, %s', (said, prompt, notes) => {
  expect(read(said, prompt)?.notes).toEqual(notes);
  expect(read(said, `b\nNegative prompt: ${prompt}`)?.notes).toEqual(notes);
});

// alexopus/ComfyUI-Image-Saver, nodes.py and utils_civitai.py (get_civitai_metadata).
const RESOURCES =
  '[{"modelName":"Juggernaut","versionName":"XI","air":"urn:air:sdxl:checkpoint:civitai:133005@782002"},' +
  '{"modelName":"Detail","versionName":"1","weight":0.8,"air":"urn:air:sdxl:lora:civitai:62833@67"},' +
  '{"modelName":"EasyNegative","versionName":"1","weight":1,"air":"urn:air:sd1:embedding:civitai:7808@9208"},' +
  '{"modelName":"Mood","versionName":"2","weight":0.4,"modelVersionId":12}]';

test('a text by ComfyUI’s nodes has ComfyUI’s noise, seeds and brackets', () => {
  const said =
    'a [red] (cat:1.2), embedding:x\nNegative prompt: bad\nSteps: 20, Sampler: DPM++ 2M Karras, CFG scale: 7, ' +
    `Seed: 721897303308196, Size: 512x512, Clip skip: 2, Model: sd15, Hashes: {"LORA:lost":"AB","embed:bad-hands":"CD","model":"E"}, ` +
    `Version: ComfyUI, Civitai resources: ${RESOURCES}`;
  const found = readParameters(said);
  expect(found?.tool).toBe('ComfyUI');
  expect(found?.settings).toMatchObject({
    ...{
      prompt: 'a \\[red\\] (cat:1.2), x',
      negativePrompt: 'bad',
      model: 'sd15',
      noise: 'cpu',
      clipSkip: 1,
    },
    // The lower 32 bits, as in comfyui-sdxl.png.
    ...{ seed: 3495163812, scheduler: 'dpmpp-2m-karras' },
  });
  expect(found?.settings).not.toHaveProperty('emphasis');
  expect(found?.notes).toEqual([
    no('LoRA Detail: 0.8'),
    { kind: 'embedding', name: 'EasyNegative' },
    no('Mood: 0.4'),
    no('LoRA lost'),
    { kind: 'embedding', name: 'bad-hands' },
    { kind: 'other-emphasis' },
  ]);
});

test('Fooocus reads a prompt with ComfyUI’s code, in this text as in its JSON', () => {
  const found = read('Sampler: DPM++ 2M SDE, Version: Fooocus v2.5.5', 'a [red] (cat:1.2) AND [b:c:0.5]');
  expect(found?.settings).toMatchObject({ prompt: 'a \\[red\\] (cat:1.2) AND \\[b:c:0.5\\]', noise: 'cpu' });
  expect(found?.settings).not.toHaveProperty('emphasis');
  expect(found?.notes).toEqual([{ kind: 'other-emphasis' }]);
});

test('every resource is the checkpoint or is named', () => {
  const resources =
    '[{"type":"Checkpoint","modelName":"Dream"},{"type":"embed","modelName":"easynegative"},{"type":"locon","modelName":"Ink","weight":1},' +
    '{"type":"lora","modelVersionId":62833,"weight":0.6},{"type":"checkpoint","modelName":"Refiner"},null,{}]';
  const found = readParameters(
    `a\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 5, Size: 64x64, Civitai resources: ${resources}`,
  );
  expect(found?.settings.model).toBe('Dream');
  expect(found?.settings).not.toHaveProperty('noise');
  expect(found?.notes).toEqual([
    { kind: 'embedding', name: 'easynegative' },
    ...['locon Ink: 1', 'LoRA 62833: 0.6', 'checkpoint Refiner', 'Civitai resources'].map(no),
    { kind: 'unread', name: 'noise' },
  ]);
  expect(read('Sampler: Euler, RNG: CPU, Civitai resources: {"a": 1}')?.notes).toEqual([
    no('Civitai resources'),
  ]);
});

test('embeddings in the hashes are named, and LoRAs that the prompt does not call', () => {
  const said = 'Sampler: Euler, TI hashes: "EasyNegative: c74b4e810b03, EasyNegative: c74b4e810b03, b: 1"';
  expect(read(said)?.notes).toEqual([
    { kind: 'embedding', name: 'EasyNegative' },
    { kind: 'embedding', name: 'b' },
  ]);
  const hashes = 'Sampler: Euler, Hashes: {"lora:x":"1","lora:y":"2","model":"3","vae":"4"}';
  expect(read(hashes, 'a <lora:x:0.5>')?.notes).toEqual([no('LoRA y')]);
});

test('Forge names embeddings without a hash', () => {
  // backend/text_processing/classic_engine.py, last_extra_generation_params["TI"].
  expect(read('Sampler: Euler, TI: "easynegative, bad-hands", Version: f2.0.1v1.10.1')?.notes).toEqual([
    { kind: 'embedding', name: 'easynegative' },
    { kind: 'embedding', name: 'bad-hands' },
  ]);
});

test('what a prompt was made from is no setting', () => {
  // adieyal/sd-dynamic-prompts, sd_dynamic_prompts/pnginfo_saver.py.
  const template = 'Template: a {cat|dog}, (red:1.2), Tiling: True\nNegative Template: b, Hires upscale: 2';
  const found = read(`Sampler: Euler, Model: m\n${template}`);
  expect(found?.settings.hires).toBeNull();
  expect(found?.notes).toEqual([]);
});

test('what enlarged a picture afterwards is named', () => {
  const said = 'Sampler: Euler, Model: m\nPostprocess upscale by: 4, Postprocess upscaler: R-ESRGAN 4x+';
  expect(read(said)?.notes).toEqual([
    no('Postprocess upscale by: 4'),
    no('Postprocess upscaler: R-ESRGAN 4x+'),
  ]);
});

test('all that no reader knows is named, however much it is, and numbers as they were', () => {
  const keys = Array.from({ length: 40 }, (_, i) => `Key ${i}`);
  const notes = read(`Sampler: Euler, ${keys.map((key) => `${key}: 1`).join(', ')}`)?.notes ?? [];
  const names = notes.map((note) => ('name' in note ? note.name : '')).join(', ');
  for (const key of keys) expect(names).toContain(key);
  const seed = 'Seed: 12345678901234567890, Sampler: Euler';
  expect(readParameters(`a\nSteps: 20, ${seed}`)?.notes).toContainEqual({
    ...{ kind: 'refused', name: 'seed', value: '12345678901234567890' },
  });
  expect(
    read(
      'Sampler: Euler, Hires upscale: 2, Hires upscaler: Latent, Denoising strength: 1, Hires CFG Scale: 7.0',
    )?.notes,
  ).toEqual([]);
});

const PNG = new Blob([readFileSync(new URL('golden/a1111.png', import.meta.url)).subarray(0, 33)]);
const inPng = (texts: Record<string, string>) => readPictureSettings(withPngTexts(PNG, texts));
const node = (class_type: string, inputs: object) => ({ class_type, inputs });
const GRAPH = {
  '3': node('KSampler', {
    ...{ seed: 7, steps: 12, cfg: 8, sampler_name: 'euler', scheduler: 'normal', denoise: 1 },
    ...{ model: ['4', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0] },
  }),
  '4': node('CheckpointLoaderSimple', { ckpt_name: 'v1-5.safetensors' }),
  '5': node('EmptyLatentImage', { width: 512, height: 768, batch_size: 1 }),
  '6': node('CLIPTextEncode', { text: 'a cat', clip: ['4', 1] }),
  '7': node('CLIPTextEncode', { text: 'a dog', clip: ['4', 1] }),
};

test.each([
  ['Version: ComfyUI'],
  // Other nodes do not say who they are.
  ['Model: typed'],
])('the graph that ran counts, and the text for what the graph does not tell: %s', async (last) => {
  const parameters = `a [red] typed cat\nNegative prompt: typed\nSteps: 20, Sampler: DDIM, CFG scale: 7, Seed: 5, ${last}`;
  const found = await inPng({ parameters, prompt: JSON.stringify(GRAPH) });
  expect(found?.tool).toBe('ComfyUI');
  expect(found?.settings).toMatchObject({
    ...{ prompt: 'a cat', negativePrompt: 'a dog', model: 'v1-5', scheduler: 'euler' },
    ...{ numInferenceSteps: 12, guidanceScale: 8, seed: 7, height: 768, noise: 'cpu' },
  });
  expect(found?.notes).toEqual([]);
  const hidden = {
    ...GRAPH,
    '6': node('CLIPTextEncode', { text: ['8', 0], clip: ['4', 1] }),
    '8': node('RandomPrompt', {}),
  };
  const completed = await inPng({ parameters, prompt: JSON.stringify(hidden) });
  expect(completed?.settings).toMatchObject({ prompt: 'a \\[red\\] typed cat', negativePrompt: 'a dog' });
  expect(completed?.notes).toEqual([]);
  const unknown = await inPng({ parameters, prompt: '{"1": {"class_type": "Sampler2", "inputs": {}}}' });
  expect([unknown?.tool, unknown?.settings.noise]).toEqual(['ComfyUI', 'cpu']);
});

test('settings that are written under a keyword for settings and that no reader knows are not passed over', async () => {
  const unreadable = { tool: 'unknown', settings: {}, notes: [{ kind: 'unreadable' }] };
  expect(await inPng({ parameters: 'a red apple on a table' })).toEqual(unreadable);
  expect(await inPng({ parameters: '{"positive": "a cat", "n": 3}' })).toEqual(unreadable);
  expect((await inPng({ Software: 'NovelAI', Comment: '{"prompt": "a ' }))?.tool).toBe('NovelAI');
  // Nobody's settings: an enlarged photograph; what cameras and screenshots say in EXIF; an empty text.
  expect(await inPng({ parameters: 'Postprocess upscale by: 2, Postprocess upscaler: Swin2SR' })).toBeNull();
  expect(await inPng({ UserComment: 'Screenshot' })).toBeNull();
  expect(await inPng({ UserComment: '{"sceneMode": "night"}' })).toBeNull();
  expect(await inPng({ parameters: '' })).toBeNull();
  expect(await inPng({ UserComment: '{"prompt": "a cat", "engine": "x"}' })).toEqual(unreadable);
});
