import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { savedRepository } from '../hub/golden/saved-repository.ts';
import { fromRgb, worstDifference } from '../image/golden/rgb.ts';
import { loadModel } from '../loaders/load-model.ts';
import { type ModelSource, repositorySource } from '../loaders/model-source.ts';
import { TorchRandom } from '../numerics/random.ts';
import { Runtime } from '../runtime/runtime.ts';
import { type GoldenRequest, paint, toRequest } from './golden/runs.ts';

const FOLDER = join(import.meta.dirname, 'golden/latents-statistics');
/** By golden/latents_statistics.py. */
const { runs, latents_mean, latents_std } = JSON.parse(
  readFileSync(join(FOLDER, 'statistics.json'), 'utf8'),
) as { runs: GoldenRequest[]; latents_mean: number[]; latents_std: number[] };

/** A family's repository. */
function filesOf(family: string) {
  const at = (path: string) => join(import.meta.dirname, 'golden/families', family, path);
  return savedRepository(
    (path) => existsSync(at(path)),
    (path) => openAsBlob(at(path)),
  );
}

/** The same, its VAE with the two keys. */
function withStatistics(family: string) {
  const files = filesOf(family);
  const json = async (path: string) => {
    const own = await files.json(path);
    return path === 'vae/config.json' ? { ...(own as object), latents_mean, latents_std } : own;
  };
  return repositorySource({ ...files, json });
}

const runtime = await Runtime.open('wasm');

test.each(
  runs.map((run, i) => [run.prompt, run, i] as const),
)('SDXL with latents_mean and latents_std paints %s as diffusers does, within 2 of 255', async (_, run, i) => {
  const model = await loadModel(withStatistics('sdxl'), runtime, () => {});
  const pixels = fromRgb(readFileSync(join(FOLDER, 'picture.rgb')), run.width, run.height);
  const { strength } = run;
  const image = strength === undefined ? null : { pixels, strength };
  const found = await paint(model, { ...toRequest(run), image });
  await model.release();
  expect(worstDifference(found, readFileSync(join(FOLDER, `${i}.rgb`)))).toBeLessThanOrEqual(2);
});

test('other pipelines do not read them, as in diffusers', async () => {
  const latents = new TorchRandom(0).randn([1, 4, 8, 8]);
  const decode = async (source: ModelSource) => {
    const model = await loadModel(source, runtime, () => {});
    const sample = await model.vae.decode(latents, false);
    await model.release();
    return sample;
  };
  const plain = await decode(repositorySource(filesOf('sd2')));
  expect(await decode(withStatistics('sd2'))).toEqual(plain);
});
