import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { savedRepository } from '../hub/golden/saved-repository.ts';
import { fromRgb, worstDifference } from '../image/golden/rgb.ts';
import { loadModel } from '../loaders/load-model.ts';
import { repositorySource } from '../loaders/model-source.ts';
import { INDEX_FILE, SCHEDULER_FILE } from '../loaders/repository-layout.ts';
import { Runtime } from '../runtime/runtime.ts';
import { type GoldenRequest, paint, runPipeline, toRequest } from './golden/runs.ts';

/** A run of golden/edm_pictures.py. */
interface EdmRun extends GoldenRequest {
  readonly scheduler_config: { readonly _class_name: string };
  readonly statistics: boolean;
}

const FOLDER = join(import.meta.dirname, 'golden/edm');
const { runs, ...statistics } = JSON.parse(readFileSync(join(FOLDER, 'runs.json'), 'utf8')) as {
  runs: EdmRun[];
  latents_mean: number[];
  latents_std: number[];
};

/** families/sdxl with the sampler of a run, and where it asks for them with Playground's latents. */
function repository({ scheduler_config, statistics: isScaled }: EdmRun) {
  const at = (path: string) => join(import.meta.dirname, 'golden/families/sdxl', path);
  const files = savedRepository(
    (path) => existsSync(at(path)),
    (path) => openAsBlob(at(path)),
  );
  const { latents_mean, latents_std } = statistics;
  const json = async (path: string) => {
    if (path === SCHEDULER_FILE) return scheduler_config;
    const own = (await files.json(path)) as object;
    if (path === INDEX_FILE) return { ...own, scheduler: ['diffusers', scheduler_config._class_name] };
    const isVae = path === 'vae/config.json' && isScaled;
    return isVae ? { ...own, latents_mean, latents_std, scaling_factor: 0.5 } : own;
  };
  return repositorySource({ ...files, json });
}

const runtime = await Runtime.open('wasm');

test.each(
  runs.map((run, i) => [run.scheduler, run.strength ?? 1, run, i] as const),
)('an SDXL of the EDM kind paints with %s at strength %d as diffusers does, within 2 of 255', async (_, strength, run, i) => {
  const model = await loadModel(repository(run), runtime, () => {});
  const pixels = fromRgb(readFileSync(join(FOLDER, 'picture.rgb')), run.width, run.height);
  const found = await paint(model, { ...toRequest(run), image: strength < 1 ? { pixels, strength } : null });
  await model.release();
  expect(worstDifference(found, readFileSync(join(FOLDER, `${i}.rgb`)))).toBeLessThanOrEqual(2);
});

test('unfinished pictures have the finished one’s contrast, also where clean latents have half of it', async () => {
  const run = runs[0] as EdmRun;
  const model = await loadModel(repository(run), runtime, () => {});
  const events = await runPipeline(model, { ...toRequest(run), filmstrip: true });
  await model.release();
  const frames = events.flatMap((event) => (event.stage === 'frame' ? [event.picture] : []));
  const [before, last] = frames.slice(-2);
  // The last step removes noise of 0.002.
  const rgb = Uint8Array.from((last?.rgba ?? []).filter((_, i) => i % 4 < 3));
  expect(worstDifference(before as NonNullable<typeof before>, rgb)).toBeLessThanOrEqual(8);
});
