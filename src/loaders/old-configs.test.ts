import { expect, test } from 'vitest';
import { mendedSampleSize, mendsOldConfigs } from './old-configs.ts';

// diffusers 0.42.1: StableDiffusionPipeline(…, unet=UNet2DConditionModel(sample_size=…)), its `_diffusers_version` set by
// register_to_config, then pipe.unet.config.sample_size.
test.each([
  ['0.2.2', 32, 64],
  ['0.8.1', 32, 64],
  ['0.8.0.dev0', 48, 64],
  ['0.8.0', 96, 96],
  ['0.9.0', 32, 32],
  ['0.9.0.dev0', 32, 32],
  ['0.10.2', 32, 32],
  ['1.0.0', 32, 32],
  [undefined, 32, 32],
  [null, 32, 32],
])('a UNet saved by diffusers %s with sample_size %d has %d', (version, size, expected) => {
  expect(mendedSampleSize(size, version)).toBe(expected);
});

test('a sample_size of two numbers is left as it is', () => {
  expect(mendedSampleSize([32, 48], '0.2.2')).toEqual([32, 48]);
});

test.each([
  ['StableDiffusionPipeline', false, true],
  ['StableDiffusionInpaintPipeline', false, true],
  [undefined, false, true],
  ['LatentConsistencyModelPipeline', false, false],
  ['ORTLatentConsistencyModelPipeline', false, false],
  ['StableDiffusionXLPipeline', true, false],
])('%s, SDXL %j: whether it mends old configurations is %j', (pipelineClass, isXl, mends) => {
  const index = {
    pipelineClass,
    classes: {},
    forceZerosForEmptyPrompt: true,
    requiresAestheticsScore: false,
  };
  expect(mendsOldConfigs(index, isXl)).toBe(mends);
});
