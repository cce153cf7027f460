import { expect, test } from 'vitest';
import { safetensors } from '../../checkpoint/lora/samples/lora-files.ts';
import type { LoneComponent } from '../single-file/lone-component.ts';
import { fewStepNameOf } from './few-step-name.ts';

const row = (...paths: string[]) => ({ files: paths.map((path) => ({ path, size: 1, oid: 'a' })) });
const files = (metadata: object) => ({
  file: async () => safetensors({ 'lora_unet_x.lora_down.weight': [1, 1] }, metadata),
});
const LIGHTNING = { ss_output_name: 'my_sdxl_lightning_4step' };

test('a renamed file is known by the name it was saved under, and only where that says few steps', async () => {
  const found = (metadata: object, ...paths: string[]) => fewStepNameOf(row(...paths), files(metadata), null);
  expect(await found(LIGHTNING, 'style.safetensors')).toBe('my_sdxl_lightning_4step');
  expect(await found(LIGHTNING, 'adapter_model.safetensors', 'adapter_config.json')).toBe(
    'my_sdxl_lightning_4step',
  );
  expect(await found({ ss_output_name: 'watercolour' }, 'style.safetensors')).toBeUndefined();
  expect(await found({ 'modelspec.title': 'Mine', ...LIGHTNING }, 'a.safetensors')).toBe(
    LIGHTNING.ss_output_name,
  );
  // Of a repository's files none speaks for all of it; GGUF has none of these fields.
  expect(await found(LIGHTNING, 'model_index.json', 'unet/a.safetensors')).toBeUndefined();
  expect(await found(LIGHTNING, 'style.gguf')).toBeUndefined();
});

test('a UNet that takes the guidance as an input is one of LCM', async () => {
  const lone = (config: object) => ({ component: 'unet', config }) as unknown as LoneComponent;
  expect(await fewStepNameOf(row('a.safetensors'), files({}), lone({ time_cond_proj_dim: 256 }))).toBe('LCM');
  expect(await fewStepNameOf(row('a.safetensors'), files({}), lone({}))).toBeUndefined();
});
