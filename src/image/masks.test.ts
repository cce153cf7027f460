import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cropRegion } from './crop-region.ts';
import { fillMasked } from './fill-masked.ts';
import { gaussianBlur } from './gaussian-blur.ts';
import { fromRgb, worstDifference } from './golden/rgb.ts';
import { binarize, pasteBack } from './masks.ts';
import type { Picture } from './picture.ts';

/** What golden/inpainting.py wrote. */
const bytes = (name: string) =>
  readFileSync(join(import.meta.dirname, '../pipeline/golden/inpainting', name));
const { radii, regions } = JSON.parse(bytes('cases.json').toString()) as {
  radii: number[];
  regions: {
    width: number;
    height: number;
    marked: [number, number, number, number];
    size: [number, number];
    margin: number;
    region: [number, number, number, number];
  }[];
};

const mask = { width: 61, height: 47, data: new Uint8ClampedArray(bytes('mask-61x47.grey')) };
const image = fromRgb(bytes('picture-61x47.rgb'), 61, 47);

test.each(radii)('a mask blurred by %d pixels is Pillow’s, byte for byte', (radius) => {
  expect(Buffer.from(gaussianBlur(mask, radius).data)).toEqual(bytes(`blurred-${radius}.grey`));
});

test('a masked part is filled as AUTOMATIC1111 fills it, within 2 of 255', () => {
  const filled = fillMasked(image, binarize(mask));
  expect(worstDifference(filled, bytes('filled-61x47.rgb'))).toBeLessThanOrEqual(2);
});

test.each(
  regions,
)('the crop region of $marked in $width × $height, with a margin of $margin, is diffusers’', (given) => {
  const { width, height, marked, size, margin, region } = given;
  const [left, top, right, bottom] = marked;
  const data = Uint8ClampedArray.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return x >= left && x < right && y >= top && y < bottom ? 255 : 0;
  });
  const found = cropRegion({ width, height, data }, { width: size[0], height: size[1] }, margin);
  expect(found && [found.x, found.y, found.x + found.width, found.y + found.height]).toEqual(region);
});

test('an empty mask has no crop region', () => {
  expect(cropRegion({ width: 2, height: 2, data: new Uint8ClampedArray(4) }, mask, 8)).toBeNull();
});

describe('with any mask', () => {
  const SIDE = 12;
  const plane = fc
    .uint8Array({ minLength: SIDE ** 2, maxLength: SIDE ** 2 })
    .map((data) => ({ width: SIDE, height: SIDE, data: new Uint8ClampedArray(data) }));
  const pixels = fc
    .uint8Array({ minLength: SIDE ** 2 * 4, maxLength: SIDE ** 2 * 4 })
    .map((rgba): Picture => ({ width: SIDE, height: SIDE, rgba: new Uint8ClampedArray(rgba) }));

  test('black keeps the original byte for byte, the middle grey and lighter shows what was painted', () => {
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

  test('a radius of 0 changes nothing; any radius keeps a uniform grey, and the range of values', () => {
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

  test('filling changes only the masked part', () => {
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
