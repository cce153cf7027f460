import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { savedRepository } from '../hub/golden/saved-repository.ts';
import { fillMasked } from '../image/fill-masked.ts';
import { gaussianBlur } from '../image/gaussian-blur.ts';
import { fromRgb, worstDifference } from '../image/golden/rgb.ts';
import { binarize } from '../image/masks.ts';
import { toGrey } from '../image/picture.ts';
import type { InitImage } from '../image/prepare-init-image.ts';
import { loadModel } from '../loaders/load-model.ts';
import { repositorySource } from '../loaders/model-source.ts';
import { Runtime } from '../runtime/runtime.ts';
import { type GoldenRequest, paint, toRequest } from './golden/runs.ts';

/** A run of golden/inpainting.py. */
interface InpaintingRun extends GoldenRequest {
  readonly family: string;
  readonly strength: number;
  readonly mask_blur: number;
  readonly content?: 'noise' | 'fill';
}

const FOLDER = join(import.meta.dirname, 'golden/inpainting');
const bytes = (name: string) => readFileSync(join(FOLDER, name));
const { runs } = JSON.parse(bytes('cases.json').toString()) as { runs: InpaintingRun[] };

/** The picture a run starts from, as the worker prepares it. */
function startOf({ width, height, strength, mask_blur, content }: InpaintingRun): InitImage {
  const file = (kind: string) => fromRgb(bytes(`${kind}-${width}x${height}.rgb`), width, height);
  const mask = gaussianBlur(toGrey(file('mask')), mask_blur);
  const original = file('picture');
  const pixels = content === 'fill' ? fillMasked(original, binarize(mask)) : original;
  return { pixels, strength, mask, isNoiseMasked: content === 'noise' };
}

const runtime = await Runtime.open('wasm');

test.each(
  runs.map((run, i) => [run.family, run.mask_blur, run.content ?? 'original', run, i] as const),
)('%s, mask blur %d, masked content %s: the picture is diffusers’, within 2 of 255', async (_, __, ___, run, i) => {
  const at = (path: string) => join(import.meta.dirname, 'golden/families', run.family, path);
  const files = savedRepository(
    (path) => existsSync(at(path)),
    (path) => openAsBlob(at(path)),
  );
  const model = await loadModel(repositorySource(files), runtime, () => {});
  const image = await paint(model, { ...toRequest(run), image: startOf(run) });
  await model.release();
  expect(worstDifference(image, bytes(`${i}.rgb`))).toBeLessThanOrEqual(2);
});
