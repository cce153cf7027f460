import { expect, test } from 'vitest';
import { type Inputs, node, read, sampler } from './samples/sample-graph.ts';

const no = (name: string) => ({ kind: 'no-counterpart', name });

test('a LoRA of the model alone, or whose text encoder is not used, leaves the text encoder as it is', () => {
  const only = read({
    '3': sampler({ model: ['10', 0] }),
    '10': node('LoraLoaderModelOnly', { lora_name: 'a.safetensors', strength_model: 0.8, model: ['11', 0] }),
    '11': node('LoraLoader', {
      ...{
        lora_name: 'b.safetensors',
        strength_model: 0.5,
        strength_clip: 0.5,
        model: ['12', 0],
        clip: ['4', 1],
      },
    }),
    '12': node('Power Lora Loader (rgthree)', {
      ...{ lora_1: { on: true, lora: 'c.safetensors', strength: 0.3 }, model: ['4', 0], clip: ['4', 1] },
      lora_2: { on: false, lora: 'd.safetensors', strength: 1 },
    }),
  });
  expect(only?.settings.prompt).toBe('a cat <lora:c:0:0.3> <lora:b:0:0.5> <lora:a:0:0.8>');
  expect(only?.notes).toEqual([]);
});

const lora = (name: string, inputs: Inputs) =>
  node('LoraLoader', {
    lora_name: `${name}.safetensors`,
    strength_model: 0.8,
    strength_clip: 0.5,
    ...inputs,
  });
const encoderOf = (text: string, clip: string) => node('CLIPTextEncode', { text, clip: [clip, 1] });

test('a LoRA of text encoders alone is a tag without the UNet, and one of a single prompt is named', () => {
  const loader = { '10': lora('foo', { model: ['4', 0], clip: ['4', 1] }) };
  const both = read({ ...loader, '6': encoderOf('a cat', '10'), '7': encoderOf('a dog', '10') });
  expect(both).toMatchObject({ settings: { prompt: 'a cat <lora:foo:0.5:0>' }, notes: [] });
  const positive = read({ ...loader, '6': encoderOf('a cat', '10') });
  expect(positive).toMatchObject({
    settings: { prompt: 'a cat <lora:foo:0.5:0>' },
    notes: [no('LoRA foo (positive prompt only)')],
  });
  const negative = read({ ...loader, '7': encoderOf('a dog', '10') });
  expect(negative).toMatchObject({
    settings: { prompt: 'a cat' },
    notes: [no('LoRA foo (negative prompt only)')],
  });
});

test('a loader’s stack of LoRAs, and its way to weigh, are named', () => {
  const found = read({
    '3': sampler({ model: ['1', 0], positive: ['1', 1], negative: ['1', 2], latent_image: ['1', 3] }),
    '1': node('Efficient Loader', {
      ...{ ckpt_name: 'model.safetensors', vae_name: 'Baked VAE', clip_skip: -1, lora_name: 'None' },
      ...{ positive: 'a cat', negative: '', token_normalization: 'mean', weight_interpretation: 'A1111' },
      ...{ empty_latent_width: 512, empty_latent_height: 512, batch_size: 1, lora_stack: ['2', 0] },
    }),
    '2': node('LoRA Stacker', { lora_count: 1, lora_name_1: 'a.safetensors', lora_wt_1: 1 }),
  });
  expect(found?.notes).toEqual(
    ['token_normalization: mean', 'weight_interpretation: A1111', 'lora_stack: LoRA Stacker'].map(no),
  );
});

test('text encoders of another checkpoint are offered, and those of one prompt named', () => {
  const other = { '11': node('CheckpointLoaderSimple', { ckpt_name: 'other.safetensors' }) };
  const both = read({ ...other, '6': encoderOf('a cat', '11'), '7': encoderOf('a dog', '11') });
  expect(both).toMatchObject({ settings: { model: 'model', textEncoder: 'other' }, notes: [] });
  const negative = read({ ...other, '7': encoderOf('a dog', '11') });
  expect(negative?.settings).not.toHaveProperty('textEncoder');
  expect(negative?.notes).toEqual([no('CLIP of the negative prompt: other')]);
  const two = read({
    '11': node('DualCLIPLoader', { clip_name1: 'l.safetensors', clip_name2: 'g.safetensors', type: 'sdxl' }),
    ...{ '6': encoderOf('a cat', '11'), '7': encoderOf('a dog', '11') },
  });
  expect(two?.notes).toEqual([no('CLIP: l, g')]);
  const apart = read({
    '4': node('UNETLoader', { unet_name: 'unet.safetensors', weight_dtype: 'fp8_e4m3fn' }),
    '11': node('CLIPLoader', { clip_name: 'clip.safetensors', type: 'stable_diffusion' }),
    ...{ '6': encoderOf('a cat', '11'), '7': encoderOf('a dog', '11') },
  });
  expect(apart).toMatchObject({
    settings: { model: 'unet', textEncoder: 'clip', clipSkip: 0 },
    notes: [no('weight_dtype: fp8_e4m3fn')],
  });
  const skipped = read({
    '12': node('CLIPSetLastLayer', { stop_at_clip_layer: -2, clip: ['4', 1] }),
    '7': encoderOf('a dog', '12'),
  });
  expect(skipped).toMatchObject({
    settings: { clipSkip: 0 },
    notes: [no('clip skip of the negative prompt: 1')],
  });
  const merged = read({
    '13': node('CLIPMergeSimple', { clip: ['4', 1], clip2: ['4', 1], ratio: 0.5 }),
    ...{ '6': encoderOf('a cat', '13'), '7': encoderOf('a dog', '13') },
  });
  expect(merged?.notes).toEqual([no('CLIPMergeSimple')]);
});

test('the VAE is the one that decodes this picture', () => {
  const found = read({
    '8': node('VAEDecode', { samples: ['3', 0], vae: ['21', 0] }),
    '20': node('VAELoader', { vae_name: 'other.safetensors' }),
    '21': node('VAELoader', { vae_name: 'mine.safetensors' }),
  });
  expect(found?.settings.vae).toBe('mine');
  expect(read({ '20': node('VAELoader', { vae_name: 'other.safetensors' }) })?.settings).not.toHaveProperty(
    'vae',
  );
});
