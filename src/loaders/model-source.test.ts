import { existsSync, openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { savedRepository } from '../hub/golden/saved-repository.ts';
import type { ModelFiles } from '../hub/repo.ts';
import { componentSource, repositorySource, withComponent } from './model-source.ts';

const ROOT = join(import.meta.dirname, '../..');
const saved = (folder: string) =>
  savedRepository(
    (path) => existsSync(join(ROOT, folder, path)),
    (path) => openAsBlob(join(ROOT, folder, path)),
  );
const tiny = repositorySource(saved('e2e/tiny-model'));

test('one component comes from another model, all others from the model itself', async () => {
  const sd2 = repositorySource(saved('src/pipeline/golden/families/sd2'));
  const mixed = withComponent(tiny, 'unet', sd2);
  expect(await mixed.files.json('unet/config.json')).toEqual(await sd2.files.json('unet/config.json'));
  expect(await mixed.files.json('vae/config.json')).toEqual(await tiny.files.json('vae/config.json'));
  expect([...(await mixed.tensors('unet')).keys()]).toEqual([...(await sd2.tensors('unet')).keys()]);
  expect([...(await mixed.tensors('vae')).keys()]).toEqual([...(await tiny.tensors('vae')).keys()]);
});

test('a component can come from a repository that is only that component', async () => {
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

/** A repository of only these files, with the weights of e2e/tiny-model. */
function only(files: Record<string, unknown>): ModelFiles {
  const weights = () => openAsBlob(join(ROOT, 'e2e/tiny-model/vae/diffusion_pytorch_model.safetensors'));
  return {
    has: (path) => path in files || /^vae\/a[-.]/.test(path),
    file: weights,
    json: async (path) => files[path],
  };
}

test('weights may be in several files, which an index lists', async () => {
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
    'an index with a tensor that isn’t there',
    { 'vae/diffusion_pytorch_model.safetensors.index.json': { weight_map: { nothing: 'a.safetensors' } } },
  ],
  [
    'an index that leads out of its folder',
    {
      'vae/diffusion_pytorch_model.safetensors.index.json': {
        weight_map: { 'decoder.conv_in.weight': '../d.safetensors' },
      },
    },
  ],
])('%s is an error', async (_, files) => {
  await expect(repositorySource(only(files)).tensors('vae')).rejects.toMatchObject({
    code: 'unsupported-model',
  });
});
