import { existsSync, openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { worstDifference } from '../image/golden/rgb.ts';
import { loadModel } from '../loaders/load-model.ts';
import { repositorySource } from '../loaders/model-source.ts';
import { Runtime } from '../runtime/runtime.ts';
import { goldenPicture, type PictureRun, pictureRuns } from './golden/pictures.ts';
import { picturesOf, runInTurn } from './golden/runs.ts';

const ROOT = join(import.meta.dirname, '../..');
const project = {
  has: (path: string) => existsSync(join(ROOT, path)),
  read: (path: string) => openAsBlob(join(ROOT, path)),
};
const runtime = await Runtime.open('wasm');

// Memory for one text at a time, and for one component.
test.each([
  ['DeepCache', 5],
  ['T-GATE', 13],
] as const)('%s with the halves of guidance in turn: the package’s picture all the same', async (_, i) => {
  const run = (await pictureRuns('caches', project))[i] as PictureRun;
  const { files, request, expected } = await goldenPicture('caches', run, i, project);
  const model = await loadModel(repositorySource(files), runtime, () => {});
  const events = await runInTurn(model, { ...request, filmstrip: true });
  await model.release();
  const [image] = picturesOf(events);
  expect(image && worstDifference(image, expected)).toBeLessThanOrEqual(2);
});
