import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clipPatches } from './clip-patches.ts';
import { fromRgb } from './golden/rgb.ts';

/** Pictures, and what transformers' CLIPImageProcessorPil makes of them, from golden/ip_adapter.py. */
const GOLDEN = join(import.meta.dirname, '../pipeline/golden/ip-adapter');
const { sizes } = JSON.parse(readFileSync(join(GOLDEN, 'runs.json'), 'utf8')) as {
  readonly sizes: readonly (readonly [number, number])[];
};
const [SIDE, PATCH] = [42, 14];

test.each([...sizes.keys()])('picture %i is resized, cropped and normalised as CLIP has it', (i) => {
  const picture = fromRgb(
    readFileSync(join(GOLDEN, `example-${i}.rgb`)),
    ...(sizes[i] as readonly [number, number]),
  );
  const expected = new Float32Array(Uint8Array.from(readFileSync(join(GOLDEN, `pixels-${i}.f32`))).buffer);
  const patches = clipPatches(picture, SIDE, PATCH);
  const across = SIDE / PATCH;
  expect(patches).toHaveLength(expected.length);
  const off = expected.map((value, at) => {
    const [colour, y, x] = [Math.floor(at / SIDE ** 2), Math.floor(at / SIDE) % SIDE, at % SIDE];
    const square = Math.floor(y / PATCH) * across + Math.floor(x / PATCH);
    const within = (colour * PATCH + (y % PATCH)) * PATCH + (x % PATCH);
    return Math.abs(value - (patches[square * 3 * PATCH ** 2 + within] as number));
  });
  // One of 255 would be 0.015.
  expect(Math.max(...off)).toBeLessThan(1e-5);
});
