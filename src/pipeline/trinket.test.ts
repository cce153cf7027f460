import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Components } from '../loaders/components.ts';
import { repositorySource } from '../loaders/model-source.ts';
import { Runtime } from '../runtime/runtime.ts';
import { savedRepository } from './golden/repository.ts';
import { type GoldenRequest, toRequest, worstDifference } from './golden/runs.ts';
import { stableDiffusion } from './stable-diffusion.ts';

const FOLDER = join(import.meta.dirname, '../../public/models/trinket');
const GOLDEN = join(import.meta.dirname, 'golden/trinket');
const files = savedRepository(
  (path) => existsSync(join(FOLDER, path)),
  (path) => openAsBlob(join(FOLDER, path)),
);
const runtime = await Runtime.open('wasm');
const components = await Components.open(repositorySource(files), runtime, () => {});
const { runs } = JSON.parse(readFileSync(join(GOLDEN, 'runs.json'), 'utf8')) as { runs: GoldenRequest[] };

test.each(
  runs.map(({ prompt }, i) => [prompt, i] as const),
)('the published Trinket paints “%s” as it does in diffusers, within 2 of 255', async (_, i) => {
  const { signal } = new AbortController();
  const differences: number[] = [];
  await stableDiffusion(
    components,
    toRequest(runs[i] as GoldenRequest),
    async (event) => {
      if (event.stage !== 'image') return;
      differences.push(worstDifference(event.picture, readFileSync(join(GOLDEN, `${i}.rgb`))));
    },
    signal,
  );
  expect(differences).toHaveLength(1);
  expect(differences[0]).toBeLessThanOrEqual(2);
});
