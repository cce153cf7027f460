import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readTensors } from '../weights.ts';
import { isLora, otherMethod, parseLoraKey } from './keys.ts';

test.each([
  ['.lora_down.weight', 'down'],
  ['.lora_up.weight', 'up'],
  ['.lora_mid.weight', 'mid'],
  ['.alpha', 'alpha'],
  ['.lora_A.weight', 'down'],
  ['.lora_B.weight', 'up'],
  ['.lora_B.bias', 'up_bias'],
  ['.lora_A.default.weight', 'down'],
  ['.lora_B.my_adapter.bias', 'up_bias'],
  ['.lora_A.my-style.weight', 'down'],
  ['.lora_embedding_A', 'embedding_down'],
  ['.lora_magnitude_vector', 'magnitude'],
  ['.lora_magnitude_vector.weight', 'magnitude'],
  ['.lora_magnitude_vector.default.weight', 'magnitude'],
  ['.dora_scale', 'dora_scale'],
  ['.lora.down.weight', 'down'],
  ['.lora.up.weight', 'up'],
  ['.lora_linear_layer.up.weight', 'up'],
  ['_lora.down.weight', 'down'],
  ['.hada_w1_a', 'hada_w1_a'],
  ['.hada_t2.default', 'hada_t2'],
  ['.lokr_w2', 'lokr_w2'],
  ['.lokr_w2_b', 'lokr_w2_b'],
  ['.a1.weight', 'a1'],
  ['.bm.weight', 'bm'],
  ['.oft_blocks', 'oft_blocks'],
  ['.diff_b', 'diff_b'],
  ['.w_norm', 'w_norm'],
  ['.weight', 'weight'],
  ['.base_layer.bias', 'bias'],
])('a key that ends in %s is a module’s %s', (ending, part) => {
  expect(parseLoraKey(`a.b_c.0${ending}`)).toEqual({ module: 'a.b_c.0', part });
});

test.each(['emb_params', 'a.b', 'weight', '', 'constructor'])('“%s” is no LoRA’s key', (key) => {
  expect(parseLoraKey(key)).toBeUndefined();
});

test.each([
  ['a.oft_R.weight', 'OFT (PEFT)'],
  ['a.boft_R', 'BOFT (PEFT)'],
  ['a.q_layer.weight', 'T-LoRA'],
  ['base_model.vera_A', 'VeRA'],
  ['a.lora_down.weight', undefined],
])('%s is of another method: %s', (key, method) => {
  expect(otherMethod(key)).toBe(method);
});

test.each([
  [['diffusion_model.input_blocks.0.0.diff'], true],
  [['lora_unet_conv_in.on_input', 'lora_unet_conv_in.weight'], true],
  [['lora_unet_conv_in.a1.weight'], true],
  [['base_model.model.conv_in.lora_A.weight'], true],
  [['unet.conv_in.oft_R.weight'], true],
  [['model.diffusion_model.out.2.weight', 'model.diffusion_model.out.2.bias', 'alphas_cumprod'], false],
  [['emb_params'], false],
  [[], false],
])('whether %j are the keys of a LoRA: %s', (keys, is) => {
  expect(isLora(keys)).toBe(is);
});

const ROOT = join(import.meta.dirname, '../../..');

test.each([
  ['src/pipeline/golden/lora/kohya.safetensors', true],
  ['src/pipeline/golden/lora/kohya-sdxl.safetensors', true],
  ['src/pipeline/golden/lora/peft.safetensors', true],
  ['src/pipeline/golden/lora/diffusers-old.safetensors', true],
  ['src/pipeline/golden/mystyle.safetensors', false],
  ['e2e/tiny-model/unet/diffusion_pytorch_model.safetensors', false],
])('whether %s is a LoRA: %s', async (path, is) => {
  expect(await isLora((await readTensors(path, await openAsBlob(join(ROOT, path)))).keys())).toBe(is);
});
