import { expect, test } from 'vitest';
import { safetensors } from './lora/samples/lora-files.ts';
import { readSaidNames } from './said-names.ts';

const file = (metadata?: unknown) => safetensors({ 'lora_unet_x.lora_down.weight': [1, 1] }, metadata);

test('a file says the names it was given, whatever it is called now', async () => {
  const names = { 'modelspec.title': 'SDXL Lightning 4step', ss_output_name: 'sdxl_lightning_4step_lora' };
  expect(await readSaidNames(file({ ...names, format: 'pt' }))).toEqual([
    'SDXL Lightning 4step',
    'sdxl_lightning_4step_lora',
  ]);
});

test('what a file was trained on, or says of others, is no name of its own', async () => {
  const others = {
    ss_sd_model_name: 'dreamshaperXL_lightning.safetensors',
    ss_training_comment: 'use with the LCM LoRA',
    'modelspec.description': 'not for lightning',
  };
  for (const metadata of [others, undefined, null, { 'modelspec.title': 7 }, { ss_output_name: '' }])
    expect(await readSaidNames(file(metadata))).toEqual([]);
});
