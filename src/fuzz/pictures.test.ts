import { readFileSync } from 'node:fs';
import { expect, onTestFinished, vi } from 'vitest';
import { decodeImage } from '../image/read-image.ts';
import { readParameters } from '../metadata/a1111/read-parameters.ts';
import { readComfyPrompt } from '../metadata/comfyui/comfyui.ts';
import { readPngTexts, withPngTexts } from '../metadata/containers/png-text.ts';
import { readPictureSettings } from '../metadata/read-picture-settings.ts';
import { readInvokeMetadata } from '../metadata/tools/invokeai.ts';
import { fuzz } from './samples/fuzz.ts';
import { anyBytes, anyJson, anyText } from './samples/mutations.ts';

// Damaged pictures of every program end in settings, some of them perhaps refused, or in none; never in a fault.

const GOLDEN = new URL('../metadata/golden/', import.meta.url);
const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(name, GOLDEN)));

async function readSettings(file: Blob): Promise<void> {
  const read = await readPictureSettings(file);
  expect(read === null || typeof read.settings === 'object').toBe(true);
}

for (const name of [
  ...['a1111.png', 'a1111-exif.png', 'a1111-compressed.png', 'draw-things.png', 'swarmui.jpg', 'a1111.jpg'],
  ...['novelai.webp', 'a1111.webp', 'a1111.avif'],
])
  fuzz(`${name}, its settings`, anyBytes(bytesOf(name)), readSettings);

for (const name of ['a1111.png', 'a1111.jpg', 'a1111.webp', 'a1111.avif'])
  fuzz(`${name}, its size`, anyBytes(bytesOf(name), 600), (file) => {
    vi.stubGlobal('createImageBitmap', () => Promise.reject(new DOMException('Damaged.')));
    onTestFinished(() => void vi.unstubAllGlobals());
    return decodeImage(file);
  });

const HEAD = new Blob([bytesOf('swarmui.png').slice(0, 33)]);
for (const name of [
  ...[
    'swarmui.png',
    'fooocus.png',
    'fooocus-a1111.png',
    'novelai.png',
    'draw-things.png',
    'easy-diffusion.png',
  ],
  ...['invokeai.png', 'invokeai-sdxl.png', 'sd-metadata.png', 'comfyui-sdxl.png', 'comfyui-loader.png'],
  ...['comfyui-workflow.png', 'a1111.png'],
]) {
  const texts = await readPngTexts(new Blob([bytesOf(name)]));
  const withText = (keyword: string) => (text: string) =>
    readSettings(withPngTexts(HEAD, { ...Object.fromEntries(texts), [keyword]: text }));
  for (const [keyword, text] of texts) {
    if (text.startsWith('{')) fuzz(`${name}, ${keyword}`, anyJson(JSON.parse(text)), withText(keyword));
    else if (text.length > 30) fuzz(`${name}, ${keyword}`, anyText(text), withText(keyword));
  }
}

fuzz(
  'pasted settings of A1111',
  anyText(
    'a (red:1.2) apple <lora:x:1>\nNegative prompt: blue\nSteps: 20, Sampler: DPM++ 2M Karras, CFG scale: 7, Seed: 3, Size: 512x512, Hires upscale: 2, Lora hashes: "x: 1"',
  ),
  (text) => readParameters(text),
);

const CONTROLLED = 'a\nSteps: 20, Sampler: Euler, CFG scale: 7, ';
fuzz(
  'ControlNet units as A1111 writes them',
  anyText(
    `${CONTROLLED}ControlNet 0: "Module: canny, Model: control_v11p_sd15_canny [d14c016b], Weight: 0.7, Resize Mode: ResizeMode.INNER_FIT, Threshold A: 100, Guidance Start: 0.1, Guidance End: 0.9, Control Mode: Balanced, Union Control Type: Hard Edge", ControlNet-1 Module: hed, ControlNet-1 Model: hed, Picture prompt 0: "Parts: style, Pictures: 2"`,
  ),
  (text) => readParameters(text),
);
fuzz(
  'ControlNet units in small letters',
  anyText(
    `${CONTROLLED}ControlNet: "preprocessor: lineart, model: control_v11p_sd15_lineart [43d4be0d], weight: 0.6, starting/ending: (0.1, 0.8), control mode: ControlNet is more important, preprocessor params: (512, None, 64)"`,
  ),
  (text) => readParameters(text),
);
fuzz(
  'InvokeAI’s controls',
  anyJson({
    positive_prompt: 'a',
    controlnets: [{ control_model: { name: 'canny' }, control_weight: 1, control_mode: 'balanced' }],
    ipAdapters: [{ ip_adapter_model: { name: 'ip' }, weight: 1, method: 'style' }],
    canvas_v2_metadata: {
      controlLayers: [{ isEnabled: true, controlAdapter: { model: { name: 'c' }, beginEndStepPct: [0, 1] } }],
    },
    ref_images: [{ isEnabled: true, config: { type: 'ip_adapter', model: { name: 'ip' }, weight: 1 } }],
  }),
  (text) => readInvokeMetadata(text),
);
fuzz(
  'ComfyUI’s controls',
  anyJson({
    '3': {
      class_type: 'KSampler',
      inputs: { seed: 1, steps: 20, sampler_name: 'euler', positive: ['20', 0], model: ['8', 0] },
    },
    '6': { class_type: 'CLIPTextEncode', inputs: { text: 'a' } },
    '8': {
      class_type: 'IPAdapterAdvanced',
      inputs: { weight: 1, weight_type: 'linear', ipadapter: ['9', 0] },
    },
    '9': { class_type: 'IPAdapterModelLoader', inputs: { ipadapter_file: 'ip' } },
    '20': {
      class_type: 'ControlNetApplyAdvanced',
      inputs: { strength: 1, positive: ['6', 0], control_net: ['21', 0], image: ['22', 0] },
    },
    '21': { class_type: 'ControlNetLoader', inputs: { control_net_name: 'canny' } },
    '22': { class_type: 'Canny', inputs: { image: ['22', 0] } },
  }),
  (text) => readComfyPrompt(text),
);
