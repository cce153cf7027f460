import { expect, test } from 'vitest';
import { bundledModel, modelLabel } from '../catalog/models.ts';
import { readSafetensors } from '../checkpoint/safetensors.ts';
import { componentClass, componentOf } from '../loaders/component-classes.ts';
import { readParameters } from '../metadata/a1111/read-parameters.ts';
import { readComfyPrompt } from '../metadata/comfyui/comfyui.ts';
import { workflowEntries } from '../metadata/comfyui/workflow.ts';
import { findSampler } from '../metadata/settings/samplers.ts';
import { findPreprocessor } from '../metadata/settings/steering.ts';
import { readDrawThingsJson } from '../metadata/tools/draw-things.ts';
import { readEasyJson, readEasyTexts } from '../metadata/tools/easy-diffusion.ts';
import { takeLoraTags } from '../prompt/lora-tags.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import { isSchedulerClass, registeredConfig } from '../schedulers/index.ts';
import { modelCard } from '../state/device/model-card.ts';
import { readHash } from '../state/form/url.ts';
import { loadClipTokenizer } from '../tokenizer/clip.ts';
import { rowFileName } from '../ui/gallery/row-file-name.ts';
import { en } from '../ui/texts/en.ts';
import { errorText } from '../ui/texts/error-text.ts';
import { offerNoteText } from '../ui/texts/settings-text.ts';
import { MEMBERS } from './samples/mutations.ts';

// What others name may be called like a member that every object has. Each lookup, with each of those names.

const DRAW_THINGS = { c: 'a', uc: '', scale: 7 };
const EASY = {
  prompt: 'a',
  num_inference_steps: 20,
  guidance_scale: 7,
  use_stable_diffusion_model: 'm',
  use_vae_model: '',
};
const EASY_TEXTS = Object.entries({
  ...{ num_inference_steps: '20', Prompt: 'a', 'Guidance Scale': '7', 'Stable Diffusion model': 'm' },
  'VAE model': '',
});
const node = (id: number, type: string) => ({ id, type, inputs: [], widgets_values: [1, 2] });

const LOOKUPS: Readonly<Record<string, readonly [(name: string) => unknown, (name: string) => unknown]>> = {
  'a bundled model': [bundledModel, () => undefined],
  'a model’s label': [modelLabel, (name) => name],
  'a model’s card': [(name) => modelCard(name, []).label, (name) => name],
  'a class of a scheduler': [isSchedulerClass, () => false],
  'a scheduler’s configuration': [(name) => registeredConfig(name, { beta_end: 1 }), () => ({ beta_end: 1 })],
  'a class of a component': [componentClass, () => undefined],
  'a component by itself': [(name) => componentOf({ _class_name: name }), () => null],
  'a sampler': [(name) => findSampler('A1111', name).scheduler, () => undefined],
  'a schedule': [(name) => findSampler('A1111', 'Euler', name).scheduler, () => 'euler'],
  'a node’s type in a workflow': [
    (name) => workflowEntries({ nodes: [node(1, name)], links: [] }),
    (name) => [['1', { class_type: name, inputs: {} }]],
  ],
  'a node’s id and type': [
    (name) => readComfyPrompt(`{"${name}":{"class_type":"${name}","inputs":{}}}`),
    () => null,
  ],
  'Draw Things’ kind of noise': [
    (name) => readDrawThingsJson({ ...DRAW_THINGS, seed_mode: name })?.settings.noise,
    () => undefined,
  ],
  'Easy Diffusion’s sampler': [
    (name) => readEasyJson({ ...EASY, sampler_name: name })?.notes,
    (name) => expect.arrayContaining([{ kind: 'unknown-sampler', name }]),
  ],
  'Easy Diffusion’s keywords': [
    (name) => readEasyTexts(new Map([...EASY_TEXTS, [name, 'x']]))?.notes,
    // valibot takes no keys of these names into an object.
    (name) =>
      name === '__proto__' || name === 'constructor'
        ? expect.any(Array)
        : expect.arrayContaining([{ kind: 'no-counterpart', name: `${name}: x` }]),
  ],
  'A1111’s keys': [
    (name) => readParameters(`a\nSteps: 20, Sampler: Euler, CFG scale: 7, ${name}: x`)?.notes,
    (name) => expect.arrayContaining([{ kind: 'no-counterpart', name: `${name}: x` }]),
  ],
  'a preprocessor': [
    (name) => findPreprocessor(name),
    (name) => ({ preprocessor: 'none', notes: [{ kind: 'other-preprocessor', name, preprocessor: 'none' }] }),
  ],
  'a setting of a ControlNet unit': [
    (name) =>
      readParameters(
        `a\nSteps: 20, Sampler: Euler, CFG scale: 7, ControlNet 0: "Module: canny, Model: m, ${name}: x"`,
      )?.notes,
    (name) =>
      expect.arrayContaining([
        { kind: 'no-counterpart', name: `ControlNet ${name.toLowerCase().replaceAll('_', ' ')}: x` },
      ]),
  ],
  'a LoRA’s name': [
    (name) => takeLoraTags(`<lora:${name}:1>`).loras.map((tag) => tag.name),
    (name) => [name],
  ],
  'a sampler in a link': [(name) => readHash(`#sampler=${name}`).fields, () => ({})],
  'a model in a link': [(name) => readHash(`#model=${name}`).fields, () => ({})],
  'a parameter of a link': [
    (name) => readHash(`#${name}=1`),
    (name) => ({
      fields: {},
      refused: [{ name, value: '1', expected: { kind: 'unknown' } }],
      run: false,
    }),
  ],
  'a note’s name': [
    (name) => offerNoteText(en, { kind: 'no-counterpart', name }, 'A1111'),
    (name) => expect.stringContaining(name),
  ],
  'a picture’s type': [
    (name) => rowFileName({ settings: null, hash: 'a'.repeat(64) } as never, name),
    () => expect.stringMatching(/\.png$/),
  ],
  'a server’s answer': [
    (name) =>
      errorText(en.errors, 'models', new AppError('download-failed', '', { file: 'a', status: name }))
        .sentence,
    (name) => expect.stringContaining(name),
  ],
  'a component in an error': [
    (name) => {
      const fault = { kind: 'missing-component', file: 'a', component: name } satisfies Fault;
      return errorText(en.errors, 'models', new AppError('unsupported-model', '', fault)).sentence;
    },
    (name) => expect.stringContaining(name),
  ],
};

for (const [lookup, [look, expected]] of Object.entries(LOOKUPS))
  test.each(MEMBERS)(`${lookup}: %s`, (name) => {
    expect(look(name)).toEqual(expected(name));
  });

test.each(MEMBERS)('a tensor called %s', async (name) => {
  const header = new TextEncoder().encode(`{"${name}":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}`);
  const file = new Blob([BigUint64Array.of(BigInt(header.length)), header, new Uint8Array(3)]);
  expect([...(await readSafetensors('x', file)).keys()]).toEqual([name]);
});

test.each(MEMBERS)('a word called %s', async (name) => {
  const letters = [...'abcdefghijklmnopqrstuvwxyz_'].flatMap((letter) => [letter, `${letter}</w>`]);
  const vocab = JSON.parse(
    `{${[...letters, '<|startoftext|>', '<|endoftext|>', name].map((word, id) => `"${word}":${id}`).join()}}`,
  );
  const tokenizer = await loadClipTokenizer({
    ...{ vocab, merges: '' },
    addedTokens: JSON.parse(`{"${name}":${letters.length + 2}}`),
  });
  expect(tokenizer.encode(`a ${name.toLowerCase()}`).at(-1)).toBeDefined();
  expect(tokenizer.encode(name)).toContain(letters.length + 2);
});
