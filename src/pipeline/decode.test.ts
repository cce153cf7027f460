import { existsSync, openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { savedRepository } from '../hub/golden/saved-repository.ts';
import type { Picture } from '../image/picture.ts';
import { loadModel } from '../loaders/load-model.ts';
import { repositorySource } from '../loaders/model-source.ts';
import { TorchRandom } from '../numerics/random.ts';
import { Runtime } from '../runtime/runtime.ts';
import { decodeLatents } from './decode.ts';

const FOLDER = join(import.meta.dirname, '../../public/models/trinket');
const files = savedRepository(
  (path) => existsSync(join(FOLDER, path)),
  (path) => openAsBlob(join(FOLDER, path)),
);
const runtime = await Runtime.open('wasm');

/** Peak signal-to-noise ratio of 8-bit colours, in dB. */
function psnr({ rgba: a }: Picture, { rgba: b }: Picture): number {
  const squares = a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0) / a.length;
  return 10 * Math.log10(255 ** 2 / squares);
}

test('a picture decoded in tiles is the picture decoded whole, without seams', async () => {
  const model = await loadModel(repositorySource(files), runtime, () => {});
  const [height, width] = [66, 24];
  const latents = new TorchRandom(0).randn([1, 4, height, width]);
  const whole = await decodeLatents(model.vae, latents, false);
  const tiled = await decodeLatents(model.vae, latents, true);
  await model.release();
  expect([tiled.width, tiled.height]).toEqual([whole.width, whole.height]);
  expect(psnr(tiled, whole)).toBeGreaterThan(40);
});

test('latents that fit in one tile are decoded whole', async () => {
  const model = await loadModel(repositorySource(files), runtime, () => {});
  const latents = new TorchRandom(1).randn([1, 4, 16, 24]);
  const pictures = [
    await decodeLatents(model.vae, latents, false),
    await decodeLatents(model.vae, latents, true),
  ];
  await model.release();
  expect(pictures[1]).toEqual(pictures[0]);
});
