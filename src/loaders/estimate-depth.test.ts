import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { savedRepository } from '../hub/golden/saved-repository.ts';
import { depthMap } from '../image/depth-maps.ts';
import { fromRgb, worstDifference } from '../image/golden/rgb.ts';
import { fromGrey } from '../image/picture.ts';
import { Runtime } from '../runtime/runtime.ts';
import { estimateDepth } from './estimate-depth.ts';

/** What golden/depth.py wrote, of golden/maps.py's pictures. */
const FOLDER = join(import.meta.dirname, '../pipeline/golden/depth');
const files = savedRepository(
  (path) => existsSync(join(FOLDER, path)),
  (path) => openAsBlob(join(FOLDER, path)),
);
const { pictures } = JSON.parse(readFileSync(join(FOLDER, 'cases.json')).toString()) as {
  pictures: { name: string; width: number; height: number; seen: [number, number] }[];
};
const pictureOf = ({ name, width, height }: Omit<(typeof pictures)[number], 'seen'>) =>
  fromRgb(readFileSync(join(import.meta.dirname, `../image/golden/maps/${name}.rgb`)), width, height);
const runtime = await Runtime.open('wasm');

test.each(
  pictures,
)('the depth map of $name, seen in $seen pixels, is transformers’, within 2 of 255', async (given) => {
  const opened = vi.spyOn(runtime, 'openOnnx');
  const depth = await estimateDepth(files, runtime, pictureOf(given));
  expect(opened.mock.lastCall?.[1]).toMatchObject({ width: given.seen[0], height: given.seen[1] });
  const grey = [...readFileSync(join(FOLDER, `${given.name}-depth.grey`))];
  const expected = Uint8Array.from(grey.flatMap((value) => [value, value, value]));
  expect(worstDifference(fromGrey(depthMap(depth)), expected)).toBeLessThanOrEqual(2);
});

test.each([
  ['one pixel', 1, 1, 70, 70],
  ['a row', 37, 1, 70, 14],
  ['a strip, of which no more is looked at than of four squares', 70, 700, 42, 448],
] as const)('%s has a depth', async (_, width, height, seenWidth, seenHeight) => {
  const opened = vi.spyOn(runtime, 'openOnnx');
  const noise = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37) % 256);
  const depth = await estimateDepth(files, runtime, fromRgb(noise, width, height));
  expect(opened.mock.lastCall?.[1]).toMatchObject({ width: seenWidth, height: seenHeight });
  expect([depth.width, depth.height, depth.data.length]).toEqual([width, height, width * height]);
  expect(depthMap(depth).data.every((value) => value >= 0 && value <= 255)).toBe(true);
});

const picture = fromRgb(new Uint8Array(14 * 14 * 3), 14, 14);
const without = (path: string) => ({ ...files, has: (other: string) => other !== path });
const withProcessor = (change: object) => ({
  ...files,
  json: async (path: string) => ({ ...((await files.json(path)) as object), ...change }),
});
test.each([
  ['a repository without a graph', without('onnx/model.onnx')],
  ['one without the processor’s settings', without('preprocessor_config.json')],
  ['one of another processor', withProcessor({ image_processor_type: 'CLIPImageProcessor' })],
  ['one that stretches pictures', withProcessor({ keep_aspect_ratio: false })],
])('%s is refused', async (_, repository) => {
  await expect(estimateDepth(repository, runtime, picture)).rejects.toMatchObject({
    code: 'unsupported-model',
    details: { kind: 'no-depth' },
  });
});

test('a graph that onnxruntime refuses, and one of something else, are refused by its words', async () => {
  const graph = (path: string) => ({ ...files, file: () => openAsBlob(join(FOLDER, path)) });
  for (const path of ['config.json', '../upscaler/onnx/model.onnx'])
    await expect(estimateDepth(graph(path), runtime, picture), path).rejects.toMatchObject({
      code: 'unsupported-model',
      details: { kind: 'graph-refused', component: 'onnx/model.onnx' },
    });
});

test('numbers that are none are told, and the graph’s memory is freed after every run', async () => {
  const release = vi.fn(async () => {});
  const data = new Float32Array(70 * 70).fill(Number.NaN);
  vi.spyOn(runtime, 'openOnnx').mockResolvedValue({
    ...{ inputNames: [], outputNames: [] },
    run: async () => ({ predicted_depth: { dtype: 'float32', shape: [1, 70, 70], data } }),
    release,
  });
  await expect(estimateDepth(files, runtime, picture)).rejects.toMatchObject({ code: 'wrong-numbers' });
  expect(release).toHaveBeenCalledOnce();
  data.fill(1);
  await estimateDepth(files, runtime, picture);
  expect(release).toHaveBeenCalledTimes(2);
});
