import { expect, test } from 'vitest';
import type { RepoFile } from '../../protocol/models.ts';
import { adaptersBesideEncoders, withImageEncoder } from './with-image-encoder.ts';

const file = (path: string): RepoFile => ({ path, size: 1, oid: path });
/** h94/IP-Adapter, as far as it matters. */
const FILES = [
  'README.md',
  'models/ip-adapter_sd15.bin',
  'models/ip-adapter_sd15.safetensors',
  'models/ip-adapter_sd15_vit-G.safetensors',
  'models/ip-adapter-plus_sd15.safetensors',
  'models/image_encoder/config.json',
  'models/image_encoder/model.safetensors',
  'models/image_encoder/pytorch_model.bin',
  'sdxl_models/ip-adapter_sdxl.safetensors',
  'sdxl_models/ip-adapter_sdxl_vit-h.safetensors',
  'sdxl_models/image_encoder/config.json',
  'sdxl_models/image_encoder/model.safetensors',
].map(file);
const CONFIGS: Readonly<Record<string, object>> = {
  'models/image_encoder/config.json': {
    ...{ hidden_size: 1280, projection_dim: 1024, num_attention_heads: 16, patch_size: 14 },
  },
  'sdxl_models/image_encoder/config.json': {
    ...{ hidden_size: 1664, projection_dim: 1280, num_attention_heads: 16, patch_size: 14 },
  },
};
const read = async ({ path }: RepoFile) => CONFIGS[path];
const encoderOf = (folder: string) => [`${folder}/config.json`, `${folder}/model.safetensors`];
const H = 'models/image_encoder';
const G = 'sdxl_models/image_encoder';
const plain = (inputWidth: number) => ({ kind: 'plain', inputWidth, textWidth: 768 }) as const;

test.each([
  ['models/ip-adapter_sd15', plain(1024), H],
  // In the other folder: what it reads says so, not where it lies.
  ['models/ip-adapter_sd15_vit-G', plain(1280), G],
  ['sdxl_models/ip-adapter_sdxl', plain(1280), G],
  ['sdxl_models/ip-adapter_sdxl_vit-h', plain(1024), H],
  ['models/ip-adapter-plus_sd15', { kind: 'full', inputWidth: 1280, textWidth: 768 } as const, H],
])('%s comes with the encoder that it reads', async (name, projection, folder) => {
  const adapter = file(`${name}.safetensors`);
  const chosen = await withImageEncoder(adapter, projection, FILES, read);
  expect(chosen.map(({ path }) => path)).toEqual([adapter.path, ...encoderOf(folder)]);
});

test('without an encoder that fits, the adapter comes alone', async () => {
  const adapter = file('models/ip-adapter_sd15.safetensors');
  expect(await withImageEncoder(adapter, plain(512), FILES, read)).toEqual([adapter]);
  expect(await withImageEncoder(adapter, plain(1024), [adapter], read)).toEqual([adapter]);
});

test('a repository’s adapters are told by the encoders beside them', () => {
  expect(adaptersBesideEncoders(FILES).map(({ path }) => path)).toEqual([
    'models/ip-adapter_sd15.safetensors',
    'models/ip-adapter_sd15_vit-G.safetensors',
    'models/ip-adapter-plus_sd15.safetensors',
    'sdxl_models/ip-adapter_sdxl.safetensors',
    'sdxl_models/ip-adapter_sdxl_vit-h.safetensors',
  ]);
  expect(adaptersBesideEncoders([file('unet/model.safetensors')])).toEqual([]);
});
