import { savedRepository } from '../../src/hub/golden/saved-repository.ts';
import { fromRgb, worstDifference } from '../../src/image/golden/rgb.ts';
import { loadModel } from '../../src/loaders/load-model.ts';
import { loadUpscaler } from '../../src/loaders/load-upscaler.ts';
import { onnxSource } from '../../src/loaders/onnx/onnx-source.ts';
import { goldenPicture, pictureRuns } from '../../src/pipeline/golden/pictures.ts';
import { paint } from '../../src/pipeline/golden/runs.ts';
import { upscaleImage } from '../../src/pipeline/upscale-image.ts';
import type { Runtime } from '../../src/runtime/runtime.ts';
import { read, runtimeOf } from './device.ts';

const GOLDEN = 'src/pipeline/golden';
/** The runtime of the app, on whose device our kernels run too. */
const shared = () => runtimeOf('float16') as Promise<Runtime>;

function repository(folder: string, paths: readonly string[], schedulerConfig?: unknown) {
  const known = new Set(paths);
  const has = (path: string) => known.has(`${folder}/${path}`);
  return savedRepository(has, (path) => read(`${folder}/${path}`), schedulerConfig);
}

/** The largest difference of an upscaled picture from PyTorch's, of 255. */
export async function checkUpscaler(paths: readonly string[]): Promise<number> {
  const folder = `${GOLDEN}/upscaler`;
  const rgb = async (name: string) =>
    new Uint8Array(await (await read(`${folder}/${name}.rgb`)).arrayBuffer());
  const upscaler = await loadUpscaler(repository(folder, paths), await shared());
  const upscaled = await upscaleImage(upscaler, fromRgb(await rgb('64x64'), 64, 64), async () => {});
  return worstDifference(upscaled, await rgb('64x64-upscaled'));
}

/** The largest difference of the i-th picture of the families, by the ready-made graphs of its repository. */
export async function checkReadyMade(i: number, paths: readonly string[]): Promise<number> {
  const project = { has: (path: string) => paths.includes(path), read };
  const run = (await pictureRuns('families', project))[i];
  if (!run) throw new RangeError(`There is no run ${i}.`);
  const { request, expected } = await goldenPicture('families', run, i, project);
  const files = repository(`${GOLDEN}/onnx/${run.family}`, paths, run.scheduler_config);
  const model = await loadModel(await onnxSource(files), await shared(), () => {});
  const picture = await paint(model, request);
  await model.release();
  return worstDifference(picture, expected);
}
