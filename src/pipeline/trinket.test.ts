import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { savedRepository } from '../hub/golden/saved-repository.ts';
import { worstDifference } from '../image/golden/rgb.ts';
import type { Picture } from '../image/picture.ts';
import { loadModel } from '../loaders/load-model.ts';
import { repositorySource } from '../loaders/model-source.ts';
import { Runtime } from '../runtime/runtime.ts';
import { type GoldenRequest, picturesOf, runPipeline, toRequest } from './golden/runs.ts';

const FOLDER = join(import.meta.dirname, '../../public/models/trinket');
const GOLDEN = join(import.meta.dirname, 'golden/trinket');
const files = savedRepository(
  (path) => existsSync(join(FOLDER, path)),
  (path) => openAsBlob(join(FOLDER, path)),
);
const runtime = await Runtime.open('wasm');
const model = await loadModel(repositorySource(files), runtime, () => {});
const { runs } = JSON.parse(readFileSync(join(GOLDEN, 'runs.json'), 'utf8')) as { runs: GoldenRequest[] };

test.each(
  runs.map(({ prompt }, i) => [prompt, i] as const),
)('the published Trinket paints “%s” as it does in diffusers, within 2 of 255', async (_, i) => {
  const images = picturesOf(await runPipeline(model, toRequest(runs[i] as GoldenRequest)));
  expect(images).toHaveLength(1);
  const expected = readFileSync(join(GOLDEN, `${i}.rgb`));
  expect(worstDifference(images[0] as Picture, expected)).toBeLessThanOrEqual(2);
});
