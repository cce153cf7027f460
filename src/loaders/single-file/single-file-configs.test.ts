import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Golden, readHeader } from '../golden/single-file/files.ts';

const FOLDER = join(import.meta.dirname, '../golden/single-file');
const golden = (name: string) => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Golden;
const KINDS = ['sd1', 'sd1-inpaint', 'sd2', 'sdxl', 'sdxl-refiner'];

test('model_index.json and the tokenizer configurations are those of the kind', async () => {
  const configs = async (name: string) => (await readHeader(golden(name).file)).configs('epsilon');
  const [sd1, inpaint, sd2, sdxl, refiner] = await Promise.all(KINDS.map(configs));
  expect(sd1?.['model_index.json']).toEqual({
    _class_name: 'StableDiffusionPipeline',
    scheduler: ['diffusers', 'PNDMScheduler'],
    unet: ['diffusers', 'UNet2DConditionModel'],
    vae: ['diffusers', 'AutoencoderKL'],
    text_encoder: ['transformers', 'CLIPTextModel'],
    tokenizer: ['transformers', 'CLIPTokenizer'],
  });
  expect(inpaint?.['model_index.json']).toMatchObject({ _class_name: 'StableDiffusionInpaintPipeline' });
  expect(sdxl?.['model_index.json']).toMatchObject({
    _class_name: 'StableDiffusionXLPipeline',
    text_encoder_2: ['transformers', 'CLIPTextModelWithProjection'],
    force_zeros_for_empty_prompt: true,
  });
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
  expect(sd1?.['tokenizer/tokenizer_config.json']).toMatchObject({
    pad_token: '<|endoftext|>',
    model_max_length: 77,
  });
  expect(sd2?.['tokenizer/tokenizer_config.json']).toMatchObject({ pad_token: '!' });
  expect(sdxl?.['tokenizer/tokenizer_config.json']).toMatchObject({ pad_token: '<|endoftext|>' });
  expect(sdxl?.['tokenizer_2/tokenizer_config.json']).toMatchObject({ pad_token: '!' });
});

test('a file without marks leaves the prediction open, and has its kind’s scheduler', async () => {
  const { v_pred, ztsnr, ...shapes } = golden('sdxl').file;
  const file = await readHeader(shapes);
  expect(file.prediction).toBeUndefined();
  const scheduler = file.configs('epsilon')['scheduler/scheduler_config.json'];
  expect(scheduler).toMatchObject({ prediction_type: 'epsilon', timestep_spacing: 'leading' });
  expect(scheduler).not.toHaveProperty('rescale_betas_zero_snr');

  const sd2 = (await readHeader(golden('sd2').file)).configs('epsilon');
  expect(sd2['scheduler/scheduler_config.json']).toMatchObject({ prediction_type: 'epsilon' });
  expect(sd2['unet/config.json']).toMatchObject({ sample_size: 64 });
});
