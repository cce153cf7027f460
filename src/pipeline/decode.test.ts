import { existsSync, openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Picture } from '../image/picture.ts';
import { Components } from '../loaders/components.ts';
import { repositorySource } from '../loaders/model-source.ts';
import { TorchRandom } from '../numerics/random.ts';
import { Runtime } from '../runtime/runtime.ts';
import { decodeLatents } from './decode.ts';
import { savedRepository } from './golden/repository.ts';

const FOLDER = join(import.meta.dirname, '../../public/models/trinket');
const files = savedRepository(
  (path) => existsSync(join(FOLDER, path)),
  (path) => openAsBlob(join(FOLDER, path)),
);
const runtime = await Runtime.open('wasm');

/** Peak signal to noise of 8-bit colours, dB. */
function psnr({ rgba: a }: Picture, { rgba: b }: Picture): number {
  const squares = a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0) / a.length;
  return 10 * Math.log10(255 ** 2 / squares);
}

test('tile by tile a picture is what it is at once, without a seam', async () => {
  const components = await Components.open(repositorySource(files), runtime, () => {});
  const [height, width] = [66, 80];
  const latents = new TorchRandom(0).randn([1, 4, height, width]);
  const whole = await decodeLatents(components, latents, false);
  const tiled = await decodeLatents(components, latents, true);
  await components.release();
  expect([tiled.width, tiled.height]).toEqual([whole.width, whole.height]);
  expect(psnr(tiled, whole)).toBeGreaterThan(40);
});

test('what fits in one tile is decoded as it is', async () => {
  const components = await Components.open(repositorySource(files), runtime, () => {});
  const latents = new TorchRandom(1).randn([1, 4, 16, 24]);
  const pictures = [
    await decodeLatents(components, latents, false),
    await decodeLatents(components, latents, true),
  ];
  await components.release();
  expect(pictures[1]).toEqual(pictures[0]);
});
