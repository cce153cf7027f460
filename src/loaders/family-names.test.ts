import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';

const SRC = join(import.meta.dirname, '..');
/** Only these know what kinds of models there are. All others ask the family, or the loader of its pipeline. */
const KNOWING = ['loaders', 'models'];
/** Folders with what tests are made from. */
const FOR_TESTS = ['samples', 'golden'];

/** Words that only somebody who knows a kind of model uses. */
const NAMES: readonly RegExp[] = [
  /addition_embed_type|text_time/,
  // text_encoder, text_encoder_2, text_encoder_${n}; tokenizer_2; also in a regular expression.
  /text_encoder|tokenizer_/,
  /['"`]unet\b|\bunet['"`:/]/,
  /UNet2DConditionModel|Autoencoder(KL|Tiny)|CLIPTextModel|(StableDiffusion|LatentConsistency)\w*Pipeline/,
  /\w+Scheduler['"`]/,
  /\bsd1\b|sdxl|SD1|SDXL/,
  /Swin2SR|pixel_values|reconstruction/,
  /clip_(\[lg\]|[lg]\b)/,
  /latent_sample|latent_parameters|out_sample|encoder_hidden_states|text_embeds/,
];

/** Who may use some of them all the same, and why. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'catalog/models.ts': 'recommended models with their names and settings: data that a person chooses from',
  'catalog/schedulers.ts': 'the samplers with the classes they are of',
  schedulers: 'a sampler knows its own class',
  metadata: 'the words of other programs',
  'checkpoint/textual-inversion.ts': 'the names of tensors in the files of embeddings',
  'checkpoint/lora/bundled-embeddings.ts': 'the same, inside the files of LoRAs',
  'prompt/lora-tags.ts': 'the names of a LoRA tag’s two weights, as A1111 has them',
  'protocol/settings.ts': 'the setting is called unet',
  'state/form/offered-settings.ts': 'the same; and other programs’ clip skip is ignored on SDXL',
  'protocol/picture-settings.ts': 'other programs’ clip skip is ignored on SDXL',
  'protocol/models.ts':
    'what a person can replace in a model, and whose latents a VAE fits: facts by the loader',
  'ui/create/options': 'the choices of replaced components',
  'ui/texts': 'the words on the screen',
};

/** The code of a folder, tests left out. */
function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return FOR_TESTS.includes(name) ? [] : sources(path);
    return /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) ? [path] : [];
  });
}

/** Comments may name what they like. */
const code = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');

const isNamed = (line: string) => NAMES.some((name) => name.test(line));
const isKnowing = (path: string) => KNOWING.some((folder) => path.startsWith(`${folder}/`));
const files = sources(SRC).map((path) => ({
  path: relative(SRC, path),
  text: code(readFileSync(path, 'utf8')),
}));
const found = files
  .filter(({ path }) => !isKnowing(path))
  .flatMap(({ path, text }) => {
    const lines = text.split('\n').filter(isNamed);
    return lines.map((line) => ({ path, line: line.trim() }));
  });
const placesOf = (path: string) =>
  Object.keys(ELSEWHERE).filter((place) => path === place || path.startsWith(`${place}/`));

test('only loaders and models know a model’s classes, components, tensors and what SDXL adds', () => {
  const lines = found.filter(({ path }) => placesOf(path).length === 0);
  expect(lines.map(({ path, line }) => `${path}: ${line}`)).toEqual([]);
});

test('every place that may name them does', () => {
  const used = new Set(found.flatMap(({ path }) => placesOf(path)));
  expect(Object.keys(ELSEWHERE).filter((place) => !used.has(place))).toEqual([]);
});

test('each of the words is there to be found', () => {
  const known = files.filter(({ path }) => isKnowing(path)).map(({ text }) => text);
  expect(NAMES.filter((name) => !known.some((text) => name.test(text))).map(String)).toEqual([]);
});

test.each([
  'const name = `text_encoder_` + n;',
  'const encoder = /^text_encoder(?:_\\d)?$/.exec(name);',
  "const READS_ETA = ['DDIMScheduler', 'TCDScheduler'];",
  "quantizedPath('unet', bits)",
  "const isXl = family === 'sdxl';",
  "loadSwin2SR('x')",
  'const { sample } = await decoder.run({ latent_sample: latents });',
])('%s would be found', (line) => expect(isNamed(line)).toBe(true));
