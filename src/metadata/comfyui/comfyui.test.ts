import { expect, test } from 'vitest';
import { readComfyPrompt, readComfyWorkflow } from './comfyui.ts';
import { GRAPH, type Inputs, node, read, sampler } from './samples/sample-graph.ts';

/** A sampler whose parts are nodes of their own. */
const CUSTOM_SAMPLER = node('SamplerCustomAdvanced', {
  ...{ noise: ['10', 0], guider: ['11', 0], sampler: ['12', 0], sigmas: ['13', 0], latent_image: ['5', 0] },
});
const no = (name: string) => ({ kind: 'no-counterpart', name });

test('the nodes around a custom sampler are read', () => {
  const found = read({
    '3': CUSTOM_SAMPLER,
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
  expect(found?.notes).toEqual(['2 sampling passes', 'LatentUpscale'].map(no));
});

test('what else cannot be read is named too, and nothing is guessed', () => {
  const found = read({
    '3': sampler({
      ...{ seed: ['99', 0], steps: ['99', 0], cfg: ['99', 0], model: ['99', 0], latent_image: ['98', 0] },
    }),
    '6': node('CLIPTextEncode', { text: 'a cat', clip: ['50', 0] }),
    '50': node('UnknownClip', {}),
  });
  expect(found?.settings).toEqual({
    ...{ prompt: 'a cat', negativePrompt: 'a dog', scheduler: 'euler', noise: 'cpu' },
    ...{ schedule: 'normal', hires: null, eta: 0, guidanceRescale: 0, guidanceStart: 0, guidanceEnd: 1 },
    ...{ cacheInterval: 1, cacheBranchId: 0, gateStep: 0 },
  });
  const unread = ['model', 'numInferenceSteps', 'guidanceScale', 'seed', 'clipSkip', 'width', 'height'];
  expect(found?.notes).toEqual([
    ...['UnknownClip', 'CLIP of the negative prompt: model', 'clip skip of the negative prompt: 0'].map(no),
    ...unread.map((name) => ({ kind: 'unread', name })),
  ]);
});

test('a guider without a negative side has none to read, and no guidance', () => {
  const found = read({
    '3': CUSTOM_SAMPLER,
    '10': node('RandomNoise', { noise_seed: 9 }),
    '11': node('BasicGuider', { model: ['4', 0], conditioning: ['6', 0] }),
    '12': node('SamplerEulerAncestral', { eta: 0.5, s_noise: 1 }),
    '13': node('SplitSigmas', { sigmas: ['14', 0], step: 3 }),
    '14': node('ExponentialScheduler', { steps: 8, sigma_max: 14.6, sigma_min: 0.0291675 }),
  });
  expect(found?.settings).toMatchObject({ prompt: 'a cat', guidanceScale: 1, numInferenceSteps: 8 });
  expect(found?.settings).not.toHaveProperty('negativePrompt');
  expect(found?.settings).toMatchObject({ scheduler: 'euler-ancestral', schedule: 'exponential' });
  expect(found?.notes).toEqual(['SplitSigmas', 'eta: 0.5', 'sigma_max: 14.6'].map(no));
});

const advanced = (inputs: Inputs) =>
  node('KSamplerAdvanced', {
    ...{ add_noise: 'enable', noise_seed: 4, steps: 20, cfg: 7, sampler_name: 'euler', scheduler: 'normal' },
    ...{ model: ['4', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0] },
    ...{ start_at_step: 0, end_at_step: 10_000, return_with_leftover_noise: 'disable', ...inputs },
  });

test('a beginning after the first step is a strength, and an end before the last is named', () => {
  const fromPicture = read({
    '3': advanced({ start_at_step: 8, latent_image: ['8', 0] }),
    '8': node('VAEEncode', { pixels: ['9', 0], vae: ['4', 2] }),
    '9': node('LoadImage', { image: 'example.png' }),
  });
  // diffusers leaves out 20 − ⌊20 · 0.6⌋ = 8 steps.
  expect(fromPicture?.settings).toMatchObject({ strength: 0.6, numInferenceSteps: 20, seed: 4 });
  expect(fromPicture?.notes).toEqual([{ kind: 'began-with-picture' }]);
  const part = read({ '3': advanced({ start_at_step: 2, end_at_step: 15, add_noise: 'disable' }) });
  expect(part?.notes).toEqual(
    ['start_at_step: 2', 'end_at_step: 15', 'add_noise: disable'].map((name) => ({
      kind: 'no-counterpart',
      name,
    })),
  );
  expect(read({ '3': advanced({}) })?.notes).toEqual([]);
});

test('of empty latents, a denoise below 1 runs only the end of the schedule, which is named', () => {
  expect(read({ '3': sampler({ denoise: 0.5 }) })).toMatchObject({
    settings: { numInferenceSteps: 20 },
    notes: [no('denoise: 0.5')],
  });
  const custom = read({
    '3': node('SamplerCustom', {
      ...{ add_noise: false, noise_seed: 9, cfg: 7, sampler: ['12', 0], sigmas: ['13', 0] },
      ...{ model: ['4', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0] },
    }),
    '12': node('KSamplerSelect', { sampler_name: 'euler' }),
    '13': node('BasicScheduler', { scheduler: 'normal', steps: 12, denoise: 0.5, model: ['4', 0] }),
  });
  expect(custom?.notes).toEqual(['denoise: 0.5', 'add_noise: false'].map(no));
});

test('what changed the latents before the run, and the picture after it, is named', () => {
  const found = read({
    '3': sampler({ denoise: 0.5, latent_image: ['20', 0] }),
    '20': node('SetLatentNoiseMask', { samples: ['21', 0], mask: ['23', 1] }),
    '21': node('VAEEncodeForInpaint', { pixels: ['23', 0], vae: ['4', 2], mask: ['23', 1], grow_mask_by: 6 }),
    '23': node('LoadImage', { image: 'example.png' }),
    '24': node('VAEDecode', { samples: ['3', 0], vae: ['4', 2] }),
    '25': node('ImageUpscaleWithModel', { upscale_model: ['26', 0], image: ['24', 0] }),
    '26': node('UpscaleModelLoader', { model_name: '4x.pth' }),
    '27': node('SaveImage', { images: ['25', 0], filename_prefix: 'a' }),
  });
  expect(found?.notes).toEqual([
    { kind: 'began-with-picture' },
    ...['SetLatentNoiseMask', 'VAEEncodeForInpaint', 'ImageUpscaleWithModel'].map(no),
  ]);
  const batch = read({
    '3': sampler({ latent_image: ['20', 0] }),
    '20': node('LatentFromBatch', { samples: ['5', 0], batch_index: 2, length: 1 }),
    '5': node('EmptyLatentImage', { width: 512, height: 768, batch_size: 4 }),
  });
  expect(batch).toMatchObject({
    settings: { width: 512, height: 768 },
    notes: ['LatentFromBatch', 'batch_size: 4'].map(no),
  });
});

test('a seed of 64 bits in a node of its own is read to its last digit', () => {
  const text = JSON.stringify({
    ...GRAPH,
    '3': sampler({ seed: ['30', 0] }),
    '30': node('PrimitiveInt', { value: 1 }),
  });
  const found = readComfyPrompt(text.replace('"value":1', '"value": 18446744073709551614'));
  expect(found?.settings.seed).toBe(4294967294);
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
    { kind: 'no-counterpart', name: 'LoRA a:b' },
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
  expect(performance.now() - start).toBeLessThan(20_000);
});

test('other texts, and graphs without a sampler, hold no settings', () => {
  for (const text of ['', '[]', '3', 'null', '{', '{"3": 4}', JSON.stringify({ '4': GRAPH['4'] })]) {
    expect(readComfyPrompt(text), text).toBeNull();
    expect(readComfyWorkflow(text), text).toBeNull();
  }
});

test('a size that a node computes is not guessed, and a loader’s list of sizes is read', () => {
  const computed = read({
    '5': node('CR SDXL Aspect Ratio', { width: 1024, height: 1024, aspect_ratio: '16:9', batch_size: 1 }),
  });
  expect(computed?.notes).toEqual(['width', 'height'].map((name) => ({ kind: 'unread', name })));
  const loader = (resolution: string) =>
    read({
      '3': sampler({ model: ['1', 0], latent_image: ['1', 3] }),
      '1': node('easy fullLoader', {
        ...{ ckpt_name: 'model.safetensors', positive: '', negative: '', batch_size: 1, resolution },
        ...{ empty_latent_width: 512, empty_latent_height: 640 },
      }),
    })?.settings;
  expect(loader('832 x 1216')).toMatchObject({ width: 832, height: 1216 });
  expect(loader('width x height (custom)')).toMatchObject({ width: 512, height: 640 });
});
