import { expect, test } from 'vitest';
import { componentOf, kindOf } from './repository-layout.ts';

test.each([
  [{ _class_name: 'AutoencoderTiny' }, 'vae'],
  [{ _class_name: 'UNet2DConditionModel' }, 'unet'],
  [{ architectures: ['CLIPTextModel'], model_type: 'clip_text_model' }, 'text_encoder'],
])('%j is the config.json of a component', (config, component) => {
  expect(componentOf(config)?.component).toBe(component);
});

test.each([
  null,
  7,
  {},
  { _class_name: 'toString' },
  { _class_name: 'FluxTransformer2DModel' },
  { architectures: [] },
])('%j is not the config.json of a component', (config) => expect(componentOf(config)).toBeNull());

test.each([
  ['text_encoder', { kind: 'textEncoder', number: 1 }],
  ['text_encoder_2', { kind: 'textEncoder', number: 2 }],
  ['vae', { kind: 'vae', number: 1 }],
  ['unet', { kind: 'denoiser', number: 1 }],
])('%s is reported as %o', (component, reported) => expect(kindOf(component)).toEqual(reported));
