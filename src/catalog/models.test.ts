import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MODELS } from './models.ts';

const PUBLIC = join(import.meta.dirname, '../../public');

for (const [id, { path, megabytes }] of Object.entries(MODELS)) {
  const manifest = join(PUBLIC, path, 'manifest.json');
  test.runIf(existsSync(manifest))(`${id} weighs what its manifest says`, () => {
    const { files } = JSON.parse(readFileSync(manifest, 'utf8')) as { files: { size: number }[] };
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    expect(Math.round(bytes / 1e6)).toBe(megabytes);
  });
}
