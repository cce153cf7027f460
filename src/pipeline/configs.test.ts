import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ModelFiles } from '../hub/repo.ts';
import { fromRgb, worstDifference } from '../image/golden/rgb.ts';
import { toGrey } from '../image/picture.ts';
import { loadModel } from '../loaders/load-model.ts';
import { repositorySource } from '../loaders/model-source.ts';
import { Runtime } from '../runtime/runtime.ts';
import { type GoldenRequest, paint, toRequest } from './golden/runs.ts';
import type { PipelineRequest } from './pipeline-request.ts';

/** A run of golden/configs.py: a repository of golden/families.py with other configurations. */
interface ConfigRun extends GoldenRequest {
  readonly family: string;
  /** The class of the repository's own sampler, and its scheduler_config.json. */
  readonly own: string;
  readonly config: object;
  /** Keys added to other files. */
  readonly also?: Readonly<Record<string, object>>;
}

const GOLDEN = join(import.meta.dirname, 'golden');
const { runs } = JSON.parse(readFileSync(join(GOLDEN, 'configs/runs.json'), 'utf8')) as { runs: ConfigRun[] };
const runtime = await Runtime.open('wasm');

function repository({ family, own, config, also }: ConfigRun): ModelFiles {
  const at = (path: string) => join(GOLDEN, 'families', family, path);
  const added: Readonly<Record<string, object>> = {
    'model_index.json': { scheduler: ['diffusers', own] },
    ...also,
  };
  return {
    has: (path) => existsSync(at(path)),
    file: (path) => openAsBlob(at(path)),
    json: async (path) =>
      path === 'scheduler/scheduler_config.json'
        ? { _class_name: own, ...config }
        : { ...JSON.parse(readFileSync(at(path), 'utf8')), ...added[path] },
  };
}

function startOf({ strength, mask, width, height }: ConfigRun): Pick<PipelineRequest, 'image'> {
  if (strength === undefined) return { image: null };
  const file = (kind: string) =>
    fromRgb(readFileSync(join(GOLDEN, `families/${kind}-${width}x${height}.rgb`)), width, height);
  return { image: { pixels: file('picture'), strength, ...(mask && { mask: toGrey(file('mask')) }) } };
}

test.each(
  runs.map((run, i) => [run.family, run.own, JSON.stringify(run.config), run.scheduler, run, i] as const),
)('%s, %s %s, %s: the picture is diffusers’, within 2 of 255 at every pixel', async (_, __, ___, ____, run, i) => {
  const model = await loadModel(repositorySource(repository(run)), runtime, () => {});
  const image = await paint(model, { ...toRequest(run), ...startOf(run) });
  await model.release();
  expect(worstDifference(image, readFileSync(join(GOLDEN, `configs/${i}.rgb`)))).toBeLessThanOrEqual(2);
});
