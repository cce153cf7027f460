import { existsSync, openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { savedRepository } from '../../hub/golden/saved-repository.ts';
import type { ModelFiles } from '../../hub/repo.ts';
import { readModelConfigs } from '../model-configs.ts';
import { onnxConfigs, onnxParameters } from './onnx-configs.ts';

const FOLDER = join(import.meta.dirname, '../../pipeline/golden/onnx');
const UNET = 'unet/config.json';

const repository = (name: string) =>
  savedRepository(
    (path) => existsSync(join(FOLDER, name, path)),
    (path) => openAsBlob(join(FOLDER, name, path)),
  );
const json = async (files: ModelFiles) => (await files.json(UNET)) as object;

test('configurations are taken from the graphs, then from config.json, then from what is usual', async () => {
  const lcm = await onnxConfigs(repository('lcm'));
  expect(await lcm.json('unet/config.json')).toMatchObject({
    in_channels: 4,
    cross_attention_dim: 16,
    time_cond_proj_dim: 12,
    addition_embed_type: null,
    block_out_channels: [8, 16],
  });
  const sdxl = await onnxConfigs(repository('sdxl'));
  expect(await sdxl.json('unet/config.json')).toMatchObject({
    cross_attention_dim: 40,
    time_cond_proj_dim: null,
    addition_embed_type: 'text_time',
    projection_class_embeddings_input_dim: 6 * 256 + 20,
    sample_size: [8, 8],
  });
  expect(await sdxl.json('vae/config.json')).toMatchObject({ scaling_factor: 0.13025, latent_channels: 4 });
  expect(await sdxl.json('text_encoder/config.json')).toEqual({ hidden_size: 16, num_hidden_layers: 2 });
});

test('a config.json that no graph could be built from is ignored', async () => {
  const files = repository('lcm');
  const odd = { ...(await json(files)), mid_block_type: 'UNetMidBlock2DSimpleCrossAttn' };
  const other = {
    ...files,
    json: (path: string) => (path === UNET ? Promise.resolve(odd) : files.json(path)),
  };
  const { unet, vae, textEncoders, unknownScheduler } = await readModelConfigs(
    await onnxConfigs(other),
    () => {},
  );
  expect(unet).toMatchObject({ cross_attention_dim: 16, block_out_channels: [320, 640, 1280, 1280] });
  expect(vae).toMatchObject({ className: 'AutoencoderKL', config: { scaling_factor: 0.18215 } });
  expect(textEncoders.map(({ name }) => name)).toEqual(['text_encoder']);
  expect(unknownScheduler).toBeUndefined();
});

test('the weights are counted as in diffusers’ file', async () => {
  expect(await onnxParameters(repository('lcm'), 'unet')).toBe(52_100);
});

test('a repository that lacks a graph is refused, and the folder named in the error', async () => {
  const files = repository('lcm');
  const less = { ...files, has: (path: string) => path !== 'vae_decoder/model.onnx' && files.has(path) };
  await expect(onnxConfigs(less)).rejects.toMatchObject({
    code: 'unsupported-model',
    details: { component: 'vae_decoder', expected: 'model.onnx', found: 'none' },
  });
});
