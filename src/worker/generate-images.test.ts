import { expect, test, vi } from 'vitest';
import type { Model } from '../loaders/loader.ts';
import type { stableDiffusion } from '../pipeline/stable-diffusion.ts';
import type { GenerationProgress, LoraNote } from '../protocol/generation.ts';
import { requestWith } from '../protocol/samples/sample-request.ts';
import { generateImages } from './generate-images.ts';
import { createUnfinished } from './unfinished.ts';

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
    { findLoras, pipeline },
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
