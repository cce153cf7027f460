import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BUNDLED, modelLabel, RECOMMENDED } from './models.ts';

const PUBLIC = join(import.meta.dirname, '../../public');

for (const [id, { path, megabytes }] of Object.entries(BUNDLED)) {
  test(`the size of ${id} is that in its manifest`, () => {
    const manifest = readFileSync(join(PUBLIC, path, 'manifest.json'), 'utf8');
    const { files } = JSON.parse(manifest) as { files: { size: number }[] };
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    expect(Math.round(bytes / 1e6)).toBe(megabytes);
  });
}

test('a model has the label in the catalog, or else the name of its repository or file', () => {
  expect(RECOMMENDED.map(({ id }) => modelLabel(id))).toEqual(RECOMMENDED.map(({ label }) => label));
  expect(modelLabel('somebody/some-model')).toBe('some-model');
  expect(modelLabel('somebody/some-model/v2/pruned.safetensors')).toBe('pruned');
  expect(modelLabel('disk:my model.safetensors')).toBe('my model');
  expect(modelLabel('somebody/a-style/pytorch_lora_weights.safetensors')).toBe('a-style');
  expect(modelLabel('somebody/a-style/unet/adapter_model.safetensors')).toBe('a-style/unet');
  expect(modelLabel('disk:adapter_model.safetensors')).toBe('adapter_model');
});
