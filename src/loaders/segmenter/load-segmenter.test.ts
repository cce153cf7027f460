import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { savedRepository } from '../../hub/golden/saved-repository.ts';
import { fromRgb } from '../../image/golden/rgb.ts';
import { Runtime } from '../../runtime/runtime.ts';
import { SEGMENTER_GRAPHS } from '../repository-layout.ts';
import { embedPicture, openMaskDecoder } from './load-segmenter.ts';

const FOLDER = join(import.meta.dirname, '../golden/segmenter');
const files = savedRepository(
  (path) => existsSync(join(FOLDER, path)),
  (path) => openAsBlob(join(FOLDER, path)),
);
const runtime = await Runtime.open('wasm');
const decoder = await openMaskDecoder(files, runtime);

interface Case {
  readonly picture: string;
  readonly width: number;
  readonly height: number;
  readonly points: readonly (readonly [x: number, y: number, label: 0 | 1])[];
  /** Lengths of runs, row by row; the first is not marked. */
  readonly runs: readonly number[];
}
const CASES: readonly Case[] = JSON.parse(readFileSync(join(FOLDER, 'masks.json'), 'utf8'));

const unpacked = (runs: readonly number[]) =>
  runs.flatMap((length, i) => new Array<number>(length).fill(i % 2 === 0 ? 0 : 255));

const embedded = ({ picture, width, height }: Case) =>
  embedPicture(files, runtime, fromRgb(readFileSync(join(FOLDER, `${picture}.rgb`)), width, height));

test.each(
  CASES,
)('the mask at $points of a $picture picture is transformers’, pixel by pixel', async (one) => {
  const { width, height, points, runs } = one;
  const asked = points.map(([x, y, label]) => ({ x, y, isPart: label === 1 }));
  const found = await decoder.segment(await embedded(one), asked);
  const expected = unpacked(runs);
  expect([found.width, found.height, found.data.length]).toEqual([width, height, expected.length]);
  expect(expected.filter((value, i) => value !== found.data[i])).toHaveLength(0);
});

test('other models are refused, by their class and by what their graphs are called', async () => {
  const other = { ...files, json: async () => ({ architectures: ['CLIPVisionModel'] }) };
  await expect(openMaskDecoder(other, runtime)).rejects.toMatchObject({ details: { kind: 'no-segmenter' } });
  const swapped = { ...files, file: () => files.file(SEGMENTER_GRAPHS.encoder) };
  await expect(openMaskDecoder(swapped, runtime)).rejects.toMatchObject({
    code: 'unsupported-model',
    details: { kind: 'no-segmenter', component: SEGMENTER_GRAPHS.decoder },
  });
});
