import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Model } from '../loaders/loader.ts';
import { readPngTexts } from '../metadata/containers/png-text.ts';
import { readPictureSettings } from '../metadata/read-picture-settings.ts';
import type { stableDiffusion } from '../pipeline/stable-diffusion.ts';
import type { ControlLayer } from '../protocol/control.ts';
import type { GenerationProgress, LoraNote } from '../protocol/generation.ts';
import { requestWith } from '../protocol/samples/sample-request.ts';
import { generateImages } from './generate-images.ts';
import { stubCanvas } from './samples/stub-canvas.ts';
import { createUnfinished } from './unfinished.ts';

beforeEach(stubCanvas);
afterEach(() => vi.unstubAllGlobals());

const embedding = (token: string) => ({ token, file: new Blob([token]) });

/** Runs a request with a LoRA that brings these embeddings and notes along. */
async function generate(own: readonly string[], bundled: readonly string[], notes: readonly LoraNote[]) {
  const pipeline = vi.fn<typeof stableDiffusion>(async () => {});
  const setLoras = vi.fn(async () => ({ embeddings: bundled.map(embedding), notes }));
  const model = { setBits: async () => {}, setLoras } as unknown as Model;
  const progress: GenerationProgress[] = [];
  const request = requestWith({ prompt: 'a cat <lora:style:0.5>', embeddings: own.map(embedding) });
  const findLoras = vi.fn(async () => []);
  await generateImages(
    { findLoras, findControls: async () => [], findIpAdapters: async () => [], pipeline },
    model,
    request,
    {
      signal: new AbortController().signal,
      waits: () => {},
      progress: (event) => progress.push(event),
    },
    createUnfinished(),
  );
  return { passed: pipeline.mock.calls[0]?.[1], asked: findLoras.mock.calls, progress, request };
}

test('the LoRAs of the prompt are found, and taken out of it', async () => {
  const { passed, asked } = await generate([], [], []);
  expect(asked).toEqual([[[{ name: 'style', textEncoderWeight: 0.5, unetWeight: 0.5 }]]]);
  expect(passed?.prompt.trim()).toBe('a cat');
});

test('embeddings inside a LoRA can be called; a person’s own come first', async () => {
  const { passed, request } = await generate(['mine', 'both'], ['both', 'theirs'], []);
  expect(passed?.embeddings.map(({ token }) => token)).toEqual(['mine', 'both', 'theirs']);
  expect(passed?.embeddings[1]?.file).toBe(request.embeddings[1]?.file);
});

test('what is to be known of a LoRA is told, and nothing where there is nothing', async () => {
  const note = { kind: 'unknown-strength', lora: 'style' } as const;
  expect((await generate([], [], [note])).progress).toEqual([{ stage: 'loras', notes: [note] }]);
  expect((await generate([], [], [])).progress).toEqual([]);
});

/** Runs a request for four pictures of one pixel each. */
async function paint(prompt: string) {
  const painted: { seed: number; prompt: string; numImages: number }[] = [];
  const pipeline: typeof stableDiffusion = async (_, { seed, numImages, prompt: text }, emit) => {
    painted.push({ seed, numImages, prompt: text });
    for (let image = 0; image < numImages; image++)
      await emit({
        ...{ stage: 'image', image, seed: seed + image },
        picture: { width: 1, height: 1, rgba: new Uint8ClampedArray(4) },
      });
  };
  const model = {
    setBits: async () => {},
    setLoras: async () => ({ embeddings: [], notes: [] }),
  } as unknown as Model;
  const wildcards = { animals: ['cat', 'dog', 'owl <lora:feathers:0.5>'] };
  const request = requestWith({ prompt, seed: 7, numImages: 4, wildcards });
  const events: GenerationProgress[] = [];
  const findLoras = vi.fn(async () => []);
  await generateImages(
    { findLoras, findControls: async () => [], findIpAdapters: async () => [], pipeline },
    model,
    request,
    { signal: new AbortController().signal, waits: () => {}, progress: (event) => events.push(event) },
    createUnfinished(),
  );
  const pictures = events.flatMap((event) => (event.stage === 'image' ? [event] : []));
  return { painted, pictures, asked: findLoras.mock.calls as unknown as unknown[][] };
}

test('each picture of a run has the words that its seed has chosen, and says so', async () => {
  const { painted, pictures, asked } = await paint('a {red|blue} __animals__');
  expect(painted.map(({ seed, numImages }) => [seed, numImages])).toEqual([
    [7, 1],
    [8, 1],
    [9, 1],
    [10, 1],
  ]);
  expect(new Set(painted.map((one) => one.prompt)).size).toBeGreaterThan(1);
  expect(pictures.map(({ image, picture }) => [image, picture.seed])).toEqual([
    [0, 7],
    [1, 8],
    [2, 9],
    [3, 10],
  ]);
  expect(asked).toHaveLength(4);
  for (const { picture } of pictures) {
    const { prompt, template } = picture.texts;
    expect(prompt).toMatch(/^a (red|blue) (cat|dog|owl <lora:feathers:0.5>)$/);
    expect(template).toEqual({ prompt: 'a {red|blue} __animals__', negativePrompt: '', styles: [] });
    const texts = await readPngTexts(picture.png);
    expect(texts.get('parameters')).toMatch(
      new RegExp(`^${prompt}\\nSteps: .*Template: "a \\{red\\|blue\\} __animals__"$`),
    );
    expect(texts.get('safelight'), 'the lists stay here').not.toContain('wildcards');
    const { settings } = (await readPictureSettings(picture.png)) ?? {};
    expect(settings).toMatchObject({ prompt, template, seed: picture.seed });
  }
  // The same seed alone is the same picture.
  expect((await paint('a {red|blue} __animals__')).painted).toEqual(painted);
});

test('control layers are found by their models, and refused before anything is painted', async () => {
  const pipeline = vi.fn<typeof stableDiffusion>(async () => {});
  const nothing = async () => {};
  const setLoras = vi.fn(async () => ({ embeddings: [], notes: [] }));
  const model = { setBits: nothing, setLoras } as unknown as Model;
  const layer: ControlLayer = {
    ...{ model: 'someone/edges', map: new Blob(['no picture']), controlMode: null },
    preprocessor: 'none',
    ...{ scale: 1, start: 0, end: 1, isGuess: false },
  };
  const edges = { kind: 'ControlNet', name: 'edges', hash: '', config: {}, tensors: new Map() } as const;
  const findControls = vi.fn(async () => [edges]);
  const running = generateImages(
    { findLoras: async () => [], findControls, findIpAdapters: async () => [], pipeline },
    model,
    requestWith({ controls: [layer] }),
    { signal: new AbortController().signal, waits: () => {}, progress: () => {} },
    createUnfinished(),
  );
  await expect(running).rejects.toMatchObject({ details: { kind: 'no-map', control: 'edges' } });
  expect(findControls).toHaveBeenCalledWith(['someone/edges']);
  expect(pipeline).not.toHaveBeenCalled();
});

test('without anything to choose a run is one', async () => {
  const { painted, pictures } = await paint('a cat {x} __nothing__');
  expect(painted).toEqual([{ seed: 7, numImages: 4, prompt: 'a cat {x} __nothing__' }]);
  expect(pictures.map(({ image, picture }) => [image, picture.seed, picture.texts.template])).toEqual([
    [0, 7, null],
    [1, 8, null],
    [2, 9, null],
    [3, 10, null],
  ]);
});
