import { expect, test } from 'vitest';
import { readComfyPrompt, readComfyWorkflow } from './comfyui.ts';

// Graphs as ComfyUI's API wants them (script_examples), built from the inputs in its nodes.py and comfy_extras.

type Inputs = Readonly<Record<string, unknown>>;
const node = (class_type: string, inputs: Inputs) => ({ class_type, inputs });
const sampler = (inputs: Inputs = {}) =>
  node('KSampler', {
    ...{ seed: 1, steps: 20, cfg: 7, sampler_name: 'euler', scheduler: 'normal', denoise: 1 },
    ...{ model: ['4', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0], ...inputs },
  });
const GRAPH = {
  '3': sampler(),
  '4': node('CheckpointLoaderSimple', { ckpt_name: 'model.safetensors' }),
  '5': node('EmptyLatentImage', { width: 512, height: 768, batch_size: 1 }),
  '6': node('CLIPTextEncode', { text: 'a cat', clip: ['4', 1] }),
  '7': node('CLIPTextEncode', { text: 'a dog', clip: ['4', 1] }),
};
const read = (graph: object) => readComfyPrompt(JSON.stringify({ ...GRAPH, ...graph }));

test('texts are found through nodes that combine or change conditionings, and through nodes that hold a text', () => {
  const found = read({
    '3': sampler({ positive: ['20', 0], negative: ['20', 1], seed: ['30', 0] }),
    '20': node('ControlNetApplyAdvanced', {
      positive: ['21', 0],
      negative: ['7', 0],
      control_net: ['40', 0],
    }),
    '21': node('ConditioningCombine', { conditioning_1: ['6', 0], conditioning_2: ['22', 0] }),
    '22': node('CLIPTextEncode', { text: ['31', 0], clip: ['4', 1] }),
    '30': node('Seed (rgthree)', { seed: 77 }),
    '31': node('PrimitiveString', { value: 'a hat' }),
  });
  expect(found?.settings).toMatchObject({ negativePrompt: 'a dog', seed: 77 });
  expect(found?.settings.prompt?.split(', ').toSorted()).toEqual(['a cat', 'a hat']);
});

test('square brackets are escaped, and an embedding loses its prefix', () => {
  const text = 'a [red:1.2] cat, (embedding:easynegative.pt:1.1)';
  expect(read({ '6': node('CLIPTextEncode', { text, clip: ['4', 1] }) })?.settings.prompt).toBe(
    'a \\[red:1.2\\] cat, (easynegative:1.1)',
  );
});

test('the nodes around a custom sampler are read', () => {
  const found = read({
    '3': node('SamplerCustomAdvanced', {
      ...{
        noise: ['10', 0],
        guider: ['11', 0],
        sampler: ['12', 0],
        sigmas: ['13', 0],
        latent_image: ['5', 0],
      },
    }),
    '10': node('RandomNoise', { noise_seed: 9 }),
    '11': node('CFGGuider', { model: ['14', 0], positive: ['6', 0], negative: ['7', 0], cfg: 5.5 }),
    '12': node('KSamplerSelect', { sampler_name: 'dpmpp_2m_sde_gpu' }),
    '13': node('BasicScheduler', { scheduler: 'karras', steps: 12, denoise: 1, model: ['14', 0] }),
    '14': node('RescaleCFG', { multiplier: 0.7, model: ['4', 0] }),
  });
  expect(found).toMatchObject({
    settings: {
      ...{ prompt: 'a cat', negativePrompt: 'a dog', seed: 9, guidanceScale: 5.5, guidanceRescale: 0.7 },
      ...{ numInferenceSteps: 12, scheduler: 'dpmpp-2m-sde-karras', width: 512, model: 'model' },
    },
    notes: [],
  });
});

test('for a run from a picture, denoise is the strength, and the steps are that part of diffusers’ steps', () => {
  const found = read({
    '3': sampler({ denoise: 0.5, latent_image: ['8', 0] }),
    '8': node('VAEEncode', { pixels: ['9', 0], vae: ['4', 2] }),
    '9': node('LoadImage', { image: 'example.png' }),
  });
  expect(found?.settings).toMatchObject({ strength: 0.5, numInferenceSteps: 40 });
  expect(found?.settings.width).toBeUndefined();
  expect(found?.notes).toEqual([{ kind: 'began-with-picture' }]);
});

test('the first of two passes counts, whatever their order in the file', () => {
  const found = read({
    '1': sampler({ seed: 2, denoise: 0.5, latent_image: ['9', 0] }),
    '9': node('LatentUpscale', { samples: ['3', 0], width: 1024, height: 1536 }),
  });
  expect(found?.settings).toMatchObject({ seed: 1, width: 512, height: 768 });
  expect(found?.settings.strength).toBeUndefined();
  expect(found?.notes).toEqual([{ kind: 'no-counterpart', name: '2 sampling passes' }]);
});

test('everything unknown becomes a note', () => {
  const found = read({
    '3': sampler({ sampler_name: 'res_multistep', scheduler: 'beta', model: ['10', 0] }),
    '10': node('FreeU_V2', { b1: 1.3, model: ['11', 0] }),
    '11': node('LoraLoader', {
      lora_name: 'a:b.safetensors',
      strength_model: 1,
      strength_clip: 1,
      model: ['4', 0],
    }),
  });
  expect(found?.settings.scheduler).toBeUndefined();
  expect(found?.settings.model).toBe('model');
  expect(found?.notes).toEqual([
    { kind: 'unknown-sampler', name: 'res_multistep' },
    { kind: 'no-counterpart', name: 'FreeU_V2' },
    { kind: 'no-counterpart', name: 'a:b.safetensors' },
  ]);
});

test('a seed of 64 bits loses the upper 32, as in torch’s generator, and NaN does no harm', () => {
  const text = JSON.stringify({ ...GRAPH, '9': { class_type: 'X', inputs: {}, is_changed: ['NaN'] } })
    .replace('"seed":1', '"seed": 18446744073709551615')
    .replace('["NaN"]', '[NaN]');
  expect(readComfyPrompt(text)?.settings).toMatchObject({ seed: 4294967295, prompt: 'a cat' });
});

test('numbers that only Python writes are no settings, and the words for them in a text stay', () => {
  const graph = { ...GRAPH, '6': node('CLIPTextEncode', { text: 'NaN, Infinity', clip: ['4', 1] }) };
  const text = JSON.stringify(graph)
    .replace('"cfg":7', '"cfg": Infinity')
    .replace('"steps":20', '"steps": NaN');
  const found = readComfyPrompt(text)?.settings;
  expect(found).toMatchObject({ prompt: 'NaN, Infinity', width: 512 });
  expect(found).not.toHaveProperty('guidanceScale');
  expect(found).not.toHaveProperty('numInferenceSteps');
});

test('circular and very long chains of links do not take long', () => {
  const circle = read({
    '3': sampler({ positive: ['20', 0], model: ['22', 0], latent_image: ['3', 0] }),
    '20': node('ConditioningCombine', { conditioning_1: ['21', 0], conditioning_2: ['20', 0] }),
    '21': node('ConditioningCombine', { conditioning_1: ['20', 0], conditioning_2: ['6', 0] }),
    '22': node('LoraLoader', { lora_name: ['22', 0], model: ['22', 0], strength_model: ['22', 0] }),
  });
  expect(circle?.settings.prompt).toBe('a cat');

  const start = performance.now();
  const wide: Record<string, object> = {};
  for (let i = 100; i < 4000; i++) {
    const next = String(i + 1);
    wide[i] = node('ConditioningCombine', {
      text: [next, 0],
      conditioning_1: [next, 0],
      conditioning_2: [next, 0],
    });
  }
  read({ '3': sampler({ positive: ['100', 0], negative: ['100', 0] }), ...wide });
  expect(performance.now() - start).toBeLessThan(2000);
});

test('other texts, and graphs without a sampler, hold no settings', () => {
  for (const text of ['', '[]', '3', 'null', '{', '{"3": 4}', JSON.stringify({ '4': GRAPH['4'] })]) {
    expect(readComfyPrompt(text), text).toBeNull();
    expect(readComfyWorkflow(text), text).toBeNull();
  }
});
