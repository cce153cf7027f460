import { expect, test } from 'vitest';
import { FAST, fewStepsOf } from './fast.ts';

test.each([
  ['sdxl_lightning_4step_lora', 4, 0, 'euler-trailing'],
  ['juggernautXL_v9Rdphoto2Lightning', 4, 0, 'euler-trailing'],
  ['dmd2_sdxl_4step_lora_fp16', 4, 0, 'lcm-trailing'],
  ['Hyper-SD15-8steps-lora', 8, 0, 'ddim-trailing'],
  ['Hyper-SD15-12steps-CFG-lora', 12, 5, 'ddim-trailing'],
  ['Hyper-SDXL-1step-lora', 1, 0, 'tcd'],
  ['lcm-lora-sdv1-5', 8, 1.5, 'lcm'],
  ['DreamShaper8_LCM', 8, 1.5, 'lcm'],
  ['TCD-SD15-LoRA', 4, 0, 'tcd'],
] as const)('%s says by its name what it was distilled for', (name, steps, guidance, scheduler) => {
  expect(fewStepsOf(name)).toMatchObject({ numInferenceSteps: steps, guidanceScale: guidance, scheduler });
});

test.each([
  'v1-5-pruned-emaonly',
  'Welcome to my LCMS',
  'trained-20000steps',
  'dmd2_sdxl_1step_unet_fp16',
  'sdxl_lightning_1step_unet_x0',
  'outcd',
])('%s says nothing of few steps', (name) => {
  expect(fewStepsOf(name)).toBeUndefined();
});

test('each choice has the settings that its own file’s name says, and DMD2’s licence is known beforehand', () => {
  for (const { id, lora, settings } of Object.values(FAST).flat()) {
    const file = lora.split('/').at(-1) as string;
    const said = fewStepsOf(file) ?? fewStepsOf(lora);
    expect(said, lora).toEqual(settings);
    expect(id === 'dmd2', lora).toBe(lora.includes('DMD2'));
  }
  const licences = Object.values(FAST).flatMap((all) => all.map(({ nonCommercial }) => nonCommercial));
  expect(licences.filter(Boolean)).toEqual(['CC BY-NC 4.0']);
});
