import { expect, test } from 'vitest';
import type { ControlLayer, PicturePrompt } from '../../protocol/control.ts';
import { requestWith } from '../../protocol/samples/sample-request.ts';
import { parametersText } from './a1111.ts';
import { readParameters } from './read-parameters.ts';

// Texts as sd-webui-controlnet wrote them at different times, as people have posted them. The extension is in no package
// registry: what it writes and reads is taken from its source (scripts/infotext.py, scripts/enums.py).

const CANNY: ControlLayer = {
  ...{ model: 'control_v11p_sd15_canny', map: new Blob(['map']), preprocessor: 'canny', controlMode: null },
  ...{ scale: 0.8, start: 0, end: 0.5, isGuess: false },
};
const PROMPT: PicturePrompt = {
  ...{ adapter: 'ip-adapter_sd15', pictures: [new Blob(['picture'])], scale: 0.6, parts: 'all' },
};
const STEPS = 'a\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 512x512, Model: m, ';
const read = (pairs: string) => {
  const { settings, notes } = readParameters(`${STEPS}${pairs}`) ?? { settings: {}, notes: [] };
  return { controls: settings.controls, picturePrompts: settings.picturePrompts, notes };
};

const layer = (model: string, change: object = {}) => ({
  ...{ model, preprocessor: 'canny', controlMode: null, scale: 1, start: 0, end: 1, isGuess: false },
  ...change,
});
const byPictures = (layers: number, prompts = 0) => ({ kind: 'steered-by-pictures', layers, prompts });
const no = (name: string) => ({ kind: 'no-counterpart', name });
const other = (name: string, preprocessor: string) => ({ kind: 'other-preprocessor', name, preprocessor });

test('layers and picture prompts are written as units of the extension, without what is not known', () => {
  const text = parametersText(
    requestWith({ controls: [CANNY, { ...CANNY, controlMode: 3, isGuess: true }], picturePrompts: [PROMPT] }),
    1,
  );
  const canny =
    'Module: canny, Model: control_v11p_sd15_canny, Weight: 0.8, Resize Mode: Just Resize, Guidance Start: 0, Guidance End: 0.5';
  expect(text).toContain(`, ControlNet 0: "${canny}, Control Mode: Balanced", `);
  expect(text).toContain(
    `, ControlNet 1: "${canny}, Control Mode: ControlNet is more important, Union Control Type: Hard Edge", `,
  );
  expect(text).toContain(
    ', ControlNet 2: "Module: ip-adapter-auto, Model: ip-adapter_sd15, Weight: 0.6, Guidance Start: 0, Guidance End: 1, Control Mode: Balanced", ',
  );
  expect(text).not.toContain('Picture prompt');
  const styled = parametersText(requestWith({ picturePrompts: [{ ...PROMPT, parts: 'style' }] }), 1);
  expect(styled).toContain(', Picture prompt 0: "Parts: style, Pictures: 1", ');
});

/** As parse_unit of the extension does it: at commas, then at the first colon. */
const asExtension = (unit: string) => unit.split(',').map((item) => item.trim().split(': ').length);

test('a unit can be taken apart as the extension does it, unless the name of the model cannot', () => {
  const text = parametersText(requestWith({ controls: [{ ...CANNY, model: 'owner/name' }] }), 1);
  const [, unit = ''] = /ControlNet 0: (".*?"), RNG/.exec(text) ?? [];
  expect(asExtension(JSON.parse(unit)).every((parts) => parts === 2)).toBe(true);
});

test.each([
  [
    'the extension since 1.1.4',
    'ControlNet 0: "Module: canny, Model: control_v11p_sd15_canny [d14c016b], Weight: 0.7, Resize Mode: Crop and Resize, Low Vram: False, Processor Res: 512, Threshold A: 100, Threshold B: 200, Guidance Start: 0.1, Guidance End: 0.9, Pixel Perfect: False, Control Mode: Balanced, Hr Option: Both, Save Detected Map: True"',
    [layer('control_v11p_sd15_canny', { scale: 0.7, start: 0.1, end: 0.9 })],
    [byPictures(1)],
  ],
  [
    'Forge and its enums by their names',
    'ControlNet 0: "Module: canny, Model: diffusers_xl_canny_full [2b69fca4], Weight: 1.0, Resize Mode: ResizeMode.INNER_FIT, Guidance Start: 0.0, Guidance End: 1.0, Pixel Perfect: True, Control Mode: ControlMode.CONTROL, Hr Option: HiResFixOption.BOTH"',
    [layer('diffusers_xl_canny_full', { isGuess: true })],
    [byPictures(1)],
  ],
  [
    'enums by their numbers',
    'ControlNet 0: "Module: tile_resample, Model: control_v11f1e_sd15_tile, Weight: 0.6, Resize Mode: 1, Low Vram: False, Processor Res: 512, Threshold A: 1, Threshold B: 1, Guidance Start: 0.0, Guidance End: 1.0, Pixel Perfect: True, Control Mode: 1"',
    [layer('control_v11f1e_sd15_tile', { preprocessor: 'none', scale: 0.6 })],
    [byPictures(1), no('Control Mode: My prompt is more important')],
  ],
  [
    'the dialect in small letters, and two at once',
    'ControlNet 0: "preprocessor: lineart_coarse, model: control_v11p_sd15_lineart [43d4be0d], weight: 0.6, starting/ending: (0.1, 0.8), resize mode: Crop and Resize, pixel perfect: True, control mode: ControlNet is more important, preprocessor params: (512, 32, 64)", ControlNet 1: "preprocessor: none, model: t2iadapter_depth_sd15v2 [3489cd37], weight: 1.2, starting/ending: (0, 1), resize mode: Crop and Resize, pixel perfect: False, control mode: Balanced, preprocessor params: (512, None, None)"',
    [
      layer('control_v11p_sd15_lineart', {
        ...{ preprocessor: 'lineart', scale: 0.6, start: 0.1, end: 0.8, isGuess: true },
      }),
      layer('t2iadapter_depth_sd15v2', { preprocessor: 'none', scale: 1.2 }),
    ],
    [byPictures(2), other('lineart_coarse', 'lineart')],
  ],
  [
    'a single unit without a number',
    'ControlNet: "preprocessor: canny, model: control_sd15_canny [fef5e48e], weight: 1, starting/ending: (0, 1), resize mode: Scale to Fit (Inner Fit), pixel perfect: False, control mode: Balanced, preprocessor params: (512, 100, 200)"',
    [layer('control_sd15_canny')],
    [byPictures(1)],
  ],
  [
    'a service’s spelling',
    'Controlnet 0: "preprocessor: canny, model: control_v11p_sd15_canny, weight: 1.0, starting/ending: (0.0, 1.0), resize mode: Crop and Resize, pixel_perfect: False, control mode: Balanced, preprocessor params: (1024, None, None)"',
    [layer('control_v11p_sd15_canny')],
    [byPictures(1)],
  ],
  [
    'a pair for each setting',
    'ControlNet-0 Enabled: True, ControlNet-0 Module: canny, ControlNet-0 Model: control_canny-fp16 [e3fe7712], ControlNet-0 Weight: 0.95, ControlNet-0 Guidance Start: 0, ControlNet-0 Guidance End: 1, ControlNet-1 Enabled: False, ControlNet-1 Module: hed, ControlNet-1 Model: control_hed-fp16 [13fee50b]',
    [layer('control_canny-fp16', { scale: 0.95 })],
    [byPictures(1)],
  ],
  [
    'a union model',
    'ControlNet 0: "Module: openpose_full, Model: xinsir-union [15e6ad5d], Weight: 1, Guidance Start: 0, Guidance End: 1, Control Mode: Balanced, Union Control Type: ControlNetUnionControlType.SOFT_EDGE"',
    [layer('xinsir-union', { preprocessor: 'none', controlMode: 2 })],
    [byPictures(1), other('openpose_full', 'none')],
  ],
])('units are read of %s', (_, text, controls, notes) => {
  expect(read(text)).toEqual({ controls, picturePrompts: undefined, notes });
});

test('an IP-Adapter is a picture prompt, and what it had of a part of the run is named', () => {
  const unit = (change: string) =>
    `ControlNet 0: "Module: ip-adapter_clip_sd15, Model: ip-adapter_sd15 [6a3f6166], Weight: 0.5, ${change}Pixel Perfect: False, Control Mode: Balanced"`;
  const prompt = { adapter: 'ip-adapter_sd15', scale: 0.5, parts: 'all', pictureCount: 1 };
  expect(read(unit('Guidance Start: 0, Guidance End: 1, '))).toEqual({
    ...{ controls: undefined, picturePrompts: [prompt], notes: [byPictures(0, 1)] },
  });
  expect(read(unit('Guidance Start: 0, Guidance End: 0.5, ')).notes).toEqual([
    byPictures(0, 1),
    no('ip-adapter_sd15 (0 – 0.5)'),
  ]);
});

test.each([
  ['Module: reference_only, Model: None, Weight: 1', [no('ControlNet reference_only')]],
  [
    'Module: ip-adapter_face_id_plus, Model: ip-adapter-faceid-plusv2_sd15 [6e14fc1a], Weight: 1',
    [no('ip-adapter-faceid-plusv2_sd15')],
  ],
  [
    'Module: canny, Model: c, Weight: 1, Threshold A: 50, Threshold B: 200',
    [byPictures(1), no('Canny 50, 200')],
  ],
  [
    'Module: canny, Model: c, Hr Option: Low res only',
    [byPictures(1), no('ControlNet hr option: Low res only')],
  ],
  ['Module: canny, Model: c, Mask: on', [byPictures(1), no('ControlNet mask: on')]],
])('what has no counterpart is named: %s', (unit, notes) => {
  expect(read(`ControlNet 0: "${unit}"`).notes).toEqual(notes);
});

test('values that no layer can have are refused, and the others stay', () => {
  const { controls, notes } = read(
    'ControlNet 0: "Module: canny, Model: a, Weight: 3", ControlNet 1: "Module: canny, Model: b"',
  );
  expect(controls).toEqual([layer('b')]);
  expect(notes).toEqual([byPictures(2), expect.objectContaining({ kind: 'refused', name: 'controls' })]);
});
