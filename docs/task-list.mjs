import { deepStrictEqual } from 'node:assert';
import { readFileSync } from 'node:fs';

/** @typedef {import('./person.mjs').Person} Person */

/**
 * Something people do.
 * @typedef {object} Task
 * @property {string} name
 * @property {number} before Actions it took on 24 November 2026, counted in the same way.
 * @property {(person: Person) => Promise<unknown>} [ready] What is there when it begins.
 * @property {(person: Person) => Promise<unknown>} work
 */

const MINUTES = 5 * 60_000;
const A1111 = {
  name: 'a1111.png',
  mimeType: 'image/png',
  buffer: readFileSync(new URL('../src/metadata/golden/a1111.png', import.meta.url)),
};

/** A LoRA that changes nothing, trained with the words “sks cat”, as kohya's scripts note them. */
function lora() {
  const shapes = { lora_down: [2, 4, 3, 3], lora_up: [64, 2, 1, 1] };
  const tags = JSON.stringify({ '10_cat': { 'sks cat': 9, outdoors: 2 } });
  /** @type {Record<string, object>} */
  const header = { __metadata__: { ss_tag_frequency: tags } };
  let at = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    const bytes = shape.reduce((product, side) => product * side, 4);
    header[`lora_unet_conv_in.${name}.weight`] = { dtype: 'F32', shape, data_offsets: [at, at + bytes] };
    at += bytes;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const buffer = Buffer.concat([length, json, Buffer.alloc(at)]);
  return { name: 'style.safetensors', mimeType: 'application/octet-stream', buffer };
}

/** @param {Person} person @param {string} prompt */
async function paint(person, prompt) {
  await person.type('Prompt', prompt);
  await person.press('Generate');
  await person.watch();
}

/** @param {Person} person */
const painted = (person) => paint(person, 'a hamburger');

/** @type {readonly Task[]} */
export const TASKS = [
  {
    name: 'A portrait',
    before: 4,
    work: async (person) => {
      await person.choose('Shape', '112 × 144 · Portrait');
      await paint(person, 'a cat face');
      deepStrictEqual(await person.pictures(), ['112×144']);
    },
  },
  {
    name: 'Four images of one prompt',
    before: 3,
    work: async (person) => {
      await person.type('Pictures', '4');
      await paint(person, 'a cat face');
      deepStrictEqual(await person.pictures(), Array(4).fill('128×128'));
    },
  },
  {
    name: 'Another prompt with the seed of a picture',
    before: 3,
    ready: painted,
    work: async (person) => {
      const seed = await person.seed();
      await person.press('Reuse seed');
      await paint(person, 'a cat face');
      deepStrictEqual(await person.seed(), seed);
    },
  },
  {
    name: 'Samplers over guidance, as a grid',
    before: 3,
    ready: painted,
    work: async (person) => {
      await person.press('Experiments');
      await person.choose('Rows', 'Sampler');
      await person.press('Start');
      await person.page.getByText(/^(\d+) of \1 pictures/).waitFor({ timeout: MINUTES });
    },
  },
  {
    name: 'Variations of a picture',
    before: 2,
    ready: painted,
    work: async (person) => {
      await person.press('Start from this');
      await person.press('Nine variations');
      await person.watch();
      deepStrictEqual(await person.pictures(), Array(9).fill('128×128'));
    },
  },
  {
    name: 'Inpainting',
    before: 6,
    ready: painted,
    work: async (person) => {
      await person.press('Start from this');
      await person.press('Inpaint…');
      await person.stroke();
      await person.press('Done');
      await paint(person, 'a cat face');
    },
  },
  {
    name: 'Outpainting',
    before: 5,
    ready: painted,
    work: async (person) => {
      await person.press('Start from this');
      await person.press('Extend…');
      await person.type('Left', '32');
      await person.press('Done');
      await person.press('Generate');
      await person.watch();
      deepStrictEqual(await person.pictures(), ['160×128']);
    },
  },
  {
    name: 'A picture at twice its size',
    before: 3,
    ready: painted,
    work: async (person) => {
      await person.press('Reuse seed');
      await person.choose('Hires fix', 'Latent');
      await person.press('Generate');
      await person.watch();
      deepStrictEqual(await person.pictures(), ['256×256']);
    },
  },
  {
    name: 'An earlier picture found, its settings restored, painted again',
    before: 5,
    ready: async (person) => {
      for (const prompt of ['a rocket', 'a penguin', 'a house']) await paint(person, prompt);
    },
    work: async (person) => {
      await person.press('Gallery');
      await person.type('Search prompts and tags', 'penguin');
      await person.press('Open: a penguin');
      await person.press('Use these settings');
      await person.press('Generate');
      await person.watch();
    },
  },
  {
    name: 'A picture of A1111 reproduced',
    before: 5,
    work: async (person) => {
      await person.drop(A1111);
      await person.press('Reproduce it');
      await person.press('Generate');
      await person.button('Stop').waitFor();
      deepStrictEqual(await person.field('Height').inputValue(), '768');
    },
  },
  {
    name: 'A model from the Hub',
    before: 5,
    work: async (person) => {
      await person.press('Models');
      await person.type('Repository', 'example/tiny-stable-diffusion');
      await person.press('Look up');
      await person.press('Download');
      await person.press('Use tiny-stable-diffusion');
    },
  },
  {
    name: 'A LoRA from disk, by its trigger word',
    before: 6,
    work: async (person) => {
      await person.press('Models');
      await person.chooseFile('From disk…', lora());
      await person.press('sks cat');
      await person.press('Generate');
      await person.watch();
    },
  },
];
