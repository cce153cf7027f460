import { expect, test } from 'vitest';
import { RECOMMENDED } from '../../catalog/models.ts';
import { UNETS, VAE } from '../../measure/components.ts';
import type { RepoFile } from '../../protocol/models.ts';
import { offeredPlan } from './offered-plan.ts';

const file = (path: string, size: number): RepoFile => ({ path, size, oid: '' });
const INDEX = { unet: ['diffusers', 'UNet2DConditionModel'], vae: ['diffusers', 'AutoencoderKL'] };

/** stabilityai/stable-diffusion-xl-base-1.0's files in half precision. */
const SDXL = {
  files: [
    file('model_index.json', 609),
    file('text_encoder/model.fp16.safetensors', 246_144_152),
    file('text_encoder_2/model.fp16.safetensors', 1_389_382_176),
    file('unet/diffusion_pytorch_model.fp16.safetensors', 5_135_149_760),
    file('vae/diffusion_pytorch_model.fp16.safetensors', 167_335_342),
  ],
  configs: { index: INDEX, unet: UNETS['stable-diffusion-xl-base-1.0'], vae: VAE },
};
const SD15 = {
  files: [
    file('model_index.json', 541),
    file('text_encoder/model.fp16.safetensors', 246_144_864),
    file('unet/diffusion_pytorch_model.fp16.safetensors', 1_719_125_304),
    file('vae/diffusion_pytorch_model.fp16.safetensors', 167_335_342),
  ],
  configs: { index: INDEX, unet: UNETS['stable-diffusion-v1-5'], vae: VAE },
};
const square = (side: number) => ({ width: side, height: side });

test('SDXL is offered for 8 GB: one component at a time, in tiles, whose VAE keeps full precision', () => {
  const plan = offeredPlan(SDXL.files, SDXL.configs, square(1024), true);
  expect(plan).toMatchObject({
    ...{ width: 1024, height: 1024, residency: 'one-by-one', guidance: 'together', vae: 'tiled' },
    ...{ fits: true, isVaeFull: true },
  });
  // The UNet in 8 bits, and a text at a time (memory-programs.test.ts).
  expect(plan.copyBytes / 1e9).toBeCloseTo(3.2, 1);
  const { needsBytes } = RECOMMENDED.find(({ id }) => id.endsWith('xl-base-1.0')) as (typeof RECOMMENDED)[0];
  expect(plan.bytes / needsBytes).toBeCloseTo(1, 1);
  // madebyollin/sdxl-vae-fp16-fix.
  const vae = { ...VAE, force_upcast: false };
  expect(offeredPlan(SDXL.files, { ...SDXL.configs, vae }, square(1024), true).isVaeFull).toBe(false);
});

test('Stable Diffusion 1.5 stays loaded on 8 GB, and does not fit what wasm can address', () => {
  expect(offeredPlan(SD15.files, SD15.configs, square(512), true)).toMatchObject({
    ...{ residency: 'all', vae: 'whole', fits: true, isVaeFull: false },
  });
  expect(offeredPlan(SD15.files, SD15.configs, square(512), false)).toMatchObject({ fits: false });
});
