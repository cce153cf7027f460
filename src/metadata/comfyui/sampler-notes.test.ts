import { expect, test } from 'vitest';
import { node, read, sampler } from './samples/sample-graph.ts';

const no = (name: string) => ({ kind: 'no-counterpart', name });

// jags111/efficiency-nodes-comfyui, efficiency_nodes.py: TSC_KSampler, TSC_EfficientLoaderSDXL, TSC_KSampler_SDXL.
test('a script of the Efficiency Nodes is named', () => {
  const found = read({
    '3': {
      ...sampler({ preview_method: 'auto', vae_decode: 'true', script: ['8', 0] }),
      class_type: 'KSampler (Efficient)',
    },
    '8': node('HighRes-Fix Script', {
      upscale_type: 'latent',
      hires_steps: 12,
      denoise: 0.5,
      upscale_by: 1.5,
    }),
  });
  expect(found?.notes).toEqual([no('script: HighRes-Fix Script')]);
});

test('the Efficiency Nodes’ tuple for SDXL is followed, and its refiner is named', () => {
  const loader = {
    ...{ base_ckpt_name: 'base.safetensors', base_clip_skip: -2, vae_name: 'Baked VAE' },
    ...{ positive: 'a cat', negative: 'a dog', token_normalization: 'none', weight_interpretation: 'comfy' },
    ...{ empty_latent_width: 1024, empty_latent_height: 768, batch_size: 1 },
  };
  const run = {
    ...{ noise_seed: 4, steps: 20, cfg: 7, sampler_name: 'euler', scheduler: 'normal', start_at_step: 0 },
    ...{ sdxl_tuple: ['4', 0], latent_image: ['4', 1] },
  };
  const without = read({
    '3': node('KSampler SDXL (Eff.)', { ...run, refine_at_step: -1 }),
    '4': node('Eff. Loader SDXL', { ...loader, refiner_ckpt_name: 'None' }),
  });
  expect(without).toMatchObject({
    settings: {
      ...{ prompt: 'a cat', negativePrompt: 'a dog', model: 'base', clipSkip: 1, width: 1024, height: 768 },
    },
    notes: [],
  });
  const refined = read({
    '3': node('KSampler SDXL (Eff.)', { ...run, refine_at_step: 16 }),
    '4': node('Eff. Loader SDXL', { ...loader, refiner_ckpt_name: 'refiner.safetensors' }),
  });
  expect(refined?.notes).toEqual([no('refine_at_step: 16'), no('refiner_ckpt_name: refiner.safetensors')]);
});

// ltdrdata/ComfyUI-Inspire-Pack, a1111_compat.py: KSampler_inspire.
test('Inspire’s noise and variations are told', () => {
  const inspire = (inputs: object) => ({
    '3': { ...sampler({ batch_seed_mode: 'incremental', ...inputs }), class_type: 'KSampler //Inspire' },
  });
  const plain = read(inspire({ noise_mode: 'GPU(=A1111)', variation_seed: 3, variation_strength: 0 }));
  expect(plain).toMatchObject({ settings: { noise: 'gpu' }, notes: [] });
  const varied = read(inspire({ noise_mode: 'CPU', variation_seed: 3, variation_strength: 0.2 }));
  expect(varied?.settings.noise).toBe('cpu');
  expect(varied?.notes).toEqual([no('variation_seed: 3'), no('variation_strength: 0.2')]);
});

test('ttN’s LoRAs at the sampler and at the loader are named', () => {
  const inputs = {
    image_output: 'Preview',
    save_prefix: 'C',
    upscale_method: 'None',
    factor: 2,
    percent: 50,
  };
  const found = read({
    '3': {
      ...sampler({ ...inputs, lora_name: 'None', lora_strength: 1, positive: ['4', 1] }),
      class_type: 'ttN pipeKSampler_v2',
    },
    '4': node('ttN pipeLoader_v2', {
      ckpt_name: 'm.safetensors',
      loras: '<lora:x:1>',
      positive: 'a cat',
      clip_skip: -1,
    }),
  });
  expect(found?.notes).toEqual([no('loras: <lora:x:1>')]);
  const other = read({
    '3': { ...sampler({ lora_name: 'x', lora_strength: 0.5 }), class_type: 'ttN pipeKSampler' },
  });
  expect(other?.notes).toEqual([no('lora_name: x'), no('lora_strength: 0.5')]);
});

// comfy_extras/nodes_perpneg.py, nodes_custom_sampler.py.
test('guiders and noise of other kinds are named', () => {
  const custom = (guider: object, noise: object) =>
    read({
      '3': node('SamplerCustomAdvanced', {
        ...{
          noise: ['8', 0],
          guider: ['9', 0],
          sampler: ['10', 0],
          sigmas: ['11', 0],
          latent_image: ['5', 0],
        },
      }),
      ...{ '8': noise, '9': guider, '10': node('KSamplerSelect', { sampler_name: 'euler' }) },
      '11': node('BasicScheduler', { scheduler: 'normal', steps: 20, denoise: 1, model: ['4', 0] }),
    });
  const sides = { cfg: 5, model: ['4', 0], positive: ['6', 0], negative: ['7', 0] };
  const random = node('RandomNoise', { noise_seed: 5 });
  expect(custom(node('CFGGuider', sides), random)?.notes).toEqual([]);
  expect(custom(node('PerpNegGuider', sides), random)?.notes).toEqual([no('PerpNegGuider')]);
  expect(custom(node('CFGGuider', sides), node('DisableNoise', {}))?.notes).toEqual([
    no('DisableNoise'),
    { kind: 'unread', name: 'seed' },
  ]);
});

test('a sampler that does more than sample is named as a whole', () => {
  const found = read({
    '3': { ...sampler({ upscale_by: 2, tile_width: 512 }), class_type: 'UltimateSDUpscale' },
  });
  expect(found?.notes).toEqual([no('UltimateSDUpscale')]);
});
