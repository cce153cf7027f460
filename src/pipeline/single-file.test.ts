import { openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Components } from '../loaders/components.ts';
import { singleFileSource } from '../loaders/model-source.ts';
import { Runtime } from '../runtime/runtime.ts';
import type { PipelineEvent } from './events.ts';
import { savedRepository } from './golden/repository.ts';
import { type GoldenRequest, toRequest, worstDifference } from './golden/runs.ts';
import { stableDiffusion } from './stable-diffusion.ts';

/** A run of golden/single_file_pictures.py. */
interface SingleFileRun extends GoldenRequest {
  readonly name: string;
}

const FOLDER = join(import.meta.dirname, 'golden/single-file');
const { runs } = JSON.parse(readFileSync(join(FOLDER, 'runs.json'), 'utf8')) as { runs: SingleFileRun[] };
const runtime = await Runtime.open('wasm');
const CLIP = join(import.meta.dirname, '../../public/models/clip');
const vocabulary = savedRepository(
  () => true,
  (path) => openAsBlob(join(CLIP, path)),
);

test.each(
  runs.map((run) => [run.name, run] as const),
)('a single file of %s paints what diffusers paints with its parts, within 2 of 255', async (name, run) => {
  const file = new Blob([gunzipSync(readFileSync(join(FOLDER, `${name}.safetensors.gz`)))]);
  const source = await singleFileSource(name, file, null, vocabulary);
  expect(source.prediction).toBe('epsilon');
  const components = await Components.open(source, runtime, () => {});
  let worst = Number.NaN;
  const emit = async (event: PipelineEvent) => {
    if (event.stage === 'image')
      worst = worstDifference(event.picture, readFileSync(join(FOLDER, `${name}.rgb`)));
  };
  await stableDiffusion(components, { ...toRequest(run), image: null }, emit, new AbortController().signal);
  await components.release();
  expect(worst).toBeLessThanOrEqual(2);
});
