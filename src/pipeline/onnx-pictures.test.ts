import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { savedRepository } from '../hub/golden/saved-repository.ts';
import { worstDifference } from '../image/golden/rgb.ts';
import { loadModel } from '../loaders/load-model.ts';
import { repositorySource, withComponent } from '../loaders/model-source.ts';
import { onnxSource } from '../loaders/onnx/onnx-source.ts';
import { Runtime } from '../runtime/runtime.ts';
import { type GoldenRequest, paint, toRequest } from './golden/runs.ts';

const FAMILIES = join(import.meta.dirname, 'golden/families');
const FOLDER = join(import.meta.dirname, 'golden/onnx');
const runtime = await Runtime.open('wasm');

const repository = (name: string) =>
  savedRepository(
    (path) => existsSync(join(FOLDER, name, path)),
    (path) => openAsBlob(join(FOLDER, name, path)),
  );

const { runs } = JSON.parse(readFileSync(join(FAMILIES, 'runs.json'), 'utf8')) as {
  runs: (GoldenRequest & { readonly family: string; readonly scheduler_config?: unknown })[];
};

// Of the weights of golden/families.py, in the two layouts. Measured: 0, 1, 1, 1.
test.each([
  [12, 2],
  [13, 2],
  [6, 2],
  [7, 2],
] as const)('run %i of the families: the picture is diffusers’, within %i of 255', async (i, limit) => {
  const run = runs[i] as (typeof runs)[0];
  const at = (path: string) => join(FOLDER, run.family, path);
  const files = savedRepository(
    (path) => existsSync(at(path)),
    (path) => openAsBlob(at(path)),
    run.scheduler_config,
  );
  const model = await loadModel(await onnxSource(files), runtime, () => {});
  const image = await paint(model, toRequest(run));
  const worst = worstDifference(image, readFileSync(join(FAMILIES, `${i}.rgb`)));
  expect(worst).toBeLessThanOrEqual(limit);
});

describe('with components of other models', () => {
  const run = runs[12] as (typeof runs)[0];
  const ready = repository(run.family);
  const saved = join(FAMILIES, run.family);
  const built = savedRepository(
    (path) => existsSync(join(saved, path)),
    (path) => openAsBlob(join(saved, path)),
  );

  test.each(['vae', 'unet', 'text_encoder'] as const)('%s from the other, either way', async (component) => {
    const [own, other] = [await onnxSource(ready), repositorySource(built)];
    for (const source of [withComponent(own, component, other), withComponent(other, component, own)]) {
      const image = await paint(await loadModel(source, runtime, () => {}), toRequest(run));
      expect(worstDifference(image, readFileSync(join(FAMILIES, '12.rgb')))).toBeLessThanOrEqual(2);
    }
  });

  test('LoRAs and quantised copies are refused', async () => {
    const model = await loadModel(await onnxSource(ready), runtime, () => {});
    const lora = { name: 'style', hash: 'style', textEncoderWeight: 1, unetWeight: 1, file: new Blob([]) };
    await expect(model.setLoras([lora])).rejects.toMatchObject({ code: 'unsupported-lora' });
    await expect(model.setBits(8)).rejects.toMatchObject({ code: 'not-installed' });
    const { weights } = await model.memoryNeeds({ width: 64, height: 64 }, [], []);
    expect(weights.unet).toBe(4 * 52_100);
  });
});
