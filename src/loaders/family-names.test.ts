import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';

const SRC = join(import.meta.dirname, '..');
/** Only these know what kinds of models there are. All others ask the family, or the loader of its pipeline. */
const KNOWING = ['loaders', 'models'];
/** Folders with what tests are made from. */
const FOR_TESTS = ['samples', 'golden'];

/** Words that only somebody who knows a kind of model uses. */
const NAMES = {
  added: /addition_embed_type|text_time/,
  // text_encoder, text_encoder_2, text_encoder_${n}; tokenizer_2; also in a regular expression.
  textEncoder: /text_encoder|tokenizer_/,
  unet: /['"`]unet\b|\bunet['"`:/]/,
  modelClass:
    /UNet2DConditionModel|Autoencoder(KL|Tiny)|CLIPTextModel|(StableDiffusion|LatentConsistency)\w*Pipeline/,
  samplerClass: /\w+Scheduler['"`]/,
  generation: /\bsd1\b|sdxl|SD1|SDXL/,
  upscaler: /Swin2SR|pixel_values|reconstruction/,
  embeddingTensor: /clip_(\[lg\]|[lg]\b)/,
  graphInput: /latent_sample|latent_parameters|out_sample|encoder_hidden_states|text_embeds/,
} as const;
type Name = keyof typeof NAMES;
const NAME_KEYS = Object.keys(NAMES) as Name[];

/** Who may use some of them all the same: which, and why. */
const ELSEWHERE: Readonly<Record<string, readonly [names: readonly Name[], why: string]>> = {
  'catalog/models.ts': [
    ['generation'],
    'recommended models with their names and settings: data that a person chooses from',
  ],
  'catalog/recommended-parts.ts': [['generation', 'upscaler'], 'the same, of what goes with them'],
  'protocol/control-facts.ts': [['generation'], 'which models a ControlNet fits: a fact by the loader'],
  'catalog/fast.ts': [['generation'], 'few-step LoRAs by the models they are for: the same'],
  'state/actions/fast.ts': [['generation'], 'finds those of the model in use'],
  'catalog/schedulers.ts': [['samplerClass'], 'the samplers with the classes they are of'],
  schedulers: [['samplerClass'], 'a sampler knows its own class'],
  metadata: [['generation'], 'the words of other programs'],
  'checkpoint/gguf/read-gguf.ts': [['generation'], 'the architectures that a file may name in its header'],
  'checkpoint/textual-inversion.ts': [
    ['textEncoder', 'embeddingTensor'],
    'the names of tensors in the files of embeddings',
  ],
  'checkpoint/lora/bundled-embeddings.ts': [['embeddingTensor'], 'the same, inside the files of LoRAs'],
  'prompt/lora-tags.ts': [['unet'], 'the names of a LoRA tag’s two weights, as A1111 has them'],
  'protocol/settings.ts': [['textEncoder', 'unet'], 'two settings replace these components'],
  'state/form/offered-settings.ts': [['generation'], 'other programs’ clip skip is ignored on SDXL'],
  'protocol/picture-settings.ts': [['generation'], 'the same'],
  'protocol/models.ts': [
    ['textEncoder', 'unet', 'generation'],
    'what a person can replace in a model, and whose latents a VAE fits: facts by the loader',
  ],
  measure: [
    ['added', 'textEncoder', 'unet', 'modelClass'],
    'a GPU is measured with the graphs of models that everybody compares, without their files',
  ],
  'protocol/gpu-measurement.ts': [['unet'], 'the parts of such a model that are measured'],
  'ui/create/options': [['unet'], 'the choices of replaced components'],
  'ui/texts': [['textEncoder', 'unet', 'generation', 'upscaler'], 'the words on the screen'],
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

const namesIn = (line: string) => NAME_KEYS.filter((name) => NAMES[name].test(line));
const isKnowing = (path: string) => KNOWING.some((folder) => path.startsWith(`${folder}/`));
const files = sources(SRC).map((path) => ({
  path: relative(SRC, path),
  text: code(readFileSync(path, 'utf8')),
}));
const found = files
  .filter(({ path }) => !isKnowing(path))
  .flatMap(({ path, text }) =>
    text.split('\n').flatMap((line) => namesIn(line).map((name) => ({ path, name, line: line.trim() }))),
  );
/** The places that a use of a name is allowed in; by a file's own entry, or by its folder's. */
const allowedBy = ({ path, name }: (typeof found)[number]) =>
  Object.entries(ELSEWHERE)
    .filter(([place, [names]]) => (path === place || path.startsWith(`${place}/`)) && names.includes(name))
    .map(([place]) => `${place}: ${name}`);

test('only loaders and models know a model’s classes, components, tensors and what SDXL adds', () => {
  const lines = found.filter((use) => allowedBy(use).length === 0);
  expect(lines.map(({ path, name, line }) => `${path}: ${name}: ${line}`)).toEqual([]);
});

test('every place uses each of the names that it may', () => {
  const used = new Set(found.flatMap(allowedBy));
  const allowed = Object.entries(ELSEWHERE).flatMap(([place, [names]]) =>
    names.map((name) => `${place}: ${name}`),
  );
  expect(allowed.filter((use) => !used.has(use))).toEqual([]);
});

test('each of the words is there to be found', () => {
  const known = files.filter(({ path }) => isKnowing(path)).map(({ text }) => text);
  expect(NAME_KEYS.filter((name) => !known.some((text) => NAMES[name].test(text)))).toEqual([]);
});

test.each([
  'const name = `text_encoder_` + n;',
  'const encoder = /^text_encoder(?:_\\d)?$/.exec(name);',
  "const READS_ETA = ['DDIMScheduler', 'TCDScheduler'];",
  "quantizedPath('unet', bits)",
  "const isXl = family === 'sdxl';",
  "loadSwin2SR('x')",
  'const { sample } = await decoder.run({ latent_sample: latents });',
])('%s would be found', (line) => expect(namesIn(line)).not.toEqual([]));
