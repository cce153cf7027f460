import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BUNDLED, modelLabel, RECOMMENDED } from './models.ts';

const PUBLIC = join(import.meta.dirname, '../../public');

for (const [id, { path, megabytes }] of Object.entries(BUNDLED)) {
  const manifest = join(PUBLIC, path, 'manifest.json');
  test.runIf(existsSync(manifest))(`${id} weighs what its manifest says`, () => {
    const { files } = JSON.parse(readFileSync(manifest, 'utf8')) as { files: { size: number }[] };
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    expect(Math.round(bytes / 1e6)).toBe(megabytes);
  });
}

test('a model is called what it is called, or what its file is', () => {
  expect(RECOMMENDED.map(({ id }) => modelLabel(id))).toEqual(RECOMMENDED.map(({ label }) => label));
  expect(modelLabel('somebody/some-model')).toBe('some-model');
  expect(modelLabel('somebody/some-model/v2/pruned.safetensors')).toBe('pruned');
  expect(modelLabel('disk:my model.safetensors')).toBe('my model');
});
