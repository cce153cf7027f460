import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAP_DEFAULTS } from '../protocol/map-request.ts';
import { canny } from './canny.ts';
import { lineart, scribble } from './dark-lines.ts';
import { drawMap } from './draw-map.ts';
import { fromRgb, worstDifference } from './golden/rgb.ts';
import type { Picture } from './picture.ts';
import { mapSize } from './read-for-map.ts';

/** What golden/maps.py wrote. */
const bytes = (name: string) => readFileSync(join(import.meta.dirname, 'golden/maps', name));
const { sigmas, cases } = JSON.parse(bytes('cases.json').toString()) as {
  sigmas: number[];
  cases: { name: string; width: number; height: number; canny: [number, number][] }[];
};
const pictureOf = ({ name, width, height }: (typeof cases)[number]) =>
  fromRgb(bytes(`${name}.rgb`), width, height);

describe.each(cases)('$name', (given) => {
  const picture = pictureOf(given);

  test('has OpenCV’s edges, pixel for pixel', () => {
    for (const [i, [low, high]] of given.canny.entries())
      expect(Buffer.from(canny(picture, low, high).data)).toEqual(bytes(`${given.name}-canny-${i}.grey`));
  });

  test('is scribbled as by OpenCV, pixel for pixel', () => {
    expect(Buffer.from(scribble(picture).data)).toEqual(bytes(`${given.name}-scribble.grey`));
  });

  test('has the lines that OpenCV and NumPy find, within 1 of 255', () => {
    const expected = bytes(`${given.name}-lineart.grey`);
    const found = lineart(picture).data;
    expect(found).toHaveLength(expected.length);
    const worst = found.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - (expected[i] as number))),
      0,
    );
    expect(worst).toBeLessThanOrEqual(1);
  });
});

test.each(sigmas)('a picture is softened by %d pixels as by Pillow, byte for byte', (sigma) => {
  for (const name of ['photo', 'two-rows']) {
    const picture = pictureOf(cases.find((one) => one.name === name) as (typeof cases)[number]);
    const soft = drawMap(picture, 'blur', { ...MAP_DEFAULTS, sigma });
    expect(worstDifference(soft, bytes(`${name}-blur-${sigma}.rgb`))).toBe(0);
  }
});

test('a map has the shape of its picture, and as many pixels as what it steers', () => {
  expect(mapSize({ width: 4000, height: 3000 }, { width: 512, height: 512 })).toEqual({
    width: 591,
    height: 443,
  });
  expect(mapSize({ width: 96, height: 64 }, { width: 768, height: 512 })).toEqual({
    width: 768,
    height: 512,
  });
  expect(mapSize({ width: 1, height: 9000 }, { width: 64, height: 64 })).toEqual({ width: 1, height: 6072 });
});

describe('of any picture', () => {
  const side = fc.integer({ min: 1, max: 64 });
  const picture: fc.Arbitrary<Picture> = fc.tuple(side, side, fc.integer()).map(([width, height, seed]) => {
    let state = seed;
    const noise = Uint8Array.from({ length: width * height * 3 }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      return state >>> 24;
    });
    return fromRgb(noise, width, height);
  });
  const threshold = fc.double({ min: 0, max: 255, noNaN: true });

  test('each map is an opaque picture of its size, and ink is black or white', () => {
    const makers = fc.constantFrom('canny', 'scribble', 'lineart', 'blur');
    fc.assert(
      fc.property(picture, makers, threshold, threshold, (given, maker, low, high) => {
        const { width, height, rgba } = drawMap(given, maker, { low, high, sigma: low / 4 });
        expect([width, height, rgba.length]).toEqual([given.width, given.height, given.rgba.length]);
        const isInk = maker === 'canny' || maker === 'scribble';
        const isRight = (value: number, i: number) => {
          if (i % 4 === 3) return value === 255;
          if (maker === 'blur') return true;
          return value === rgba[i - (i % 4)] && !(isInk && value % 255 !== 0);
        };
        expect(rgba.every(isRight)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('edges are the same with the thresholds the other way round, and fewer with higher ones', () => {
    fc.assert(
      fc.property(picture, threshold, threshold, (given, low, high) => {
        const edges = canny(given, low, high).data;
        expect(canny(given, high, low).data).toEqual(edges);
        const fewer = canny(given, low + 100, high + 100).data;
        expect(fewer.every((mark, i) => mark <= (edges[i] as number))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
