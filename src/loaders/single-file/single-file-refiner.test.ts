import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Golden, readHeader } from '../golden/single-file/files.ts';

const FILE = join(import.meta.dirname, '../golden/single-file/sdxl-refiner.json');
const golden = JSON.parse(readFileSync(FILE, 'utf8')) as Golden;

test('the refiner’s model_index.json is that of its repository', async () => {
  const refiner = (await readHeader(golden.file)).configs('epsilon');
  // stabilityai/stable-diffusion-xl-refiner-1.0, without what is null there.
  expect(refiner?.['model_index.json']).toEqual({
    _class_name: 'StableDiffusionXLImg2ImgPipeline',
    scheduler: ['diffusers', 'EulerDiscreteScheduler'],
    unet: ['diffusers', 'UNet2DConditionModel'],
    vae: ['diffusers', 'AutoencoderKL'],
    text_encoder_2: ['transformers', 'CLIPTextModelWithProjection'],
    tokenizer_2: ['transformers', 'CLIPTokenizer'],
    force_zeros_for_empty_prompt: false,
    requires_aesthetics_score: true,
  });
  expect(refiner).not.toHaveProperty(['text_encoder/config.json']);
});
