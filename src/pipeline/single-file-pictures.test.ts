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

interface SingleFileRun extends GoldenRequest {
  readonly name: string;
}

const GOLDEN = join(import.meta.dirname, 'golden');
const runsOf = (folder: string) =>
  (JSON.parse(readFileSync(join(GOLDEN, folder, 'runs.json'), 'utf8')) as { runs: SingleFileRun[] }).runs;
/** By golden/single_file_pictures.py, and of the same models golden/gguf_pictures.py. */
const CASES = [
  ...runsOf('single-file').map((run) => [`${run.name}.safetensors`, 'single-file', run] as const),
  ...runsOf('gguf').map((run) => [`${run.name}.gguf`, 'gguf', run] as const),
];
const runtime = await Runtime.open('wasm');
const CLIP = join(import.meta.dirname, '../../public/models/clip');
const vocabulary = savedRepository(
  () => true,
  (path) => openAsBlob(join(CLIP, path)),
);

test.each(
  CASES,
)('%s paints what diffusers paints with the weights that are in it, within 2 of 255', async (path, folder, run) => {
  const file = new Blob([gunzipSync(readFileSync(join(GOLDEN, folder, `${path}.gz`)))]);
  const source = await openSingleFile(path, file, null, vocabulary);
  expect(source.prediction).toBe('epsilon');
  const model = await loadModel(source, runtime, () => {});
  const image = await paint(model, toRequest(run));
  await model.release();
  const expected = readFileSync(join(GOLDEN, folder, `${run.name}.rgb`));
  expect(worstDifference(image, expected)).toBeLessThanOrEqual(2);
});
