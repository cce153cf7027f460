import { readFileSync } from 'node:fs';
import { expect, onTestFinished, vi } from 'vitest';
import { decodeImage } from '../image/read-image.ts';
import { readParameters } from '../metadata/a1111/read-parameters.ts';
import { readPngTexts, withPngTexts } from '../metadata/containers/png-text.ts';
import { readPictureSettings } from '../metadata/read-picture-settings.ts';
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
