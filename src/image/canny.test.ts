import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { canny } from './canny.ts';
import { fromRgb } from './golden/rgb.ts';

/** What golden/maps.py wrote. */
const bytes = (name: string) => readFileSync(join(import.meta.dirname, 'golden/maps', name));
const { cases } = JSON.parse(bytes('cases.json').toString()) as {
  cases: { name: string; width: number; height: number; canny: [number, number][] }[];
};
const thresholds = cases.flatMap(({ canny: pairs, ...picture }) =>
  pairs.map(([low, high], i) => ({ ...picture, low, high, i })),
);

test.each(thresholds)('the edges of $name from $low and $high are OpenCV’s, pixel for pixel', (given) => {
  const { name, width, height, low, high, i } = given;
  const picture = fromRgb(bytes(`${name}.rgb`), width, height);
  const edges = canny(picture, low, high);
  expect([edges.width, edges.height]).toEqual([width, height]);
  expect(Buffer.from(edges.data)).toEqual(bytes(`${name}-canny-${i}.grey`));
});
