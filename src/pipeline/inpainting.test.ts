import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cropRegion } from '../image/crop-region.ts';
import { fillMasked } from '../image/fill-masked.ts';
import { gaussianBlur } from '../image/gaussian-blur.ts';
import { binarize, type InitImage, pasteBack, toGrey } from '../image/init-image.ts';
import type { Picture } from '../image/picture.ts';
import { Components } from '../loaders/components.ts';
import { repositorySource } from '../loaders/model-source.ts';
import { Runtime } from '../runtime/runtime.ts';
import { savedRepository } from './golden/repository.ts';
import { fromRgb, type GoldenRequest, toRequest, worstDifference } from './golden/runs.ts';
import { stableDiffusion } from './stable-diffusion.ts';

/** A run of golden/inpainting.py. */
interface InpaintingRun extends GoldenRequest {
  readonly family: string;
  readonly strength: number;
  readonly mask_blur: number;
  readonly content?: 'noise' | 'fill';
}

const FOLDER = join(import.meta.dirname, 'golden/inpainting');
const bytes = (name: string) => readFileSync(join(FOLDER, name));
const { radii, regions, runs } = JSON.parse(bytes('cases.json').toString()) as {
  radii: number[];
  regions: {
    width: number;
    height: number;
    marked: [number, number, number, number];
    size: [number, number];
    margin: number;
    region: [number, number, number, number];
  }[];
  runs: InpaintingRun[];
};

const mask = { width: 61, height: 47, data: new Uint8ClampedArray(bytes('mask-61x47.grey')) };
const picture = fromRgb(bytes('picture-61x47.rgb'), 61, 47);

test.each(radii)('a mask blurred by %d pixels is Pillow’s, byte for byte', (radius) => {
  expect(Buffer.from(gaussianBlur(mask, radius).data)).toEqual(bytes(`blurred-${radius}.grey`));
});

test('filled with the colours around it is what A1111 makes of it, within 2 of 255', () => {
  const filled = fillMasked(picture, binarize(mask));
  expect(worstDifference(filled, bytes('filled-61x47.rgb'))).toBeLessThanOrEqual(2);
});

test.each(regions)('$marked of $width × $height, $margin around: diffusers’ crop region', (given) => {
  const { width, height, marked, size, margin, region } = given;
  const [left, top, right, bottom] = marked;
  const data = Uint8ClampedArray.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return x >= left && x < right && y >= top && y < bottom ? 255 : 0;
  });
  const found = cropRegion({ width, height, data }, { width: size[0], height: size[1] }, margin);
  expect(found && [found.x, found.y, found.x + found.width, found.y + found.height]).toEqual(region);
});

test('nothing marked has no region', () => {
  expect(cropRegion({ width: 2, height: 2, data: new Uint8ClampedArray(4) }, mask, 8)).toBeNull();
});

describe('whatever the mask', () => {
  const SIDE = 12;
  const plane = fc
    .uint8Array({ minLength: SIDE ** 2, maxLength: SIDE ** 2 })
    .map((data) => ({ width: SIDE, height: SIDE, data: new Uint8ClampedArray(data) }));
  const pixels = fc
    .uint8Array({ minLength: SIDE ** 2 * 4, maxLength: SIDE ** 2 * 4 })
    .map((rgba): Picture => ({ width: SIDE, height: SIDE, rgba: new Uint8ClampedArray(rgba) }));

  test('black keeps the original byte for byte, the middle grey and lighter takes what was painted', () => {
    fc.assert(
      fc.property(pixels, pixels, plane, (painted, original, mask) => {
        const result = pasteBack(painted, original, mask);
        for (const [i, value] of result.rgba.entries()) {
          const grey = mask.data[i >> 2] as number;
          if (grey === 0) expect(value).toBe(original.rgba[i]);
          if (grey >= 128) expect(value).toBe(painted.rgba[i]);
        }
      }),
    );
  });

  test('no blur changes nothing; any blur keeps what is of one grey, and stays within what was there', () => {
    fc.assert(
      fc.property(plane, fc.double({ min: 0.1, max: 40, noNaN: true }), (mask, radius) => {
        expect(gaussianBlur(mask, 0)).toEqual(mask);
        const flat = { ...mask, data: mask.data.map(() => 77) };
        expect(gaussianBlur(flat, radius)).toEqual(flat);
        const { data } = gaussianBlur(mask, radius);
        expect(Math.min(...data)).toBeGreaterThanOrEqual(Math.min(...mask.data));
        expect(Math.max(...data)).toBeLessThanOrEqual(Math.max(...mask.data));
      }),
    );
  });

  test('filling leaves all that is not masked', () => {
    fc.assert(
      fc.property(pixels, plane, (colours, mask) => {
        const opaque = { ...colours, rgba: colours.rgba.map((value, i) => (i % 4 === 3 ? 255 : value)) };
        const isMasked = binarize(mask);
        const { rgba } = fillMasked(opaque, isMasked);
        for (const [i, value] of rgba.entries())
          if (isMasked[i >> 2] === 0) expect(value).toBe(opaque.rgba[i]);
      }),
      { numRuns: 20 },
    );
  });
});

/** What the worker makes of a picture and a mask before the pipeline gets them. */
function begin({ width, height, strength, mask_blur, content }: InpaintingRun): InitImage {
  const file = (kind: string) => fromRgb(bytes(`${kind}-${width}x${height}.rgb`), width, height);
  const mask = gaussianBlur(toGrey(file('mask')), mask_blur);
  const original = file('picture');
  const picture = content === 'fill' ? fillMasked(original, binarize(mask)) : original;
  return { picture, strength, mask, isNoiseMasked: content === 'noise' };
}

const runtime = await Runtime.open('wasm');

test.each(
  runs.map((run, i) => [run.family, run.mask_blur, run.content ?? 'original', run, i] as const),
)('%s, mask blur %d, masked content %s: diffusers’ picture, within 2 of 255', async (_, __, ___, run, i) => {
  const at = (path: string) => join(import.meta.dirname, 'golden/families', run.family, path);
  const files = savedRepository(
    (path) => existsSync(at(path)),
    (path) => openAsBlob(at(path)),
  );
  const components = await Components.open(repositorySource(files), runtime, () => {});
  const painted: Picture[] = [];
  await stableDiffusion(
    components,
    { ...toRequest(run), image: begin(run) },
    async (event) => {
      if (event.stage === 'image') painted.push(event.picture);
    },
    new AbortController().signal,
  );
  await components.release();
  expect(worstDifference(painted[0] as Picture, bytes(`${i}.rgb`))).toBeLessThanOrEqual(2);
});
