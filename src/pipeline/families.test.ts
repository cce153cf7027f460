import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ModelFiles } from '../hub/repo.ts';
import { toGrey } from '../image/init-image.ts';
import type { Picture } from '../image/picture.ts';
import { Components } from '../loaders/components.ts';
import { repositorySource } from '../loaders/model-source.ts';
import { Runtime } from '../runtime/runtime.ts';
import { savedRepository } from './golden/repository.ts';
import { fromRgb, type GoldenRequest, toRequest, worstDifference } from './golden/runs.ts';
import type { PipelineRequest } from './request.ts';
import { stableDiffusion } from './stable-diffusion.ts';

/** A run of golden/families.py. */
interface FamilyRun extends GoldenRequest {
  readonly family: string;
  /** The family whose settings are tried on this repository. */
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

/** The picture, and the mask, that a run begins with. */
function given({ strength, mask, width, height }: FamilyRun): Pick<PipelineRequest, 'image'> {
  if (strength === undefined) return { image: null };
  const file = (kind: string) =>
    fromRgb(readFileSync(join(FOLDER, `${kind}-${width}x${height}.rgb`)), width, height);
  return { image: { picture: file('picture'), strength, ...(mask && { mask: toGrey(file('mask')) }) } };
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
  const components = await Components.open(repositorySource(repository(run)), runtime, () => {});
  const pictures: Picture[] = [];
  const { signal } = new AbortController();
  await stableDiffusion(
    components,
    { ...toRequest(run), ...given(run) },
    async (event) => {
      if (event.stage === 'image') pictures.push(event.picture);
    },
    signal,
  );
  await components.release();
  expect([pictures[0]?.width, pictures[0]?.height]).toEqual([run.width, run.height]);
  expect(worstDifference(pictures[0] as Picture, readFileSync(join(FOLDER, `${i}.rgb`)))).toBeLessThanOrEqual(
    2,
  );
});
