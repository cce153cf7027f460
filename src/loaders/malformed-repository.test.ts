import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ModelFiles } from '../hub/repo.ts';
import { tinyModel } from './golden/tiny-model.ts';
import { readModelConfigs } from './model-configs.ts';
import { openTokenizer } from './open-tokenizer.ts';
import { stableDiffusionLoader } from './stable-diffusion-loader.ts';
import { readWeightFiles } from './weight-files.ts';

// What a repository says about itself is checked before its weights are fetched.

const tiny = tinyModel((path) => openAsBlob(join(import.meta.dirname, '../..', path)));
type Json = Readonly<Record<string, unknown>>;

/** The tiny model with other keys in one file, or with that file. */
function changed(path: string, change: (json: Json) => unknown): ModelFiles {
  return {
    has: (name) => name === path || tiny.has(name),
    file: (name) => tiny.file(name),
    json: async (name) =>
      name === path ? change(tiny.has(name) ? ((await tiny.json(name)) as Json) : {}) : tiny.json(name),
  };
}
const withKeys = (path: string, keys: object) => changed(path, (json) => ({ ...json, ...keys }));

test('the tiny model is not refused', async () => {
  await expect(stableDiffusionLoader.check(tiny)).resolves.toBeUndefined();
});

const SCHEDULER = 'scheduler/scheduler_config.json';
const CONFIG = 'tokenizer/tokenizer_config.json';
test.each([
  [SCHEDULER, { num_train_timesteps: 5e7 }, 'num_train_timesteps'],
  [SCHEDULER, { num_train_timesteps: -5 }, 'num_train_timesteps'],
  [SCHEDULER, { num_train_timesteps: 10.5 }, 'num_train_timesteps'],
  [SCHEDULER, { beta_end: 1 }, 'beta_end'],
  [SCHEDULER, { beta_start: -0.1 }, 'beta_start'],
  [SCHEDULER, { trained_betas: [0.1, 0.2] }, 'trained_betas'],
  [SCHEDULER, { trained_betas: [0.1, 'x'], num_train_timesteps: 2 }, 'trained_betas.1'],
  [SCHEDULER, { steps_offset: 1e9 }, 'steps_offset'],
  [SCHEDULER, { original_inference_steps: 2000 }, 'original_inference_steps'],
  [SCHEDULER, { sigma_max: Number.POSITIVE_INFINITY }, 'sigma_max'],
  ['unet/config.json', { block_out_channels: [32, 64, 1e9, 64] }, 'block_out_channels.2'],
  ['unet/config.json', { block_out_channels: Array(40).fill(32) }, 'block_out_channels'],
  ['unet/config.json', { layers_per_block: 1e6 }, 'layers_per_block'],
  ['unet/config.json', { attention_head_dim: 0 }, 'attention_head_dim'],
  ['unet/config.json', { norm_num_groups: 1e12 }, 'norm_num_groups'],
  ['unet/config.json', { cross_attention_dim: 2 ** 40 }, 'cross_attention_dim'],
  ['unet/config.json', { transformer_layers_per_block: 1e5 }, 'transformer_layers_per_block'],
  [
    'unet/config.json',
    { addition_embed_type: 'text_time', projection_class_embeddings_input_dim: 8 },
    'addition_time_embed_dim',
  ],
  ['unet/config.json', { sample_size: 1e9 }, 'sample_size'],
  ['unet/config.json', { sample_size: -8 }, 'sample_size'],
  ['vae/config.json', { latent_channels: 1e9 }, 'latent_channels'],
  ['vae/config.json', { scaling_factor: 0 }, 'scaling_factor'],
  ['vae/config.json', { latents_std: [1, 0, 1, 1] }, 'latents_std.1'],
  ['text_encoder/config.json', { vocab_size: 2 ** 40 }, 'vocab_size'],
  ['text_encoder/config.json', { num_hidden_layers: 1e6 }, 'num_hidden_layers'],
  ['text_encoder/config.json', { num_attention_heads: 5 }, 'num_attention_heads'],
  ['text_encoder/config.json', { max_position_embeddings: 76 }, 'max_position_embeddings'],
  [CONFIG, { model_max_length: 2 }, 'model_max_length'],
  [CONFIG, { model_max_length: -1 }, 'model_max_length'],
  [CONFIG, { model_max_length: 'long' }, 'model_max_length'],
  [
    CONFIG,
    { added_tokens_decoder: Object.fromEntries(Array(3000).fill({}).entries()) },
    'added_tokens_decoder',
  ],
  ['tokenizer/vocab.json', { a: '7' }, 'a'],
  ['tokenizer/vocab.json', { a: 2 ** 40 }, 'a'],
  ['tokenizer/added_tokens.json', { '<cat>': -1 }, '<cat>'],
  ['tokenizer/tokenizer.json', { model: { vocab: { a: 0 }, merges: [7] } }, 'model.merges.0'],
  ['tokenizer/tokenizer.json', { model: { vocab: { a: 0 }, merges: ['a b', ['a', 'b']] } }, 'model.merges'],
  ['tokenizer/tokenizer.json', { model: null }, 'model'],
])('%s with %j is refused by its key', async (path, keys, key) => {
  await expect(stableDiffusionLoader.check(withKeys(path, keys))).rejects.toMatchObject({
    code: 'unsupported-model',
    details: { key, found: expect.any(String) },
  });
});

test.each([
  ...[SCHEDULER, CONFIG, 'unet/config.json', 'vae/config.json', 'text_encoder/config.json'],
  ...['tokenizer/vocab.json', 'tokenizer/special_tokens_map.json', 'tokenizer/tokenizer.json'],
])('%s that is null, a text or a list is refused', async (path) => {
  for (const json of [null, 'x', 7, [[7]]])
    await expect(stableDiffusionLoader.check(changed(path, () => json))).rejects.toMatchObject({
      name: 'AppError',
    });
});

test('of a tokenizer.json no pattern is read', async () => {
  const vocab = (await tiny.json('tokenizer/vocab.json')) as Json;
  // No regular expression: whoever read it would throw.
  const rule = { type: 'Split', pattern: { Regex: '(' }, behavior: 'Removed', invert: true };
  const merges = (await (await tiny.file('tokenizer/merges.txt')).text())
    .split('\n')
    .slice(1)
    .filter(Boolean);
  const json = { model: { vocab, merges }, pre_tokenizer: rule, normalizer: { ...rule, type: 'Replace' } };
  const ruled = await openTokenizer(withKeys('tokenizer/tokenizer.json', json), 'tokenizer');
  const plain = await openTokenizer(tiny, 'tokenizer');
  expect(ruled.encode('a red apple, twice')).toEqual(plain.encode('a red apple, twice'));
});

test('an index that names a shard which is not there is refused by the shard’s name', async () => {
  const index = 'unet/diffusion_pytorch_model.safetensors.index.json';
  const files = {
    has: (path: string) => path === index,
    file: () => Promise.reject(new Error('it was read')),
    json: async () => ({ weight_map: { a: 'b-00001-of-00002.safetensors' } }),
  };
  await expect(readWeightFiles(files, 'unet')).rejects.toMatchObject({
    code: 'unsupported-model',
    details: { expected: 'b-00001-of-00002.safetensors' },
  });
});

test('a model_index.json of any shape is refused', async () => {
  for (const json of [
    null,
    [],
    'x',
    {},
    { unet: 'UNet2DConditionModel' },
    { unet: ['diffusers', 'constructor'] },
  ])
    await expect(
      readModelConfigs(
        changed('model_index.json', () => json),
        () => {},
      ),
    ).rejects.toMatchObject({
      code: 'unsupported-model',
    });
});
