import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Picture } from '../image/picture.ts';
import { Runtime } from '../runtime/runtime.ts';
import { savedRepository } from './golden/repository.ts';
import { fromRgb, worstDifference } from './golden/runs.ts';
import { openUpscaler, upscale } from './upscale.ts';

const FOLDER = join(import.meta.dirname, 'golden/upscaler');
const files = savedRepository(
  (path) => existsSync(join(FOLDER, path)),
  (path) => openAsBlob(join(FOLDER, path)),
);
const upscaler = await openUpscaler(files, await Runtime.open('wasm'));
const rgb = (name: string) => readFileSync(join(FOLDER, `${name}.rgb`));
const quietly = async () => {};

test('a picture of one tile is PyTorch’s, within 1 of 255 at every pixel', async () => {
  const enlarged = await upscale(upscaler, fromRgb(rgb('64x64'), 64, 64), quietly);
  expect([enlarged.width, enlarged.height]).toEqual([128, 128]);
  expect(worstDifference(enlarged, rgb('64x64-enlarged'))).toBeLessThanOrEqual(1);
});

test('one of several tiles is the whole as PyTorch has it, to 40 dB', async () => {
  const tiles: string[] = [];
  const enlarged = await upscale(upscaler, fromRgb(rgb('136x88'), 136, 88), async (done, all) => {
    tiles.push(`${done} of ${all}`);
  });
  expect(tiles).toEqual(['1 of 6', '2 of 6', '3 of 6', '4 of 6', '5 of 6', '6 of 6']);
  expect([enlarged.width, enlarged.height]).toEqual([272, 176]);
  const expected = rgb('136x88-enlarged');
  const colours = enlarged.rgba.filter((_, i) => i % 4 !== 3);
  const squares = colours.reduce((sum, value, i) => sum + (value - (expected[i] as number)) ** 2, 0);
  expect(10 * Math.log10(255 ** 2 / (squares / colours.length))).toBeGreaterThan(40);
});

test('what is smaller than a tile is enlarged as well', async () => {
  const small = fromRgb(rgb('64x64').subarray(0, 9 * 7 * 3), 9, 7);
  const enlarged = await upscale(upscaler, small, quietly);
  expect([enlarged.width, enlarged.height, enlarged.rgba.length]).toEqual([18, 14, 18 * 14 * 4]);
  expect(new Set(enlarged.rgba).size).toBeGreaterThan(50);
});

test('what would come out too large is refused before anything is computed', async () => {
  const huge: Picture = { width: 4096, height: 2048, rgba: new Uint8ClampedArray(4) };
  await expect(upscale(upscaler, huge, quietly)).rejects.toMatchObject({ code: 'picture-too-large' });
});

test('another model is refused', async () => {
  const other = { ...files, json: async () => ({ architectures: ['CLIPTextModel'], upscale: 2 }) };
  await expect(openUpscaler(other, await Runtime.open('wasm'))).rejects.toMatchObject({
    code: 'unsupported-model',
  });
});
