import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { savedRepository } from '../hub/golden/saved-repository.ts';
import { fromRgb, worstDifference } from '../image/golden/rgb.ts';
import type { Picture } from '../image/picture.ts';
import { loadUpscaler } from '../loaders/load-upscaler.ts';
import { Runtime } from '../runtime/runtime.ts';
import { upscaleImage } from './upscale-image.ts';

const FOLDER = join(import.meta.dirname, 'golden/upscaler');
const files = savedRepository(
  (path) => existsSync(join(FOLDER, path)),
  (path) => openAsBlob(join(FOLDER, path)),
);
const upscaler = await loadUpscaler(files, await Runtime.open('wasm'));
const rgb = (name: string) => readFileSync(join(FOLDER, `${name}.rgb`));
const ignore = async () => {};

test('a picture of one tile is upscaled as by PyTorch, within 1 of 255 at every pixel', async () => {
  const upscaled = await upscaleImage(upscaler, fromRgb(rgb('64x64'), 64, 64), ignore);
  expect([upscaled.width, upscaled.height]).toEqual([128, 128]);
  expect(worstDifference(upscaled, rgb('64x64-upscaled'))).toBeLessThanOrEqual(1);
});

test('a picture of several tiles is the whole picture upscaled by PyTorch, to 40 dB', async () => {
  const tiles: string[] = [];
  const upscaled = await upscaleImage(upscaler, fromRgb(rgb('136x88'), 136, 88), async (done, all) => {
    tiles.push(`${done} of ${all}`);
  });
  expect(tiles).toEqual(['1 of 6', '2 of 6', '3 of 6', '4 of 6', '5 of 6', '6 of 6']);
  expect([upscaled.width, upscaled.height]).toEqual([272, 176]);
  const expected = rgb('136x88-upscaled');
  const colours = upscaled.rgba.filter((_, i) => i % 4 !== 3);
  const squares = colours.reduce((sum, value, i) => sum + (value - (expected[i] as number)) ** 2, 0);
  expect(10 * Math.log10(255 ** 2 / (squares / colours.length))).toBeGreaterThan(40);
});

test('a picture smaller than a tile is upscaled too', async () => {
  const small = fromRgb(rgb('64x64').subarray(0, 9 * 7 * 3), 9, 7);
  const upscaled = await upscaleImage(upscaler, small, ignore);
  expect([upscaled.width, upscaled.height, upscaled.rgba.length]).toEqual([18, 14, 18 * 14 * 4]);
  expect(new Set(upscaled.rgba).size).toBeGreaterThan(50);
});

test('a picture that would become too large is refused before anything is computed', async () => {
  const huge: Picture = { width: 4096, height: 2048, rgba: new Uint8ClampedArray(4) };
  await expect(upscaleImage(upscaler, huge, ignore)).rejects.toMatchObject({ code: 'picture-too-large' });
});

test('other models are refused', async () => {
  const other = { ...files, json: async () => ({ architectures: ['CLIPTextModel'], upscale: 2 }) };
  await expect(loadUpscaler(other, await Runtime.open('wasm'))).rejects.toMatchObject({
    code: 'unsupported-model',
  });
});
