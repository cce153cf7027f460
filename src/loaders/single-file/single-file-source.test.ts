import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isLoraFile } from './single-file-source.ts';

const ROOT = join(import.meta.dirname, '../../..');

test.each([
  ['src/pipeline/golden/lora/kohya.safetensors', true],
  ['src/pipeline/golden/lora/kohya-sdxl.safetensors', true],
  ['src/pipeline/golden/lora/peft.safetensors', true],
  ['src/pipeline/golden/lora/diffusers-old.safetensors', true],
  ['src/pipeline/golden/mystyle.safetensors', false],
  ['e2e/tiny-model/unet/diffusion_pytorch_model.safetensors', false],
])('whether %s is a LoRA: %s', async (path, is) => {
  expect(await isLoraFile(path, await openAsBlob(join(ROOT, path)))).toBe(is);
});
