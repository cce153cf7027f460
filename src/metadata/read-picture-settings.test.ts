import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withPngTexts } from './containers/png-text.ts';
import { readPictureSettings } from './read-picture-settings.ts';

const GOLDEN = new URL('golden/', import.meta.url);
const golden = (name: string) => new Blob([readFileSync(new URL(name, GOLDEN))]);

/** What no tool here says unless it is set. */
const UNSAID = {
  schedule: null,
  ...{ hires: null, clipSkip: 0, eta: 0, guidanceRescale: 0, guidanceStart: 0, guidanceEnd: 1 },
  ...{ cacheInterval: 1, cacheBranchId: 0, gateStep: 0 },
};
const A1111 = {
  ...UNSAID,
  prompt: 'a castle on a hill, (stormy sky:1.2)',
  negativePrompt: 'blurry, text',
  model: 'v1-5-pruned-emaonly',
  numInferenceSteps: 25,
  scheduler: 'dpmpp-2m-karras',
  guidanceScale: 6.5,
  seed: 12345,
  width: 512,
  height: 768,
  clipSkip: 1,
  emphasis: 'original',
  noise: 'cpu',
};

test.each([
  'a1111.png',
  'a1111-compressed.png',
  'a1111.jpg',
  'a1111.webp',
  'little-endian.jpg',
  'ascii.webp',
  'comment.jpg',
])('%s holds A1111’s settings', async (name) => {
  expect(await readPictureSettings(golden(name))).toEqual({
    ...{ tool: 'A1111', settings: A1111, notes: [] },
  });
});

test.each([
  'a1111-japanese.png',
  'a1111-japanese.jpg',
  'a1111-japanese.webp',
])('%s holds A1111’s settings, in Japanese', async (name) => {
  const read = await readPictureSettings(golden(name));
  expect(read?.settings).toEqual({ ...A1111, prompt: '丘の上の城, (stormy sky:1.2)' });
});

test.each(['comfyui.png', 'comfyui.webp'])('%s holds the graph ComfyUI ran', async (name) => {
  expect(await readPictureSettings(golden(name))).toEqual({
    tool: 'ComfyUI',
    settings: {
      ...UNSAID,
      prompt: 'masterpiece best quality girl <lora:watercolor:0.5:0.8>',
      negativePrompt: 'bad hands',
      model: 'v1-5-pruned-emaonly',
      numInferenceSteps: 20,
      scheduler: 'dpmpp-2m-karras',
      guidanceScale: 8,
      seed: 8566257,
      width: 768,
      height: 512,
      clipSkip: 1,
      noise: 'cpu',
    },
    notes: [],
  });
});

test('comfyui-workflow.png holds the graph that ComfyUI draws', async () => {
  expect(await readPictureSettings(golden('comfyui-workflow.png'))).toEqual({
    tool: 'ComfyUI',
    settings: {
      ...UNSAID,
      prompt: 'beautiful scenery nature glass bottle landscape, , purple galaxy bottle,',
      negativePrompt: 'text, watermark',
      model: 'v1-5-pruned-emaonly',
      numInferenceSteps: 20,
      scheduler: 'euler',
      schedule: 'normal',
      guidanceScale: 8,
      // The lower 32 bits of 156680208700286.
      seed: 4096709502,
      width: 512,
      height: 512,
      noise: 'cpu',
    },
    notes: [],
  });
});

test('invokeai.png holds InvokeAI’s settings', async () => {
  expect(await readPictureSettings(golden('invokeai.png'))).toEqual({
    tool: 'InvokeAI',
    settings: {
      ...UNSAID,
      prompt: 'a lighthouse at dusk <lora:watercolor:0.75>',
      negativePrompt: 'people',
      model: 'Dreamshaper 8',
      numInferenceSteps: 30,
      scheduler: 'dpmpp-2m-karras',
      guidanceScale: 7.5,
      seed: 1934567,
      width: 512,
      height: 768,
      clipSkip: 1,
      noise: 'cpu',
    },
    notes: [],
  });
});

test('sd-metadata.png holds settings of InvokeAI before version 3', async () => {
  expect(await readPictureSettings(golden('sd-metadata.png'))).toEqual({
    tool: 'InvokeAI',
    settings: {
      ...UNSAID,
      prompt: 'an old harbour',
      negativePrompt: 'boats, people',
      model: 'stable-diffusion-1.5',
      numInferenceSteps: 50,
      scheduler: 'euler-ancestral',
      guidanceScale: 7.5,
      seed: 2271807,
      width: 640,
      height: 512,
      noise: 'cpu',
    },
    notes: [],
  });
});

const PNG = golden('a1111.png').slice(0, 33);
const inPng = (texts: Record<string, string>) => readPictureSettings(withPngTexts(PNG, texts));

test('what is known is read from a newer version’s settings, and values that no request may hold are named', async () => {
  const text = (value: object) => inPng({ safelight: JSON.stringify(value) });
  const read = await text({
    version: 2,
    seed: 5,
    mood: 1,
    request: { prompt: 'a', width: 65, eta: 'b', new: {} },
  });
  expect(read?.settings).toEqual({ prompt: 'a', seed: 5 });
  expect(read?.notes).toEqual([
    { kind: 'newer' },
    { kind: 'refused', name: 'width', value: '65' },
    { kind: 'refused', name: 'eta', value: 'b' },
  ]);
  expect(await text({ version: 0, seed: 5, request: {} })).toBeNull();
  expect(await text({ version: 1, seed: 5, request: 3 })).toBeNull();
  const parameters = 'b\nSteps: 3, Sampler: Euler, Seed: 4';
  expect((await inPng({ safelight: '{', parameters }))?.settings.prompt, 'the other text stands in').toBe(
    'b',
  );
});

test('random bytes and broken files give settings or null, and quickly', async () => {
  const files = readdirSync(GOLDEN).map((name) => readFileSync(new URL(name, GOLDEN)));
  const start = performance.now();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.array(fc.tuple(fc.nat(3000), fc.nat(255)), { maxLength: 20 }),
      fc.nat(3000),
      async (file, changes, end) => {
        const broken = Uint8Array.from(file.subarray(0, end < 1500 ? end : undefined));
        for (const [at, byte] of changes) if (at >= 12 && at < broken.length) broken[at] = byte;
        const read = await readPictureSettings(new Blob([broken]));
        expect(read === null || typeof read.settings === 'object').toBe(true);
      },
    ),
    { numRuns: 1500 },
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...files), fc.uint8Array({ maxLength: 300 }), async (file, bytes) => {
      await readPictureSettings(new Blob([bytes]));
      await readPictureSettings(new Blob([Uint8Array.from(file.subarray(0, 12)), bytes]));
    }),
    { numRuns: 500 },
  );
  expect(performance.now() - start).toBeLessThan(20_000);
});

test('any JSON under any keyword gives settings or null', async () => {
  const key = fc.constantFrom(
    ...[
      '3',
      'class_type',
      'inputs',
      'KSampler',
      'steps',
      'sampler_name',
      'positive',
      'model',
      'text',
      'image',
    ],
    ...[
      'prompt',
      'positive_prompt',
      'loras',
      'nodes',
      'links',
      '__proto__',
      'constructor',
      'version',
      'request',
    ],
  );
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.constant(['3', 0]), key);
  const { json } = fc.letrec<{ json: unknown }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.dictionary(key, tie('json'), { noNullPrototype: true }),
      fc.array(tie('json'), { maxLength: 4 }),
    ),
  }));
  const keyword = fc.constantFrom('safelight', 'prompt', 'workflow', 'invokeai_metadata', 'sd-metadata');
  await fc.assert(
    fc.asyncProperty(keyword, json, async (name, value) => {
      const read = await inPng({ [name]: JSON.stringify(value) });
      expect(read === null || typeof read.settings === 'object').toBe(true);
    }),
    { numRuns: 1000 },
  );
});
