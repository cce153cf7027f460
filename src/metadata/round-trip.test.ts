import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SCHEDULERS, type SchedulerId } from '../catalog/schedulers.ts';
import type { GenerationRequest } from '../protocol/generation.ts';
import { parametersText } from './a1111.ts';
import { withPngTexts } from './png-text.ts';
import { readPictureSettings } from './read-picture-settings.ts';
import { readSettingsJson, settingsJson } from './safelight.ts';

// What is written into a picture and read from it again.

const fraction = fc.float({ min: 0, max: 1, noNaN: true }).map((value) => Math.abs(value));
const border = fc.integer({ min: 0, max: 64 }).map((n) => n * 8);
const modelId = fc.constantFrom(
  'trinket',
  'stabilityai/sd-turbo',
  'disk:a, b: c.safetensors',
  'o/n/f.safetensors',
);
// A prompt with such a line cannot be told from what follows it in A1111's text; line ends are \n in a form.
const prompt = fc
  .string({ unit: 'grapheme', maxLength: 200 })
  .map((text) => text.replaceAll('\r', ''))
  .filter((text) => !/^Negative prompt:/m.test(text));
const request: fc.Arbitrary<GenerationRequest> = fc.record({
  model: modelId,
  textEncoder: fc.option(modelId),
  unet: fc.option(modelId),
  vae: fc.option(modelId),
  previewVae: fc.option(modelId),
  device: fc.constantFrom('auto', 'webgpu', 'wasm'),
  prompt,
  negativePrompt: prompt,
  embeddings: fc.array(
    fc.record({ token: fc.string({ minLength: 1, maxLength: 20 }), file: fc.constant(new Blob()) }),
    {
      maxLength: 3,
    },
  ),
  image: fc.option(
    fc.record({
      file: fc.constant(new Blob(['picture'])),
      fit: fc.constantFrom('crop', 'stretch', 'fill'),
      offset: fc.record({ x: fraction, y: fraction }),
      border: fc.record({ left: border, top: border, right: border, bottom: border }),
      strength: fraction,
      mask: fc.option(fc.constant(new Blob(['mask']))),
      maskBlur: fc.integer({ min: 0, max: 64 }),
      maskedContent: fc.constantFrom('original', 'fill', 'noise'),
      paddingMaskCrop: fc.option(fc.integer({ min: 0, max: 1024 })),
    }),
  ),
  hires: fc.option(
    fc.record({
      scale: fc.constantFrom(1, 1.25, 2, 4),
      upscaler: fc.constantFrom('latent', 'image'),
      strength: fc.constantFrom(0.05, 0.6, 1),
      steps: fc.integer({ min: 1, max: 150 }),
    }),
  ),
  width: fc.integer({ min: 8, max: 128 }).map((n) => n * 8),
  height: fc.integer({ min: 8, max: 128 }).map((n) => n * 8),
  numInferenceSteps: fc.integer({ min: 1, max: 150 }),
  guidanceScale: fc.float({ min: 0, max: 30, noNaN: true }).map((value) => Math.abs(value)),
  guidanceRescale: fraction,
  guidanceStart: fraction,
  guidanceEnd: fraction,
  clipSkip: fc.integer({ min: 0, max: 11 }),
  eta: fraction,
  noise: fc.constantFrom('cpu', 'gpu'),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  numImages: fc.integer({ min: 1, max: 16 }),
  scheduler: fc.constantFrom(...(Object.keys(SCHEDULERS) as SchedulerId[])),
  filmstrip: fc.boolean(),
  memory: fc.constantFrom('auto', 'all', 'one-by-one'),
  bits: fc.constantFrom(null, 4, 8),
  memoryBytes: fc.option(fc.nat()),
});

const PNG = new Blob([readFileSync(new URL('golden/a1111.png', import.meta.url)).subarray(0, 33)]);
const inPng = (texts: Record<string, string>) => readPictureSettings(withPngTexts(PNG, texts));

test('1,000 generated settings come back whole from our own text', async () => {
  await fc.assert(
    fc.asyncProperty(request, fc.nat(), async (made, seed) => {
      const read = await inPng({ safelight: settingsJson(made, seed) });
      const { embeddings, image, memoryBytes: _, ...plain } = made;
      const { file: _file, mask: _mask, ...start } = image ?? {};
      const prompts = `${made.prompt}\n${made.negativePrompt}`.toLowerCase();
      const spoken = embeddings.filter(({ token }) => prompts.includes(token.toLowerCase()));
      expect(read).toEqual({
        tool: 'Safelight',
        settings: { ...plain, ...start, seed },
        notes: [
          ...(image ? [{ kind: 'began-with-picture' }] : []),
          ...spoken.map(({ token }) => ({ kind: 'embedding', name: token })),
        ],
      });
    }),
    { numRuns: 1000 },
  );
});

test('of the embeddings at hand those that are called leave a note', () => {
  const request = {
    prompt: 'a cat in MyStyle',
    negativePrompt: 'easynegative',
    embeddings: ['mystyle', 'easynegative', 'other'].map((token) => ({ token })),
  };
  const notes = readSettingsJson(JSON.stringify({ version: 1, seed: 1, request }))?.notes;
  expect(notes).toEqual([
    { kind: 'embedding', name: 'mystyle' },
    { kind: 'embedding', name: 'easynegative' },
  ]);
});

test('1,000 generated settings come back from A1111’s text, as far as it has words for them', async () => {
  await fc.assert(
    fc.asyncProperty(request, fc.nat(), async (made, seed) => {
      const read = await inPng({ parameters: parametersText(made, seed) });
      const { mask, border, maskBlur, maskedContent, paddingMaskCrop } = made.image ?? {};
      const isInpainted = mask || Object.values(border ?? {}).some((pixels) => pixels > 0);
      expect(read).toEqual({
        tool: 'Safelight',
        settings: {
          prompt: made.prompt,
          negativePrompt: made.negativePrompt,
          model: made.model,
          ...(made.vae && { vae: made.vae }),
          numInferenceSteps: made.numInferenceSteps,
          scheduler: made.scheduler,
          guidanceScale: made.guidanceScale,
          seed,
          width: made.width,
          height: made.height,
          ...(made.image && { strength: made.image.strength }),
          hires: made.hires,
          ...(isInpainted && { maskBlur, maskedContent }),
          ...(isInpainted && paddingMaskCrop !== null && { paddingMaskCrop }),
          clipSkip: made.clipSkip,
          noise: made.noise,
          eta: made.eta,
          guidanceRescale: made.guidanceRescale,
          guidanceStart: made.guidanceStart,
          guidanceEnd: made.guidanceEnd,
        },
        notes: made.image ? [{ kind: 'began-with-picture' }] : [],
      });
    }),
    { numRuns: 1000 },
  );
});
