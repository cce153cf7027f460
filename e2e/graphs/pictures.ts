import { worstDifference } from '../../src/image/golden/rgb.ts';
import { loadModel } from '../../src/loaders/load-model.ts';
import { repositorySource } from '../../src/loaders/model-source.ts';
import { goldenPicture, type PictureSet, pictureRuns } from '../../src/pipeline/golden/pictures.ts';
import { paint } from '../../src/pipeline/golden/runs.ts';
import type { Runtime } from '../../src/runtime/runtime.ts';
import { type Kernels, read, runtimeOf } from './device.ts';

/**
 * The largest difference of the i-th picture of a set from diffusers', of 255.
 * @param paths of the project's files that a repository may have
 */
export async function checkPicture(
  set: PictureSet,
  i: number,
  kernels: Kernels,
  paths: readonly string[],
): Promise<number> {
  const known = new Set(paths);
  const project = { has: (path: string) => known.has(path), read };
  const run = (await pictureRuns(set, project))[i];
  if (!run) throw new RangeError(`${set} has no run ${i}.`);
  const { files, request, loras, expected } = await goldenPicture(set, run, i, project);
  const model = await loadModel(repositorySource(files), (await runtimeOf(kernels)) as Runtime, () => {});
  await model.setLoras(loras);
  const picture = await paint(model, request);
  await model.release();
  return worstDifference(picture, expected);
}
