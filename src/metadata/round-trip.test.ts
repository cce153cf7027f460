import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SCHEDULERS } from '../catalog/schedulers.ts';
import { takesSchedule } from '../catalog/schedules.ts';
import { steeringSettings } from '../protocol/control.ts';
import type { GenerationRequest } from '../protocol/generation.ts';
import { anyRequest } from '../protocol/samples/any-request.ts';
import { requestWith } from '../protocol/samples/sample-request.ts';
import { parametersText } from './a1111/a1111.ts';
import { withPngTexts } from './containers/png-text.ts';
import { readPictureSettings } from './read-picture-settings.ts';
import { readSettingsJson, settingsJson } from './safelight.ts';

// What is written into a picture is read from it again.

const PNG = new Blob([readFileSync(new URL('golden/a1111.png', import.meta.url)).subarray(0, 33)]);
const anySeed = fc.nat();

/** What comes back of layers and picture prompts; that is nothing where there is none. */
function steered(made: GenerationRequest) {
  const { controls, picturePrompts } = steeringSettings(made);
  const [layers, prompts] = [controls.length, picturePrompts.length];
  return {
    settings: { ...(layers > 0 && { controls }), ...(prompts > 0 && { picturePrompts }) },
    notes: layers + prompts > 0 ? [{ kind: 'steered-by-pictures', layers, prompts }] : [],
  };
}

/** A prompt with such a line cannot be told from what follows it in A1111's text. */
const isUnambiguous = ({ prompt, negativePrompt }: GenerationRequest) =>
  !/^Negative prompt:/m.test(`${prompt}\n${negativePrompt}`);
const inPng = (texts: Record<string, string>) => readPictureSettings(withPngTexts(PNG, texts));

test('1,000 random requests come back whole from Safelight’s own text', async () => {
  await fc.assert(
    fc.asyncProperty(anyRequest, anySeed, async (made, seed) => {
      const read = await inPng({ safelight: settingsJson(made, seed) });
      const { embeddings, image, memoryBytes: _, wildcards: _w, controls: _c, ...others } = made;
      const { picturePrompts: _p, ...plain } = others;
      const steering = steered(made);
      const { file: _file, mask: _mask, ...start } = image ?? {};
      const prompts = `${made.prompt}\n${made.negativePrompt}`.toLowerCase();
      const spoken = embeddings.filter(({ token }) => prompts.includes(token.toLowerCase()));
      expect(read).toEqual({
        tool: 'Safelight',
        settings: { ...plain, ...start, ...steering.settings, seed },
        notes: [
          ...(image ? [{ kind: 'began-with-picture' }] : []),
          ...spoken.map(({ token }) => ({ kind: 'embedding', name: token })),
          ...steering.notes,
        ],
      });
    }),
    { numRuns: 1000 },
  );
});

test('settings that an earlier version wrote into a picture are read', async () => {
  const request = {
    ...{
      model: 'trinket',
      device: 'wasm',
      prompt: 'a red apple',
      negativePrompt: 'blue',
      width: 512,
      height: 64,
    },
    ...{
      numInferenceSteps: 20,
      guidanceScale: 2.5,
      seed: 3,
      numImages: 2,
      scheduler: 'ddim',
      filmstrip: false,
    },
    ...{ textEncoder: null, unet: null, vae: 'owner/vae', previewVae: null, embeddings: [], bits: 8 },
    ...{ guidanceRescale: 0.5, guidanceStart: 0.1, guidanceEnd: 0.9, clipSkip: 1, eta: 0.5, noise: 'gpu' },
    ...{ cacheInterval: 3, cacheBranchId: 1, gateStep: 7 },
    ...{
      memory: 'auto',
      memoryBytes: null,
      hires: { scale: 1.5, upscaler: 'image', strength: 0.4, steps: 9 },
    },
  };
  const image = {
    ...{
      fit: 'fill',
      offset: { x: 0, y: 1 },
      border: { left: 8, top: 0, right: 0, bottom: 0 },
      strength: 0.6,
    },
    ...{ maskBlur: 4, maskedContent: 'noise', paddingMaskCrop: 32 },
  };
  const { embeddings: _, memoryBytes: __, ...rest } = request;
  const settings = { ...rest, emphasis: 'original', schedule: null };
  const read = (beginning: object | null) =>
    inPng({ safelight: JSON.stringify({ version: 1, seed: 4, request: { ...request, image: beginning } }) });
  expect(await read(null)).toEqual({ tool: 'Safelight', settings: { ...settings, seed: 4 }, notes: [] });
  expect((await read(image))?.settings).toEqual({ ...settings, ...image, seed: 4 });
});

test('only the embeddings that a prompt calls become notes', () => {
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

/** A sampler that has the schedule in its name stands for both. */
function followed({ scheduler, schedule }: GenerationRequest): object {
  if (schedule === null || !takesSchedule(scheduler)) return { scheduler, schedule: null };
  const plain = scheduler.replace(/-(karras|exponential)$/, '');
  const named = `${plain}-${schedule}`;
  return named in SCHEDULERS ? { scheduler: named, schedule: null } : { scheduler: plain, schedule };
}

test('1,000 random requests come back from A1111’s text, as far as it has words for them', async () => {
  await fc.assert(
    fc.asyncProperty(anyRequest.filter(isUnambiguous), anySeed, async (made, seed) => {
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
          ...followed(made),
          guidanceScale: made.guidanceScale,
          seed,
          width: made.width,
          height: made.height,
          ...(made.image && { strength: made.image.strength }),
          hires: made.hires,
          ...(isInpainted && { maskBlur, maskedContent, paddingMaskCrop }),
          clipSkip: made.clipSkip,
          ...(/[([]/.test(made.prompt + made.negativePrompt) && { emphasis: made.emphasis }),
          noise: made.noise,
          eta: made.eta,
          cacheInterval: made.cacheInterval,
          cacheBranchId: made.cacheBranchId,
          gateStep: made.gateStep,
          guidanceRescale: made.guidanceRescale,
          guidanceStart: made.guidanceStart,
          guidanceEnd: made.guidanceEnd,
          ...steered(made).settings,
        },
        notes: [...(made.image ? [{ kind: 'began-with-picture' }] : []), ...steered(made).notes],
      });
    }),
    { numRuns: 1000 },
  );
});

test.each([
  [{ pass: 1, step: 7, steps: 20 }, 'Stopped at step: 7 of 20, Version'],
  [{ pass: 2, step: 3, steps: 10 }, 'Stopped at step: Hires 3 of 10, Version'],
] as const)('a picture that was stopped says so in either text: %j', async (stopped, words) => {
  const request = requestWith({ seed: 4 });
  const text = parametersText(request, 4, stopped);
  expect(text).toContain(words);
  const note = { kind: 'stopped', ...stopped };
  expect((await inPng({ parameters: text }))?.notes).toEqual([note]);
  expect((await inPng({ safelight: settingsJson(request, 4, stopped) }))?.notes).toEqual([note]);
  expect(parametersText(request, 4)).not.toContain('Stopped');
});

test('how far it was is not believed where it is no number', () => {
  const json = settingsJson(requestWith(), 4).replace('{', '{"stopped":{"pass":3,"step":-1,"steps":"x"},');
  expect(readSettingsJson(json)?.notes).toEqual([]);
});
