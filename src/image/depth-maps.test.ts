import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { depthMap, normalMap } from './depth-maps.ts';
import { worstDifference } from './golden/rgb.ts';
import { fromGrey } from './picture.ts';

/** What golden/depth.py wrote. */
const bytes = (name: string) => readFileSync(join(import.meta.dirname, '../pipeline/golden/depth', name));
const { pictures } = JSON.parse(bytes('cases.json').toString()) as {
  pictures: { name: string; width: number; height: number }[];
};

test.each(
  pictures,
)('the maps of the depth of $name are transformers’ and OpenCV’s, within 1 of 255', (given) => {
  const { name, width, height } = given;
  const depth = { width, height, data: new Float32Array(Uint8Array.from(bytes(`${name}.f32`)).buffer) };
  const grey = Uint8Array.from([...bytes(`${name}-depth.grey`)].flatMap((value) => [value, value, value]));
  expect(worstDifference(fromGrey(depthMap(depth)), grey)).toBeLessThanOrEqual(1);
  expect(worstDifference(normalMap(depth), bytes(`${name}-normal.rgb`))).toBeLessThanOrEqual(1);
});

test('a ball’s normals are red to the left, green to the top and blue in the middle', () => {
  const side = 65;
  const data = Float32Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [(i % side) - 32, Math.floor(i / side) - 32];
    return Math.sqrt(Math.max(0, 30 ** 2 - x ** 2 - y ** 2));
  });
  const { rgba } = normalMap({ width: side, height: side, data });
  const at = (x: number, y: number) => [...rgba.subarray((y * side + x) * 4, (y * side + x) * 4 + 3)];
  expect(at(32, 32)).toEqual([127, 127, 255]);
  expect(at(0, 0)).toEqual([127, 127, 255]);
  expect(at(17, 32)[0]).toBeGreaterThan(180);
  expect(at(47, 32)[0]).toBeLessThan(75);
  expect(at(32, 17)[1]).toBeGreaterThan(180);
});

test('where all is equally far nothing is near, and nothing slopes', () => {
  const flat = { width: 3, height: 1, data: new Float32Array(3).fill(7) };
  expect([...depthMap(flat).data]).toEqual([0, 0, 0]);
  expect([...normalMap(flat).rgba.subarray(0, 4)]).toEqual([127, 127, 255, 255]);
});
