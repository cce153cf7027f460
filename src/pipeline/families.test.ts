import { existsSync, openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { worstDifference } from '../image/golden/rgb.ts';
import { loadModel } from '../loaders/load-model.ts';
import { repositorySource } from '../loaders/model-source.ts';
import { Runtime } from '../runtime/runtime.ts';
import { goldenPicture, pictureRuns } from './golden/pictures.ts';
import { paint } from './golden/runs.ts';

const ROOT = join(import.meta.dirname, '../..');
const project = {
  has: (path: string) => existsSync(join(ROOT, path)),
  read: (path: string) => openAsBlob(join(ROOT, path)),
};
const runtime = await Runtime.open('wasm');

for (const set of ['families', 'inpainting', 'caches'] as const)
  test.each(
    (await pictureRuns(set, project)).map((run, i) => {
      const how = run.mask ? 'inpainting' : run.strength ? 'from a picture' : 'from noise';
      const part = [
        run.mask_blur && `mask blur ${run.mask_blur}`,
        run.content,
        run.cache_interval && `DeepCache ${run.cache_interval}, branch ${run.cache_branch_id}`,
        run.gate_step && `T-GATE ${run.gate_step}`,
      ]
        .filter(Boolean)
        .join(', ');
      return [
        run.like ?? run.family,
        run.scheduler,
        run.width,
        run.height,
        `${how} ${part}`,
        run,
        i,
      ] as const;
    }),
  )('%s, %s %i×%i, %s: the picture is diffusers’, within 2 of 255 at every pixel', async (...[
    ,
    ,
    width,
    height,
    ,
    run,
    i,
  ]) => {
    const { files, request, expected } = await goldenPicture(set, run, i, project);
    const model = await loadModel(repositorySource(files), runtime, () => {});
    const image = await paint(model, request);
    await model.release();
    expect([image.width, image.height]).toEqual([width, height]);
    expect(worstDifference(image, expected)).toBeLessThanOrEqual(2);
  });
