import { openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { savedRepository } from '../hub/golden/saved-repository.ts';
import { worstDifference } from '../image/golden/rgb.ts';
import { loadModel } from '../loaders/load-model.ts';
import { openSingleFile } from '../loaders/single-file/single-file-source.ts';
import { Runtime } from '../runtime/runtime.ts';
import { type GoldenRequest, paint, toRequest } from './golden/runs.ts';

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
  const source = await openSingleFile(name, file, null, vocabulary);
  expect(source.prediction).toBe('epsilon');
  const model = await loadModel(source, runtime, () => {});
  const image = await paint(model, toRequest(run));
  await model.release();
  expect(worstDifference(image, readFileSync(join(FOLDER, `${name}.rgb`)))).toBeLessThanOrEqual(2);
});
