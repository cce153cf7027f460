import fc from 'fast-check';
import { expect, test } from 'vitest';
import { INIT_IMAGE_DEFAULTS } from '../../protocol/init-image.ts';
import { parseRequest } from '../../protocol/request.ts';
import { requestWith } from '../../protocol/samples/sample-request.ts';
import { parametersText } from './a1111.ts';
import { readParameters } from './read-parameters.ts';

const REQUEST = requestWith({
  negativePrompt: 'blurry',
  width: 128,
  numInferenceSteps: 20,
  guidanceScale: 0,
  numImages: 2,
  scheduler: 'dpmpp-2m-karras',
});

test('a request is written as A1111 would write it, with the picture’s own seed', () => {
  expect(parametersText(REQUEST, 1)).toBe(
    'a red apple\nNegative prompt: blurry\nSteps: 20, Sampler: DPM++ 2M Karras, CFG scale: 0, Seed: 1, Size: 128x64, Model: trinket, RNG: CPU, Version: safelight',
  );
  expect(parametersText({ ...REQUEST, negativePrompt: '' }, 1)).not.toContain('Negative');
  const changes = { clipSkip: 1, eta: 0.5, guidanceRescale: 0.7, noise: 'gpu', model: 'disk:a, b' } as const;
  const text = parametersText({ ...REQUEST, ...changes }, 1);
  expect(text).toContain('RNG: GPU, Clip skip: 2, Eta DDIM: 0.5, CFG Rescale: 0.7');
  expect(text).toContain('Model: "disk:a, b", RNG');
});

test('emphasis is written where a prompt may hold some, as A1111 does, and read back', () => {
  const written = (prompt: string, negativePrompt: string) =>
    parametersText({ ...REQUEST, prompt, negativePrompt, emphasis: 'no-norm' }, 1);
  expect(written('a (red:1.2) apple', '')).toContain(', Emphasis: No norm, ');
  expect(written('an apple', '[blurry]')).toContain(', Emphasis: No norm, ');
  expect(written('an apple', 'blurry')).not.toContain('Emphasis');
  const read = (prompt: string, pair: string) =>
    readParameters(
      `${prompt}\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 64x64, Model: m${pair}`,
    );
  expect(read('(a)', ', Emphasis: No norm')?.settings.emphasis).toBe('no-norm');
  expect(read('(a)', ', Emphasis: Ignore')?.settings.emphasis).toBe('ignore');
  expect(read('(a)', '')?.settings.emphasis).toBe('original');
  expect(read('a', '')?.settings.emphasis).toBeUndefined();
  const none = read('(a)', ', Emphasis: None');
  expect(none?.settings.emphasis).toBeUndefined();
  expect(none?.notes).toEqual([{ kind: 'refused', name: 'emphasis', value: 'None' }]);
});

/** What A1111 takes where its text is silent. */
const SILENT = {
  hires: null,
  clipSkip: 0,
  noise: 'gpu',
  eta: 0,
  guidanceRescale: 0,
  guidanceStart: 0,
  guidanceEnd: 1,
  ...{ cacheInterval: 1, cacheBranchId: 0, gateStep: 0 },
};

test('settings are read from what A1111 1.9 writes', () => {
  const text = [
    'a castle on a hill,',
    'at night',
    'Negative prompt: blurry, text',
    'Steps: 25, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 12345, Size: 512x768, Model hash: 6ce0161689, ' +
      'Model: v1-5-pruned-emaonly, VAE hash: 735e4c3a44, VAE: vae-ft-mse-840000.safetensors, Denoising strength: 0.45, Clip skip: 2, RNG: CPU, Lora hashes: "a: 1, b: 2", Version: v1.9.3',
  ].join('\n');
  expect(readParameters(text)).toEqual({
    tool: 'A1111',
    settings: {
      ...SILENT,
      prompt: 'a castle on a hill,\nat night',
      negativePrompt: 'blurry, text',
      model: 'v1-5-pruned-emaonly',
      vae: 'vae-ft-mse-840000.safetensors',
      numInferenceSteps: 25,
      scheduler: 'dpmpp-2m-karras',
      schedule: null,
      guidanceScale: 6.5,
      seed: 12345,
      width: 512,
      height: 768,
      strength: 0.45,
      clipSkip: 1,
      noise: 'cpu',
    },
    notes: [{ kind: 'began-with-picture' }],
  });
});

test('the example in the documentation of A1111’s own reader is read', () => {
  // modules/infotext_utils.py, the docstring of parse_generation_parameters.
  const read = readParameters(
    `girl with an artist's beret, determined, ((eyeshadow)), (coquettish), detailed, intricate
Negative prompt: ugly, fat, (((deformed))), [blurry], bad anatomy, (extra_limb), messy drawing
Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 965400086, Size: 512x512, Model hash: 45dee52b`,
  );
  expect(read?.settings).toEqual({
    ...SILENT,
    emphasis: 'original',
    prompt: "girl with an artist's beret, determined, ((eyeshadow)), (coquettish), detailed, intricate",
    negativePrompt: 'ugly, fat, (((deformed))), [blurry], bad anatomy, (extra_limb), messy drawing',
    numInferenceSteps: 20,
    scheduler: 'euler-ancestral',
    // Its usual schedule is Uniform.
    schedule: 'normal',
    guidanceScale: 7,
    seed: 965400086,
    width: 512,
    height: 512,
  });
  // Of the model, it says no name.
  expect(read?.notes).toEqual([{ kind: 'unread', name: 'model' }]);
});

test('the strength of a hires pass is not taken for that of a picture to start from', () => {
  const read = readParameters(
    'a\nSteps: 20, Sampler: Euler, Schedule type: Automatic, CFG scale: 7, Seed: 1, Size: 512x512, Model: m, Denoising strength: 0.4, Hires upscale: 2, Hires steps: 10, Hires upscaler: Latent, Version: f2.0.1v1.10.1',
  );
  expect(read?.settings.strength).toBeUndefined();
  expect(read?.settings.scheduler).toBe('euler');
  expect(read?.settings.hires).toEqual({ scale: 2, upscaler: 'latent', strength: 0.4, steps: 10 });
  expect(read?.notes).toEqual([]);
});

test('what shaped the picture and is not here is named with its value, and what is usual is not', () => {
  const read = readParameters(
    'a cat AND a dog\nSteps: 20, Sampler: Euler, Schedule type: Karras, CFG scale: 7, Seed: 1, Size: 512x512, Model: m, ' +
      'Denoising strength: 0.4, Hires upscale: 2, Hires upscaler: Latent (nearest), Hires sampler: DPM++ 2M, Hires schedule type: Karras, ' +
      'Hires checkpoint: other, Hires CFG Scale: 7, Hires prompt: "a dog, sharp", Emphasis: No norm, Schedule max sigma: 10, Schedule min sigma: 0, ' +
      'Schedule rho: 5, Sigma noise: 1.01, Skip Early CFG: 0.1, NGMS: 4, Mask mode: Inpaint masked, Pad conds: True, Tiling, Version: v1.10.1',
  );
  const named = (name: string) => ({ kind: 'no-counterpart', name });
  expect(read?.notes.map((note) => JSON.stringify(note)).toSorted()).toEqual(
    [
      { kind: 'other-upscaler', name: 'Latent (nearest)', upscaler: 'latent' },
      { kind: 'other-syntax', name: 'AND' },
      ...['Hires sampler: DPM++ 2M', 'Hires checkpoint: other', 'Hires prompt: a dog, sharp'].map(named),
      ...['Schedule max sigma: 10', 'Schedule rho: 5', 'Sigma noise: 1.01'].map(named),
      ...['Skip Early CFG: 0.1', 'NGMS: 4', 'Pad conds: True', 'Tiling'].map(named),
    ]
      .map((note) => JSON.stringify(note))
      .toSorted(),
  );
  expect(read?.settings).toMatchObject({
    ...{ scheduler: 'euler-karras', hires: { scale: 2, strength: 0.4 }, emphasis: 'no-norm' },
  });
});

test('for a picture that was painted in part, what is not said is A1111’s default', () => {
  const said =
    'a\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 64x64, Model: m, Denoising strength: 0.75, Mask blur: 4';
  expect(readParameters(said)?.settings).toMatchObject({
    ...{ maskBlur: 4, maskedContent: 'original', paddingMaskCrop: null },
  });
  const cropped = readParameters(
    `${said}, Mask mode: Inpaint not masked, Inpaint area: Only masked, Masked area padding: 48, Masked content: latent nothing`,
  );
  expect(cropped?.settings).not.toHaveProperty('paddingMaskCrop');
  expect(cropped?.settings).not.toHaveProperty('maskedContent');
  expect(cropped?.notes).toEqual([
    { kind: 'began-with-picture' },
    { kind: 'no-counterpart', name: 'Mask mode: Inpaint not masked' },
    { kind: 'refused', name: 'maskedContent', value: 'latent nothing' },
    { kind: 'refused', name: 'paddingMaskCrop', value: '48' },
  ]);
});

test.each([
  ['RNG: CPU', 'cpu'],
  ['RNG: NV', 'gpu'],
  ['Model: m', 'gpu'],
])('%s: the noise is %s', (said, noise) => {
  expect(readParameters(`a\nSteps: 20, Sampler: Euler, ${said}`)?.settings.noise).toBe(noise);
});

test('a second pass is written in A1111’s words, with a strength of its own if there is a picture to start from', () => {
  const hires = { scale: 1.5, upscaler: 'latent', strength: 0.6, steps: 8 } as const;
  expect(parametersText({ ...REQUEST, hires }, 1)).toContain(
    'Model: trinket, Denoising strength: 0.6, Hires upscale: 1.5, Hires steps: 8, Hires upscaler: Latent, RNG',
  );
  const image = { ...INIT_IMAGE_DEFAULTS, file: new Blob(), fit: 'crop', strength: 0.5 } as const;
  expect(parametersText({ ...REQUEST, image, hires: { ...hires, upscaler: 'image' } }, 1)).toContain(
    'Denoising strength: 0.5, Hires denoising strength: 0.6, Hires upscale: 1.5, Hires steps: 8, Hires upscaler: Lanczos',
  );
});

test('models are read from what Civitai writes, JSON in which names may hold anything', () => {
  const resources =
    '[{"type":"checkpoint","modelVersionId":128713,"modelName":"Dream, Seed: 9","modelVersionName":"8"},{"type":"lora","weight":0.6,"modelVersionId":62833,"modelName":"Detail"}]';
  const read = readParameters(
    `knight\nNegative prompt: lowres\nSteps: 28, Sampler: DPM++ 2M Karras, CFG scale: 6.5, Clip skip: 2, Created Date: 2025-11-28T09:18:43.5Z, Civitai resources: ${resources}, Civitai metadata: {"a":{"Seed: ":3}}, Seed: 1234567, Size: 512x768`,
  );
  expect(read?.settings).toMatchObject({ model: 'Dream, Seed: 9', seed: 1234567, clipSkip: 1, height: 768 });
  expect(read?.notes).toEqual([
    { kind: 'no-counterpart', name: 'LoRA Detail: 0.6' },
    // Nobody knows whose random numbers its generator takes.
    { kind: 'unread', name: 'noise' },
  ]);
});

test('settings are read from a text that is all on one line', () => {
  const read = readParameters(
    'fog, a car Negative prompt: rain Steps: 23, Sampler: Euler, Seed: 1, Size: 64x64',
  );
  expect(read?.settings).toMatchObject({
    prompt: 'fog, a car',
    negativePrompt: 'rain',
    numInferenceSteps: 23,
    seed: 1,
  });
});

test('values that no request may hold are refused by name, and other texts hold no settings', () => {
  const read = readParameters('a\nSteps: 9999, Seed: -1, Size: 99999x64, CFG scale: much');
  expect(read?.settings).toEqual({ ...SILENT, prompt: 'a', negativePrompt: '', height: 64 });
  expect(read?.notes).toEqual([
    { kind: 'unread', name: 'model' },
    { kind: 'unread', name: 'scheduler' },
    { kind: 'refused', name: 'numInferenceSteps', value: '9999' },
    { kind: 'refused', name: 'guidanceScale', value: 'much' },
    { kind: 'refused', name: 'seed', value: '-1' },
    { kind: 'refused', name: 'width', value: '99999' },
  ]);
  for (const text of ['a red apple', '{"nodes": []}', '', 'a\nSteps: 3', 'Steps: climb them, slowly'])
    expect(readParameters(text), text).toBeNull();
});

test('any text gives settings that a request may hold, or none, and quickly', () => {
  const piece = fc.constantFrom(
    ...[
      'Steps: ',
      ', ',
      ': ',
      '"',
      '\n',
      'Size: ',
      'x',
      '1',
      'Negative prompt:',
      'é',
      '\\',
      '[',
      '{',
      ']',
      '-9.5',
      'Clip skip: ',
      'ENSD: ',
    ],
  );
  let reads = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const read = readParameters(`a\nSteps: 1, Seed: 1, CFG scale: ${pieces.join('')}`);
      for (const found of [read, readParameters(pieces.join(''))])
        expect(parseRequest({ ...REQUEST, ...found?.settings }).seed).toBeGreaterThanOrEqual(0);
      reads += read === null ? 0 : 1;
    }),
  );
  expect(reads, 'texts that have settings').toBeGreaterThan(50);
  const start = performance.now();
  for (const part of [
    ': "',
    ': [',
    'a: {"',
    'a: \\"',
    ' Steps: ',
    '\nNegative prompt:',
    '\nSteps: 1',
    'a',
    ', ',
  ])
    readParameters(`Steps: 1, a: 1, b: 2${part.repeat(99_900 / part.length)}`);
  expect(performance.now() - start, 'milliseconds for nine texts of 100 kB').toBeLessThan(20_000);
});
