import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { savedRepository } from '../hub/golden/saved-repository.ts';
import { worstDifference } from '../image/golden/rgb.ts';
import { tinyModel } from '../loaders/golden/tiny-model.ts';
import { loadModel } from '../loaders/load-model.ts';
import { repositorySource } from '../loaders/model-source.ts';
import { hiresSize } from '../protocol/hires.ts';
import { Runtime } from '../runtime/runtime.ts';
import { type GoldenRequest, paint, toRequest } from './golden/runs.ts';
import type { PipelineRequest } from './pipeline-request.ts';

/** A run of golden/webui.py. */
interface WebuiRun extends GoldenRequest {
  readonly family?: 'sdxl';
}

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(import.meta.dirname, 'golden/webui');
const { runs } = JSON.parse(readFileSync(join(FOLDER, 'runs.json'), 'utf8')) as { runs: WebuiRun[] };
const runtime = await Runtime.open('wasm');
const open = (files: Parameters<typeof repositorySource>[0]) =>
  loadModel(repositorySource(files), runtime, () => {});
const sdxl = (path: string) => join(import.meta.dirname, 'golden/families/sdxl', path);
const models = {
  tiny: await open(tinyModel((path) => openAsBlob(join(ROOT, path)))),
  sdxl: await open(
    savedRepository(
      (path) => existsSync(sdxl(path)),
      (path) => openAsBlob(sdxl(path)),
    ),
  ),
};
function paintRun(run: WebuiRun, changes: Partial<PipelineRequest> = {}) {
  const hires = run.hires ? { ...run.hires, image: null } : null;
  return paint(models[run.family ?? 'tiny'], { ...toRequest(run), hires, ...changes });
}

test.each(
  runs.map((run, i) => {
    const what = run.hires
      ? 'prompt editing over two passes'
      : (run.emphasis ?? `clip skip ${run.clip_skip ?? 0}`);
    return [run.family ?? 'sd1', what, run, i] as const;
  }),
)('%s, %s: the picture is that of the web UI’s rules, within 2 of 255 at every pixel', async (_, __, run, i) => {
  const picture = await paintRun(run);
  expect(picture).toMatchObject(run.hires ? hiresSize(run, run.hires.scale) : { width: run.width });
  expect(worstDifference(picture, readFileSync(join(FOLDER, `${i}.rgb`)))).toBeLessThanOrEqual(2);
});

test('SDXL leaves out one layer by itself: a clip skip of 1 changes nothing, one of 2 asks for more', async () => {
  const run = runs.find(({ family, clip_skip }) => family === 'sdxl' && clip_skip === 1) as WebuiRun;
  expect(await paintRun(run, { clipSkip: 0 })).toEqual(await paintRun(run));
  // Its text encoders have two layers.
  await expect(paintRun(run, { clipSkip: 2 })).rejects.toMatchObject({
    code: 'invalid-request',
    details: { kind: 'too-many-skipped', layers: 2, found: 2 },
  });
});
