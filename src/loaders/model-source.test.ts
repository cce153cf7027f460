import { existsSync, openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ModelFiles } from '../hub/repo.ts';
import { savedRepository } from '../pipeline/golden/repository.ts';
import { componentSource, isLoraFile, repositorySource, withComponent } from './model-source.ts';

const ROOT = join(import.meta.dirname, '../..');
const saved = (folder: string) =>
  savedRepository(
    (path) => existsSync(join(ROOT, folder, path)),
    (path) => openAsBlob(join(ROOT, folder, path)),
  );
const tiny = repositorySource(saved('e2e/tiny-model'));

test('one component is another’s, all else the model’s own', async () => {
  const sd2 = repositorySource(saved('src/pipeline/golden/families/sd2'));
  const mixed = withComponent(tiny, 'unet', sd2);
  expect(await mixed.files.json('unet/config.json')).toEqual(await sd2.files.json('unet/config.json'));
  expect(await mixed.files.json('vae/config.json')).toEqual(await tiny.files.json('vae/config.json'));
  expect([...(await mixed.tensors('unet')).keys()]).toEqual([...(await sd2.tensors('unet')).keys()]);
  expect([...(await mixed.tensors('vae')).keys()]).toEqual([...(await tiny.tensors('vae')).keys()]);
});

test('a repository may be one component, under the class it has', async () => {
  const folder = saved('src/models/golden/vae-tiny');
  const files: ModelFiles = {
    ...folder,
    has: (path) => path === 'diffusion_pytorch_model.safetensors',
    file: () => folder.file('model.safetensors'),
  };
  const mixed = withComponent(tiny, 'vae', componentSource('vae', 'AutoencoderTiny', files));
  expect(await mixed.files.json('model_index.json')).toMatchObject({
    ...((await tiny.files.json('model_index.json')) as object),
    vae: ['', 'AutoencoderTiny'],
  });
  expect(await mixed.files.json('vae/config.json')).toMatchObject({ _class_name: 'AutoencoderTiny' });
  expect([...(await mixed.tensors('vae')).keys()].some((name) => name.startsWith('decoder.layers.'))).toBe(
    true,
  );
});

/** A repository of these files alone, the weights e2e/tiny-model's. */
function only(files: Record<string, unknown>): ModelFiles {
  const weights = () => openAsBlob(join(ROOT, 'e2e/tiny-model/vae/diffusion_pytorch_model.safetensors'));
  return {
    has: (path) => path in files,
    file: weights,
    json: async (path) => files[path],
  };
}

test('weights may be in several files, which an index names', async () => {
  const name = 'decoder.conv_in.weight';
  const other = 'decoder.conv_in.bias';
  const map = { [name]: 'a-00001-of-00002.safetensors', [other]: 'a-00002-of-00002.safetensors' };
  for (const index of [
    'vae/diffusion_pytorch_model.safetensors.index.json',
    'vae/diffusion_pytorch_model.safetensors.index.fp16.json',
  ]) {
    const tensors = await repositorySource(only({ [index]: { weight_map: map } })).tensors('vae');
    expect([...tensors].map(([key, { path }]) => [key, path])).toEqual([
      [name, 'vae/a-00001-of-00002.safetensors'],
      [other, 'vae/a-00002-of-00002.safetensors'],
    ]);
  }
});

test.each([
  ['no weights', {}],
  ['an index of nothing', { 'vae/diffusion_pytorch_model.safetensors.index.json': { weight_map: 7 } }],
  [
    'an index that names a tensor that is not there',
    { 'vae/diffusion_pytorch_model.safetensors.index.json': { weight_map: { nothing: 'a.safetensors' } } },
  ],
])('%s is said', async (_, files) => {
  await expect(repositorySource(only(files)).tensors('vae')).rejects.toMatchObject({
    code: 'unsupported-model',
  });
});

test.each([
  ['src/pipeline/golden/lora/kohya.safetensors', true],
  ['src/pipeline/golden/lora/kohya-sdxl.safetensors', true],
  ['src/pipeline/golden/lora/peft.safetensors', true],
  ['src/pipeline/golden/lora/diffusers-old.safetensors', true],
  ['src/pipeline/golden/mystyle.safetensors', false],
  ['e2e/tiny-model/unet/diffusion_pytorch_model.safetensors', false],
])('%s is a LoRA: %s', async (path, is) => {
  expect(await isLoraFile(path, await openAsBlob(join(ROOT, path)))).toBe(is);
});
