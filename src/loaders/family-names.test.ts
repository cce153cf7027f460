import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';

const SRC = join(import.meta.dirname, '..');
/** Only these know what kinds of models there are. All others ask the family. */
const KNOWING = ['loaders', 'models'];
/** Folders with what tests are made from. */
const FOR_TESTS = ['samples', 'golden'];
const NAMES =
  /addition_embed_type|text_time|(text_encoder|tokenizer)_\d|UNet2DConditionModel|Autoencoder(KL|Tiny)|CLIPTextModel|StableDiffusion(XL)?\w*Pipeline/;

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory())
      return KNOWING.includes(relative(SRC, path)) || FOR_TESTS.includes(name) ? [] : sources(path);
    return /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) ? [path] : [];
  });
}

/** Comments may name what they like. */
const code = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');

test('only loaders and models know a model’s classes, its second text encoder, and what SDXL adds', () => {
  const lines = sources(SRC).flatMap((path) =>
    code(readFileSync(path, 'utf8'))
      .split('\n')
      .filter((line) => NAMES.test(line))
      .map((line) => `${relative(SRC, path)}: ${line.trim()}`),
  );
  expect(lines).toEqual([]);
});

test('the names it looks for are there to be found', () => {
  const text = readFileSync(join(import.meta.dirname, 'model-configs.ts'), 'utf8');
  expect(text.match(new RegExp(NAMES, 'g'))?.length).toBeGreaterThan(10);
});
