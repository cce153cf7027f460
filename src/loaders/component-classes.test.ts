import { expect, test } from 'vitest';
import { componentOf } from './component-classes.ts';

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
