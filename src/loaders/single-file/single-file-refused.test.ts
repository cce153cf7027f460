import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ggufFile } from '../../checkpoint/gguf/samples/gguf-file.ts';
import { readTensors, type StoredTensor, type Tensors } from '../../checkpoint/weights.ts';
import { AppError } from '../../protocol/errors.ts';
import { type Golden, headerOnly } from '../golden/single-file/files.ts';
import { readSingleFile } from './single-file.ts';

const FOLDER = join(import.meta.dirname, '../golden/single-file');
const golden = (name: string) => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Golden;

const tensor: StoredTensor = {
  dtype: 'F16',
  shape: [1],
  offset: 0,
  length: 2,
  path: 'x.safetensors',
  blob: new Blob([new Uint8Array(2)]),
};
const of = (...keys: string[]): Tensors => new Map(keys.map((key) => [key, tensor]));
const failure = async (tensors: Tensors): Promise<AppError> => {
  const error: unknown = await readSingleFile('x.safetensors', tensors).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ code: 'unsupported-model', details: { kind: expect.any(String) } });
  return error as AppError;
};
const UNET = 'model.diffusion_model.input_blocks.0.0.weight';

test.each([
  [{ component: 'lora' }, ['lora_unet_mid_block_attentions_0_proj_in.lora_down.weight']],
  [{ component: 'lora' }, ['unet.mid_block.attentions.0.proj_in.lora_A.weight']],
  [{ found: 'Stable Diffusion 3' }, ['model.diffusion_model.joint_blocks.0.x_block.attn.qkv.bias']],
  [{ found: 'Flux / Chroma' }, ['double_blocks.0.img_attn.norm.key_norm.scale']],
  [{ component: 'unet' }, ['down_blocks.0.resnets.0.conv1.weight']],
  [{ component: 'unet' }, ['input_blocks.0.0.weight']],
  [{ component: 'vae' }, ['decoder.mid.block_1.conv1.weight']],
  // ComfyUI's clip_l and clip_g, and OpenCLIP's own.
  [{ component: 'text_encoder' }, ['text_model.encoder.layers.0.mlp.fc1.weight', 'text_projection.weight']],
  [{ component: 'text_encoder' }, ['transformer.resblocks.0.mlp.c_fc.weight']],
  [{ found: 'T5' }, ['encoder.block.0.layer.0.SelfAttention.q.weight', 'shared.weight']],
])('%j is refused, and named in the error', async (other, keys) => {
  const kind = 'found' in other ? 'not-stable-diffusion' : 'lone-component';
  expect((await failure(of(...keys))).details).toEqual({ kind, file: 'x.safetensors', ...other });
});

test.each([
  ['t5encoder', 'enc.blk.0.attn_q.weight', { kind: 'not-stable-diffusion', found: 'T5' }],
  ['sdxl', 'decoder.mid.block_1.conv1.weight', { kind: 'lone-component', component: 'vae' }],
])('a GGUF file of ComfyUI (%s) with %s alone is named as what it is', async (architecture, name, fault) => {
  const file = ggufFile({
    metadata: { 'general.architecture': architecture },
    tensors: { [name]: { sizes: [2], type: 0, bytes: new Uint8Array(8) } },
  });
  const { details } = await failure(await readTensors('x.gguf', file));
  expect(details).toMatchObject(fault);
});

const VAE = 'first_stage_model.quant_conv.bias';
test.each([
  ['unet', [VAE]],
  ['unet', ['something.else']],
  ['vae', [UNET, 'cond_stage_model.transformer.text_model.final_layer_norm.bias']],
  ['text_encoder', [UNET, VAE]],
])('a file without %s is refused', async (component, keys) => {
  expect((await failure(of(...keys))).details).toEqual({
    kind: 'missing-component',
    file: 'x.safetensors',
    component,
  });
});

test.each([
  ['sd1', 'model.diffusion_model.input_blocks.1.0.in_layers.5.weight'],
  ['sd1', 'model.diffusion_model.output_blocks.2.1.transformer_blocks.0.attn2.to_k_ip.weight'],
  ['sd2', 'model.diffusion_model.label_emb.0.0.weight'],
  ['sd1', 'first_stage_model.decoder.up.0.attn.0.q.weight'],
  ['sd1', 'vae.decoder.conv_in.weight'],
  ['sd2', 'cond_stage_model.transformer.text_model.final_layer_norm.weight'],
  ['sdxl', 'conditioner.embedders.2.weight'],
  ['sdxl-refiner', 'conditioner.embedders.1.weight'],
  ['sdxl-refiner', 'edm_mean'],
  ['sd1', 'edm_mean'],
  ['sd2', 'edm_vpred.sigma_max'],
  ['sdxl', 'conditioner.embedders.1.model.transformer.resblocks.0.mlp.c_fc.scale'],
])('refused: %s with %s', async (name, key) => {
  const error = await failure(new Map([...(await headerOnly(golden(name).file)), ...of(key)]));
  expect(error.details.found).toBe(key);
});

/** A file with a tensor of another shape, or without it. */
const altered = async (name: string, key: string, shape?: readonly number[]): Promise<Tensors> => {
  const tensors = await headerOnly(golden(name).file);
  const former = tensors.get(key) as StoredTensor;
  tensors.delete(key);
  return shape ? tensors.set(key, { ...former, shape }) : tensors;
};

test('Playground’s marks are refused where one is missing, or where they are no numbers', async () => {
  const sdxl = await headerOnly(golden('sdxl').file);
  const missing = await failure(new Map([...sdxl, ...of('edm_mean')]));
  expect(missing.details).toMatchObject({ kind: 'missing-part', expected: 'edm_std' });
  const integers = { ...tensor, dtype: 'I64', shape: [4] };
  const other = await failure(new Map([...sdxl, ['edm_mean', integers], ...of('edm_std')]));
  expect(other.details).toMatchObject({ kind: 'other-part', found: '4 × I64' });
  const large = await failure(new Map([...sdxl, ['edm_mean', { ...tensor, shape: [1e9] }]]));
  expect(large.details).toMatchObject({ kind: 'other-part', found: '1000000000 × F16' });
});

test('a UNet with eight input channels is refused', async () => {
  const error = await failure(await altered('sd1', UNET, [32, 8, 3, 3]));
  expect(error.details).toMatchObject({ expected: 'in_channels 4 / 9', found: 'in_channels 8' });
});

test('text encoders that don’t fit the UNet’s width are refused', async () => {
  const key = 'conditioner.embedders.1.model.ln_final.weight';
  expect((await failure(await altered('sdxl', key, [96]))).details.found).toBe('hidden_size 64 + 96');
});

test('a mid block of another depth than the last level is refused', async () => {
  const tensors = await headerOnly(golden('sdxl').file);
  for (const key of tensors.keys())
    if (/middle_block\.1\.transformer_blocks\.2\./.test(key)) tensors.delete(key);
  const { details } = await failure(tensors);
  expect(details).toMatchObject({
    expected: expect.stringContaining('mid_block'),
    found: expect.stringMatching(/ 2$/),
  });
});

test('a missing tensor, and one that is there twice, are refused', async () => {
  const norm = 'cond_stage_model.transformer.text_model.final_layer_norm.weight';
  const missing = await failure(await altered('sd1', norm));
  expect(missing.details).toMatchObject({ component: 'text_encoder', found: 'no such tensor' });

  const twice = await headerOnly(golden('sd1').file);
  twice.set(norm.replace('text_model.', ''), twice.get(norm) as StoredTensor);
  expect((await failure(twice)).details).toMatchObject({
    kind: 'double-part',
    expected: 'text_model.final_layer_norm.weight',
  });
});
