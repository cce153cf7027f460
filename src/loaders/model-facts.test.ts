import { existsSync, openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { savedRepository } from '../hub/golden/saved-repository.ts';
import { latentSpaceOf, modelFacts } from './model-facts.ts';

const FAMILIES = join(import.meta.dirname, '../pipeline/golden/families');
const facts = (id: string, folder: string) =>
  modelFacts(
    id,
    savedRepository(
      (path) => existsSync(join(folder, path)),
      (path) => openAsBlob(join(folder, path)),
    ),
  );

test.each([
  ['sd2', 'sd1', 'diffusion', 7.5, 'dpmpp-2m-karras'],
  ['sdxl', 'sdxl', 'diffusion', 5, 'dpmpp-2m-karras'],
  ['bk-sdm', 'sd1', 'diffusion', 7.5, 'dpmpp-2m-karras'],
  ['sdxs', 'sd1', 'turbo', 0, 'euler'],
  ['lcm', 'sd1', 'lcm', 8.5, 'lcm'],
] as const)('%s has latents of %s, the kind %s, guidance scale %d and sampler %s', async (name, latentSpace, kind, guidanceScale, scheduler) => {
  const found = await facts(`test/${name}`, join(FAMILIES, name));
  expect(found).toMatchObject({ latentSpace, kind, defaults: { guidanceScale, scheduler } });
  expect(found.defaults.width % 8).toBe(0);
});

// CompVis/stable-diffusion-v1-1's unet/config.json at first: "_diffusers_version": "0.2.2", "sample_size": 32.
test.each([
  ['bk-sdm', '0.2.2', 32, 512],
  ['bk-sdm', '0.9.0', 32, 256],
  ['bk-sdm', '0.2.2', 96, 768],
  ['bk-sdm', '0.35.2', null, 512],
  ['lcm', '0.2.2', 32, 256],
])('the UNet of %s, from diffusers %s with sample_size %j, starts with %d pixels', async (name, version, size, pixels) => {
  const folder = join(FAMILIES, name);
  const files = savedRepository(
    (path) => existsSync(join(folder, path)),
    (path) => openAsBlob(join(folder, path)),
  );
  const old = { _diffusers_version: version, sample_size: size };
  const found = await modelFacts('test/old', {
    ...files,
    json: async (path) => {
      const json = (await files.json(path)) as object;
      return path === 'unet/config.json' ? { ...json, ...old } : json;
    },
  });
  expect(found.defaults).toMatchObject({ width: pixels, height: pixels });
});

test.each([
  [768, 'sd1'],
  [1024, 'sd2'],
  [2048, 'sdxl'],
  [32, undefined],
])('a UNet that reads texts of width %d is noted as one of %s', async (width, base) => {
  const folder = join(FAMILIES, 'sd2');
  const files = savedRepository(
    (path) => existsSync(join(folder, path)),
    (path) => openAsBlob(join(folder, path)),
  );
  const json = async (path: string) =>
    path === 'unet/config.json'
      ? { ...((await files.json(path)) as object), cross_attention_dim: width }
      : files.json(path);
  expect((await modelFacts('test/width', { ...files, json })).base).toBe(base);
});

test('a value of another type is named', async () => {
  const files = savedRepository(
    (path) => existsSync(join(FAMILIES, 'sd2', path)),
    (path) => openAsBlob(join(FAMILIES, 'sd2', path)),
  );
  const json = async (path: string) =>
    path === 'vae/config.json' ? { scaling_factor: Number.NaN } : files.json(path);
  await expect(modelFacts('test/nan', { ...files, json })).rejects.toMatchObject({
    code: 'unsupported-model',
    details: { component: 'vae', key: 'scaling_factor', found: 'NaN' },
  });
});

test('Trinket has latents of its own', async () => {
  expect(await facts('x/trinket', join(import.meta.dirname, '../../public/models/trinket'))).toMatchObject({
    latentSpace: 'own',
    defaults: { width: 128, height: 128 },
  });
});

test('a model trained at sizes beyond 1024 starts with its own', async () => {
  const repository = savedRepository(
    (path) => existsSync(join(FAMILIES, 'sdxl', path)),
    async (path) => {
      const file = await openAsBlob(join(FAMILIES, 'sdxl', path));
      if (path !== 'unet/config.json') return file;
      return new Blob([JSON.stringify({ ...JSON.parse(await file.text()), sample_size: [80, 192] })]);
    },
  );
  expect(await modelFacts('a/wide', repository)).toMatchObject({ defaults: { width: 1536, height: 640 } });
});

test('a recommended model starts with the recommended settings', async () => {
  expect(await facts('stabilityai/sd-turbo', join(FAMILIES, 'sd2'))).toMatchObject({
    kind: 'turbo',
    defaults: { numInferenceSteps: 2 },
  });
});

test.each([
  ['madebyollin/taesd', { _class_name: 'AutoencoderTiny', latent_channels: 4, scaling_factor: 1 }, 'sd1'],
  ['madebyollin/taesdxl', { _class_name: 'AutoencoderTiny', latent_channels: 4, scaling_factor: 1 }, 'sdxl'],
  ['a/vae', { _class_name: 'AutoencoderKL', scaling_factor: 0.13025 }, 'sdxl'],
  ['stabilityai/sd-vae-ft-mse', { _class_name: 'AutoencoderKL' }, 'sd1'],
  ['madebyollin/taef1', { _class_name: 'AutoencoderTiny', latent_channels: 16 }, 'own'],
])('%s decodes the latents of its models', (id, config, latentSpace) => {
  expect(latentSpaceOf(config, id)).toBe(latentSpace);
});
