import { mkdtempSync, openSync, readSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import * as ort from 'onnxruntime-web/wasm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ByteSource } from '../graph/byte-source.ts';
import { Graph } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { encodeModel, type OnnxModel } from './encode.ts';
import { splitFiles } from './file-parts.ts';
import { bytes, join as concat, int } from './protobuf.ts';
import { readModel } from './read-model.ts';

const GIB = 2 ** 30;

test('any ranges are found in parts of at most 1 GiB, which hold nothing else', () => {
  const range = fc.record({
    path: fc.constantFrom('a', 'b'),
    offset: fc.nat(2 ** 35),
    length: fc.nat(2 ** 29),
  });
  fc.assert(
    fc.property(fc.array(range, { maxLength: 12 }), (ranges) => {
      const { parts, place } = splitFiles(ranges);
      for (const range of ranges) {
        const placed = place(range);
        const part = parts.find(({ name }) => name === placed.path);
        expect(part?.path).toBe(range.path);
        expect([(part?.start ?? 0) + placed.offset, placed.length]).toEqual([range.offset, range.length]);
        expect(range.offset + range.length).toBeLessThanOrEqual(part?.end ?? 0);
      }
      for (const { path, start, end } of parts) {
        expect(end - start).toBeLessThanOrEqual(GIB);
        const inside = ranges.filter((range) => range.path === path);
        expect(inside.some(({ offset }) => offset === start)).toBe(true);
        expect(inside.some(({ offset, length }) => offset + length === end)).toBe(true);
      }
    }),
  );
});

test('neighbours share a part up to 1 GiB; a gap and a larger tensor begin a new one', () => {
  const at = (offset: number, length: number) => ({ path: 'f', offset, length });
  const edges = (...ranges: ReturnType<typeof at>[]) =>
    splitFiles(ranges).parts.map(({ start, end }) => [start, end]);
  expect(edges(at(100, 50), at(0, 100), at(160, 10))).toEqual([
    [0, 150],
    [160, 170],
  ]);
  expect(edges(at(0, GIB - 1), at(GIB - 1, 1), at(GIB, 1))).toEqual([
    [0, GIB],
    [GIB, GIB + 1],
  ]);
  expect(edges(at(0, 5), at(5, 3 * GIB))).toEqual([
    [0, 5],
    [5, 5 + 3 * GIB],
  ]);
});

/** A sparse file of 5 GB: numbers at the places that a graph reads, zeros on no disk elsewhere. */
const folder = mkdtempSync(join(tmpdir(), 'safelight-parts-'));
const path = join(folder, 'unet.safetensors');
const PLACES = [GIB - 8, 4 * GIB - 4, 4 * GIB + 12, 5_000_000_000 - 8];

beforeAll(() => {
  const file = openSync(path, 'w');
  for (const [i, place] of PLACES.entries())
    writeSync(file, new Uint8Array(Float32Array.of(i + 1, (i + 1) / 8).buffer), 0, 8, place);
  truncateSync(path, 5_000_000_000);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The file from `start` to `end`; Node 20's openAsBlob counts a file's bytes in 32 bits. */
function stretch(start: number, end: number): ByteSource {
  return {
    size: end - start,
    slice: (from, to) => stretch(start + from, Math.min(end, start + to)),
    arrayBuffer: async () => {
      const data = new Uint8Array(end - start);
      readSync(openSync(path, 'r'), data, 0, data.length, start);
      return data.buffer;
    },
  };
}
const file = stretch(0, 5_000_000_000);

/** x + each of the tensors. */
async function run(model: OnnxModel): Promise<number[]> {
  const externalData = model.externalData.map(async ({ path, data }) => {
    expect(data.size).toBeLessThanOrEqual(GIB);
    return { path, data: new Uint8Array(await data.arrayBuffer()) };
  });
  const session = await ort.InferenceSession.create(model.bytes, {
    externalData: await Promise.all(externalData),
  });
  const { y } = await session.run({ x: new ort.Tensor('float32', [100, 200], [2]) });
  return [...(y?.data as Float32Array)];
}

const SUM = [100 + 1 + 2 + 3 + 4, 200 + 10 / 8];

test('onnxruntime computes with tensors from anywhere in a file of 5 GB', async () => {
  const g = new Graph('sum', { provider: 'wasm', dtype: 'float32' });
  let sum = g.input('x', 'float32', [2]);
  for (const [i, offset] of PLACES.entries())
    sum = nn.add(g, sum, g.weight(`w${i}`, 'float32', [2], { path: 'unet', offset, length: 8 }, file));
  g.output('y', sum);
  expect(await run(encodeModel(g))).toEqual(SUM);
});

test('a ready-made graph may name places beyond 4 GiB, with and without a length', async () => {
  const entry = (key: string, value: string) => bytes(13, [bytes(1, key), bytes(2, value)]);
  const tensor = (i: number, offset: number) =>
    bytes(5, [
      ...[int(1, 2), int(2, 1), bytes(8, `w${i}`), int(14, 1)],
      ...[entry('location', 'data'), entry('offset', `${offset}`), ...(i % 2 ? [entry('length', '8')] : [])],
    ]);
  const value = (field: number, name: string) =>
    bytes(field, [bytes(1, name), bytes(2, [bytes(1, [int(1, 1), bytes(2, [bytes(1, [int(1, 2)])])])])]);
  const node = bytes(1, [
    ...['x', 'w0', 'w1', 'w2', 'w3'].map((name) => bytes(1, name)),
    bytes(2, 'y'),
    bytes(4, 'Sum'),
  ]);
  const graph = bytes(7, [
    node,
    bytes(2, 'g'),
    ...PLACES.map((offset, i) => tensor(i, offset)),
    value(11, 'x'),
    value(12, 'y'),
  ]);
  const model = new Blob([concat([int(1, 10), graph, bytes(8, [bytes(1, ''), int(2, 21)])])]);
  const read = await readModel('model.onnx', model, (expected, found) => new Error(`${expected}: ${found}`));
  const externalData = read.parts.map(({ name, start, end }) => ({
    path: name,
    data: file.slice(start, end),
  }));
  expect(await run({ bytes: read.bytes, externalData })).toEqual(SUM);
});
