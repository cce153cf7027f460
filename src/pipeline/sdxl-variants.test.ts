import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { savedRepository } from '../hub/golden/saved-repository.ts';
import { fromRgb, worstDifference } from '../image/golden/rgb.ts';
import { countTokens, loadModel } from '../loaders/load-model.ts';
import { repositorySource } from '../loaders/model-source.ts';
import { INDEX_FILE } from '../loaders/repository-layout.ts';
import { Runtime } from '../runtime/runtime.ts';
import { type GoldenRequest, paint, picturesOf, runInTurn, toRequest } from './golden/runs.ts';

/** A run of golden/sdxl_variants.py. */
interface VariantRun extends GoldenRequest {
  readonly name: string;
}

const FOLDER = join(import.meta.dirname, 'golden/sdxl-variants');
const { runs } = JSON.parse(readFileSync(join(FOLDER, 'runs.json'), 'utf8')) as { runs: VariantRun[] };

/** What stabilityai/stable-diffusion-xl-refiner-1.0's model_index.json has, beside the classes. */
const REFINER = {
  _class_name: 'StableDiffusionXLImg2ImgPipeline',
  text_encoder: [null, null],
  tokenizer: [null, null],
  requires_aesthetics_score: true,
  force_zeros_for_empty_prompt: false,
};

/** families/sdxl with another UNet; a refiner without what its own repository lacks. */
function repository(name: string) {
  const isRefiner = name === 'refiner';
  const at = (path: string) =>
    path.startsWith('unet/')
      ? join(FOLDER, name, path.slice('unet/'.length))
      : join(import.meta.dirname, 'golden/families/sdxl', path);
  const has = (path: string) =>
    existsSync(at(path)) && !(isRefiner && /^(text_encoder|tokenizer)\//.test(path));
  const files = savedRepository(has, (path) => openAsBlob(at(path)));
  const json = async (path: string) => {
    const own = (await files.json(path)) as object;
    return path === INDEX_FILE && isRefiner ? { ...own, ...REFINER } : own;
  };
  return repositorySource({ ...files, json });
}

const runtime = await Runtime.open('wasm');

test.each(
  runs.map((run, i) => {
    const how = run.cache_interval ? ' with DeepCache' : '';
    return [run.name + how, run.strength ?? 1, run.guidance, run, i] as const;
  }),
)('%s at strength %d and guidance %d paints as diffusers does, within 2 of 255', async (_name, strength, _, run, i) => {
  const model = await loadModel(repository(run.name), runtime, () => {});
  const { width, height } = run;
  const start = () => fromRgb(readFileSync(join(FOLDER, `picture-${width}x${height}.rgb`)), width, height);
  const image = strength < 1 ? { pixels: start(), strength } : null;
  const found = await paint(model, { ...toRequest(run), image });
  await model.release();
  expect(worstDifference(found, readFileSync(join(FOLDER, `${i}.rgb`)))).toBeLessThanOrEqual(2);
});

test('the refiner’s texts one after the other give the same picture as both at once', async () => {
  const run = runs[0] as VariantRun;
  const model = await loadModel(repository('refiner'), runtime, () => {});
  const pixels = fromRgb(readFileSync(join(FOLDER, 'picture-64x72.rgb')), run.width, run.height);
  const request = { ...toRequest(run), image: { pixels, strength: 0.5 } };
  const [found] = picturesOf(await runInTurn(model, request));
  await model.release();
  expect(found && worstDifference(found, readFileSync(join(FOLDER, '0.rgb')))).toBeLessThanOrEqual(2);
});

test('the refiner paints nothing from a prompt alone, and counts tokens by its one text encoder', async () => {
  const model = await loadModel(repository('refiner'), runtime, () => {});
  const painting = paint(model, toRequest(runs[0] as VariantRun));
  await expect(painting).rejects.toMatchObject({
    code: 'invalid-request',
    details: { kind: 'needs-image', field: 'image' },
  });
  await model.release();
  expect((await countTokens(repository('refiner'), ['a river'], [])).texts).toEqual([[2]]);
});
