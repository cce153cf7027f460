import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { savedRepository } from '../hub/golden/saved-repository.ts';
import type { ModelFiles } from '../hub/repo.ts';
import { fromRgb, worstDifference } from '../image/golden/rgb.ts';
import { toGrey } from '../image/picture.ts';
import { loadModel } from '../loaders/load-model.ts';
import { repositorySource } from '../loaders/model-source.ts';
import { Runtime } from '../runtime/runtime.ts';
import { type GoldenRequest, paint, toRequest } from './golden/runs.ts';
import type { PipelineRequest } from './pipeline-request.ts';

/** A run of golden/families.py. */
interface FamilyRun extends GoldenRequest {
  readonly family: string;
  /** The family whose scheduler settings are used with this repository. */
  readonly like?: string;
  readonly scheduler_config?: unknown;
}

const FOLDER = join(import.meta.dirname, 'golden/families');
const { runs } = JSON.parse(readFileSync(join(FOLDER, 'runs.json'), 'utf8')) as { runs: FamilyRun[] };
const runtime = await Runtime.open('wasm');

function repository({ family, scheduler_config }: FamilyRun): ModelFiles {
  const at = (path: string) => join(FOLDER, family, path);
  return savedRepository(
    (path) => existsSync(at(path)),
    (path) => openAsBlob(at(path)),
    scheduler_config,
  );
}

/** The picture, and the mask, that a run starts from. */
function startOf({ strength, mask, width, height }: FamilyRun): Pick<PipelineRequest, 'image'> {
  if (strength === undefined) return { image: null };
  const file = (kind: string) =>
    fromRgb(readFileSync(join(FOLDER, `${kind}-${width}x${height}.rgb`)), width, height);
  return { image: { pixels: file('picture'), strength, ...(mask && { mask: toGrey(file('mask')) }) } };
}

test.each(
  runs.map(
    (run, i) =>
      [
        run.like ?? run.family,
        run.scheduler,
        `${run.width}×${run.height}${run.mask ? ', inpainting' : run.strength ? ', from a picture' : ''}`,
        run,
        i,
      ] as const,
  ),
)('%s, %s %s: the picture is diffusers’, within 2 of 255 at every pixel', async (_, __, ___, run, i) => {
  const model = await loadModel(repositorySource(repository(run)), runtime, () => {});
  const image = await paint(model, { ...toRequest(run), ...startOf(run) });
  await model.release();
  expect([image.width, image.height]).toEqual([run.width, run.height]);
  expect(worstDifference(image, readFileSync(join(FOLDER, `${i}.rgb`)))).toBeLessThanOrEqual(2);
});
