import { expect, test } from 'vitest';
import { readDrawThingsJson } from './draw-things.ts';
import { readEasyJson } from './easy-diffusion.ts';
import { readInvokeMetadata } from './invokeai.ts';
import { readSwarmJson } from './swarmui.ts';

// What steers, as the tools write it; the formats are those that the readers name.

const no = (name: string) => ({ kind: 'no-counterpart', name });
const byPictures = (layers: number, prompts = 0) => ({ kind: 'steered-by-pictures', layers, prompts });
const layer = (model: string, change: object = {}) => ({
  ...{ model, preprocessor: 'canny', controlMode: null, scale: 1, start: 0, end: 1, isGuess: false },
  ...change,
});
const prompt = (adapter: string, scale: number, parts = 'all') => ({
  adapter,
  scale,
  parts,
  pictureCount: 1,
});

const invoke = (metadata: object) =>
  readInvokeMetadata(JSON.stringify({ positive_prompt: 'a', negative_prompt: '', ...metadata }));
const ofKind = (found: ReturnType<typeof invoke>, ...kinds: string[]) =>
  found?.notes.filter(({ kind }) => kinds.includes(kind));

test('InvokeAI’s lists are read', () => {
  const found = invoke({
    controlnets: [
      {
        ...{ image: { image_name: 'a.png' }, control_model: { name: 'canny' }, control_weight: 0.75 },
        ...{
          begin_step_percent: 0,
          end_step_percent: 0.75,
          control_mode: 'more_control',
          resize_mode: 'just_resize',
        },
      },
    ],
    t2iAdapters: [
      { t2i_adapter_model: { name: 'sketch' }, weight: 0.5, begin_step_percent: 0, end_step_percent: 1 },
    ],
    ipAdapters: [
      {
        ...{ ip_adapter_model: { model_name: 'ip_adapter_sd15' }, weight: 0.6, method: 'style' },
        ...{ clip_vision_model: 'ViT-H', begin_step_percent: 0, end_step_percent: 1 },
      },
    ],
  });
  expect(found?.settings.controls).toEqual([
    layer('canny', { scale: 0.75, end: 0.75, isGuess: true }),
    layer('sketch', { preprocessor: 'scribble', scale: 0.5 }),
  ]);
  expect(found?.settings.picturePrompts).toEqual([prompt('ip_adapter_sd15', 0.6, 'style')]);
  expect(ofKind(found, 'steered-by-pictures', 'no-counterpart')).toEqual([byPictures(2, 1)]);
});

test('InvokeAI’s canvas and reference images are read, where they are switched on', () => {
  const adapter = (weight: number, controlMode = 'balanced') => ({
    ...{ type: 'controlnet', model: { name: 'canny' }, weight, controlMode, beginEndStepPct: [0, 0.8] },
  });
  const image = { type: 'ip_adapter', model: { name: 'IP' }, weight: 1, beginEndStepPct: [0, 1] };
  const found = invoke({
    canvas_v2_metadata: {
      controlLayers: [
        { isEnabled: true, controlAdapter: adapter(0.5) },
        { isEnabled: false, controlAdapter: adapter(0.9) },
        { isEnabled: true, controlAdapter: adapter(1, 'more_prompt') },
      ],
      regionalGuidance: [{ isEnabled: true }],
      referenceImages: [{ isEnabled: true, ipAdapter: { ...image, method: 'composition' } }],
    },
    ref_images: [
      { isEnabled: true, config: { ...image, method: 'style_strong' } },
      { isEnabled: true, config: { type: 'flux_redux' } },
    ],
  });
  expect(found?.settings.controls).toEqual([
    layer('canny', { scale: 0.5, end: 0.8 }),
    layer('canny', { end: 0.8 }),
  ]);
  expect(found?.settings.picturePrompts).toEqual([prompt('IP', 1, 'layout'), prompt('IP', 1)]);
  expect(ofKind(found, 'steered-by-pictures', 'no-counterpart')).toEqual([
    byPictures(2, 2),
    ...[no('canny more_prompt'), no('IP style_strong'), no('Reference images'), no('Regional guidance')],
  ]);
});

test('SwarmUI’s three ControlNets are read', () => {
  const found = readSwarmJson({
    sui_image_params: {
      ...{
        prompt: 'a',
        controlnetmodel: 'sd15/canny.safetensors',
        controlnetstrength: 0.8,
        controlnetend: 0.5,
      },
      ...{ controlnetimageinput: 'image', controlnettwomodel: 'union', controlnettwostrength: '1' },
      ...{ controlnettwopreprocessor: 'HEDPreprocessor', controlnettwouniontype: 'depth' },
      controlnetthreemodel: '(None)',
    },
  });
  expect(found?.settings.controls).toEqual([
    layer('canny', { scale: 0.8, end: 0.5 }),
    layer('union', { preprocessor: 'none', controlMode: 1 }),
  ]);
  expect(ofKind(found, 'steered-by-pictures', 'no-counterpart', 'other-preprocessor')).toEqual([
    byPictures(2),
    { kind: 'other-preprocessor', name: 'HED', preprocessor: 'none' },
  ]);
});

test('Draw Things’ controls are read', () => {
  const control = (file: string, weight: number, no_prompt = false) => ({
    ...{ file, weight, no_prompt, guidance_start: 0, guidance_end: 0.5 },
  });
  const found = readDrawThingsJson({
    ...{ c: 'a', uc: '', scale: 7 },
    control: [
      control('controlnet_canny_1.x_v1.1_f16.ckpt', 0.7),
      control('ip_adapter_sdxl_base.ckpt', 1, true),
    ],
  });
  expect(found?.settings.controls).toEqual([
    layer('controlnet_canny_1.x_v1.1_f16', { scale: 0.7, end: 0.5 }),
  ]);
  expect(found?.settings.picturePrompts).toEqual([prompt('ip_adapter_sdxl_base', 1)]);
  expect(ofKind(found, 'steered-by-pictures', 'no-counterpart')).toEqual([
    ...[byPictures(1, 1), no('ip_adapter_sdxl_base (0 – 0.5)'), no('ip_adapter_sdxl_base no_prompt')],
  ]);
});

test('Easy Diffusion’s ControlNet is read', () => {
  const found = readEasyJson({
    ...{ prompt: 'a', num_inference_steps: 20, guidance_scale: 7, use_stable_diffusion_model: 'm' },
    ...{ use_vae_model: '', use_controlnet_model: 'models/canny.safetensors' },
    ...{ control_alpha: 0.9, control_filter_to_apply: 'openpose' },
  });
  expect(found?.settings.controls).toEqual([layer('canny', { preprocessor: 'none', scale: 0.9 })]);
  expect(ofKind(found, 'steered-by-pictures', 'other-preprocessor')).toEqual([
    byPictures(1),
    { kind: 'other-preprocessor', name: 'openpose', preprocessor: 'none' },
  ]);
});
