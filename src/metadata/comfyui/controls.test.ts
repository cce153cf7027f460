import { expect, test } from 'vitest';
import { readComfyWorkflow } from './comfyui.ts';
import { type Inputs, node, read, sampler } from './samples/sample-graph.ts';

// Nodes by the inputs in ComfyUI's nodes.py and comfy_extras/nodes_controlnet.py, comfyui_controlnet_aux and
// ComfyUI_IPAdapter_plus.

const no = (name: string) => ({ kind: 'no-counterpart', name });
const byPictures = (layers: number, prompts = 0) => ({ kind: 'steered-by-pictures', layers, prompts });
const steering = (graph: object) => {
  const found = read(graph);
  const { controls, picturePrompts, prompt, negativePrompt } = found?.settings ?? {};
  return { controls, picturePrompts, prompt, negativePrompt, notes: found?.notes };
};
const TEXTS = { prompt: 'a cat', negativePrompt: 'a dog' };
const layer = (model: string, change: object = {}) => ({
  ...{ model, preprocessor: 'canny', controlMode: null, scale: 1, start: 0, end: 1, isGuess: false },
  ...change,
});

const CONTROLLED = {
  '3': sampler({ positive: ['20', 0], negative: ['20', 1] }),
  '20': node('ControlNetApplyAdvanced', {
    ...{ strength: 0.8, start_percent: 0.1, end_percent: 0.6 },
    ...{ positive: ['6', 0], negative: ['7', 0], control_net: ['21', 0], image: ['22', 0] },
  }),
  '21': node('ControlNetLoader', { control_net_name: 'sd15/control_v11p_sd15_canny.safetensors' }),
  '22': node('Canny', { low_threshold: 0.4, high_threshold: 0.8, image: ['23', 0] }),
  '23': node('LoadImage', { image: 'house.png' }),
};

test('a ControlNet is read with its strength, its part of the run and what made its map', () => {
  expect(steering(CONTROLLED)).toEqual({
    ...{ ...TEXTS, picturePrompts: undefined, notes: [byPictures(1)] },
    controls: [layer('control_v11p_sd15_canny', { scale: 0.8, start: 0.1, end: 0.6 })],
  });
});

test('several are read in a row, of the old node and of union models too', () => {
  const graph = {
    ...CONTROLLED,
    '3': sampler({ positive: ['30', 0], negative: ['20', 1] }),
    '30': node('ControlNetApply', {
      ...{ strength: 0.5, conditioning: ['20', 0], control_net: ['31', 0], image: ['33', 0] },
    }),
    '31': node('SetUnionControlNetType', { type: 'hed/pidi/scribble/ted', control_net: ['32', 0] }),
    '32': node('ControlNetLoader', { control_net_name: 'union.safetensors' }),
    '33': node('HEDPreprocessor', { safe: 'enable', resolution: 512, image: ['23', 0] }),
  };
  expect(steering(graph)).toEqual({
    ...{ ...TEXTS, picturePrompts: undefined },
    controls: [
      layer('control_v11p_sd15_canny', { scale: 0.8, start: 0.1, end: 0.6 }),
      layer('union', { preprocessor: 'none', controlMode: 2, scale: 0.5 }),
    ],
    notes: [byPictures(2), { kind: 'other-preprocessor', name: 'HED', preprocessor: 'none' }],
  });
});

test('a layer whose model cannot be found out is named, and so is a mask', () => {
  const { '21': _, ...withoutLoader } = CONTROLLED;
  expect(steering(withoutLoader).notes).toEqual([no('ControlNetApplyAdvanced')]);
  const masked = { ...CONTROLLED['20'], class_type: 'ACN_AdvancedControlNetApply_v2' };
  const inputs = { ...masked.inputs, mask_optional: ['24', 0] };
  const graph = {
    ...CONTROLLED,
    '20': { ...masked, inputs },
    '24': node('LoadImageMask', { image: 'm.png' }),
  };
  expect(steering(graph).notes).toEqual([byPictures(1), no('control_v11p_sd15_canny mask_optional')]);
});

const drawn = (
  id: number,
  type: string,
  values: unknown[],
  inputs: Readonly<Record<string, number>> = {},
) => ({
  ...{ id, type, mode: 0, widgets_values: values },
  inputs: Object.entries(inputs).map(([name, link]) => ({ name, link })),
});

test('a drawn graph has its ControlNets too', () => {
  const workflow = {
    nodes: [
      drawn(1, 'KSampler', [5, 'fixed', 20, 7, 'euler', 'normal', 1], { positive: 1, model: 4 }),
      drawn(2, 'ControlNetApplyAdvanced', [0.7, 0, 0.5], { positive: 2, control_net: 3 }),
      drawn(3, 'CLIPTextEncode', ['a cat']),
      drawn(4, 'ControlNetLoader', ['depth.safetensors']),
      drawn(5, 'CheckpointLoaderSimple', ['model.safetensors']),
    ],
    links: [
      [1, 2, 0, 1, 1],
      [2, 3, 0, 2, 0],
      [3, 4, 0, 2, 1],
      [4, 5, 0, 1, 0],
    ],
  };
  const found = readComfyWorkflow(JSON.stringify(workflow));
  expect(found?.settings.controls).toEqual([layer('depth', { preprocessor: 'none', scale: 0.7, end: 0.5 })]);
});

const adapted = (inputs: Inputs, class_type = 'IPAdapterAdvanced', loader: Inputs = FILE) => ({
  '3': sampler({ model: ['20', 0] }),
  '20': node(class_type, { model: ['4', 0], ipadapter: ['21', 0], image: ['23', 0], ...inputs }),
  '21': node('IPAdapterModelLoader', loader),
  '23': node('LoadImage', { image: 'style.png' }),
});
const FILE = { ipadapter_file: 'ip-adapter-plus_sd15.safetensors' };
const prompt = (scale: number, parts = 'all') => ({
  ...{ adapter: 'ip-adapter-plus_sd15', scale, parts, pictureCount: 1 },
});

test.each([
  [{ weight: 0.7, weight_type: 'linear', start_at: 0, end_at: 1 }, 'IPAdapterAdvanced', [prompt(0.7)], []],
  [{ weight: 1, weight_type: 'style transfer' }, 'IPAdapter', [prompt(1, 'style')], []],
  [{ weight: 1, weight_type: 'composition' }, 'IPAdapterAdvanced', [prompt(1, 'layout')], []],
  [
    { weight: 1, weight_type: 'ease in', start_at: 0.2, end_at: 1 },
    'IPAdapterAdvanced',
    [prompt(1)],
    [no('ip-adapter-plus_sd15 (0.2 – 1)'), no('ip-adapter-plus_sd15 ease in')],
  ],
])('an IP-Adapter is a picture prompt: %j', (inputs, class_type, picturePrompts, notes) => {
  expect(steering(adapted(inputs, class_type))).toEqual({
    ...{ ...TEXTS, controls: undefined, picturePrompts, notes: [byPictures(0, 1), ...notes] },
  });
});

test('an IP-Adapter of faces, of a preset or of another kind is named', () => {
  const faces = { ipadapter_file: 'ip-adapter-faceid_sd15.bin' };
  expect(steering(adapted({ weight: 1 }, 'IPAdapterAdvanced', faces)).notes).toEqual([
    no('ip-adapter-faceid_sd15'),
  ]);
  const graph = {
    ...adapted({ weight: 0.5, model: ['21', 0], ipadapter: ['21', 1] }),
    '21': node('IPAdapterUnifiedLoader', { preset: 'PLUS (high strength)', model: ['4', 0] }),
  };
  expect(steering(graph).notes).toEqual([no('IP-Adapter PLUS (high strength): 0.5')]);
  expect(steering(adapted({ weight: 1 }, 'IPAdapterTiled')).notes).toEqual([no('IPAdapterTiled')]);
});

test('a drawn graph has its IP-Adapters too, and a strength that something else computes is not guessed', () => {
  const workflow = (...[type, values]: [string, unknown[]]) => ({
    nodes: [
      drawn(1, 'KSampler', [5, 'fixed', 20, 7, 'euler', 'normal', 1], { positive: 1, model: 2 }),
      drawn(2, type, values, { model: 3, ipadapter: 4 }),
      drawn(3, 'CheckpointLoaderSimple', ['model.safetensors']),
      drawn(4, 'IPAdapterModelLoader', ['ip-adapter-plus_sd15.safetensors']),
      drawn(5, 'CLIPTextEncode', ['a cat']),
    ],
    links: [
      [1, 5, 0, 1, 0],
      [2, 2, 0, 1, 1],
      [3, 3, 0, 2, 0],
      [4, 4, 0, 2, 1],
    ],
  });
  const advanced = workflow('IPAdapterAdvanced', [0.7, 'style transfer', 'concat', 0, 1, 'V only']);
  const simple = workflow('IPAdapter', [0.4, 0, 1, 'standard']);
  const read = (graph: object) => readComfyWorkflow(JSON.stringify(graph))?.settings.picturePrompts;
  expect(read(advanced)).toEqual([prompt(0.7, 'style')]);
  expect(read(simple)).toEqual([prompt(0.4)]);
  const computed = { ...adapted({ weight: ['40', 0] }), '40': node('FloatMath', { a: 1 }) };
  expect(steering(computed)).toMatchObject({
    picturePrompts: undefined,
    notes: [byPictures(0, 1), { kind: 'refused', name: 'picturePrompts', value: 'scale: unknown' }],
  });
  const { strength: _, ...inputs } = CONTROLLED['20'].inputs;
  const unsaid = { ...CONTROLLED, '20': { ...CONTROLLED['20'], inputs } };
  expect(steering(unsaid).notes).toContainEqual({
    ...{ kind: 'refused', name: 'controls', value: 'scale: unknown' },
  });
});
