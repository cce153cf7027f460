import { openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Graph } from '../graph/graph.ts';
import { encodeModel } from './encode.ts';
import { bytes, join as concat, int } from './protobuf.ts';
import { type ReadModel, readModel } from './read-model.ts';

class Corrupt extends Error {
  readonly expected: string;
  readonly found: string;
  constructor(expected: string, found: string) {
    super(`expected ${expected}, found ${found}`);
    this.expected = expected;
    this.found = found;
  }
}
const corrupt = (expected: string, found: string) => new Corrupt(expected, found);
const read = (file: Blob) => readModel('model.onnx', file, corrupt);
const FOLDER = join(import.meta.dirname, '../pipeline/golden/onnx');

/** An initializer of float32 with its values inside. */
const initializer = (name: string, dims: readonly number[], raw: Uint8Array) =>
  bytes(5, [...dims.map((size) => int(1, size)), int(2, 1), bytes(8, name), bytes(9, raw)]);
const model = (...graph: Uint8Array[]) => new Blob([concat([int(1, 10), bytes(7, graph)])]);

test('inputs, outputs and the file of the weights are as the exporter wrote them', async () => {
  const { inputs, outputs, parts, parameters, isHalf } = await read(
    await openAsBlob(join(FOLDER, 'lcm/unet/model.onnx')),
  );
  const space = ['batch_size', 4, 'height', 'width'];
  expect(inputs).toEqual([
    { name: 'sample', dtype: 'float32', dims: space },
    { name: 'timestep', dtype: 'int64', dims: ['steps'] },
    { name: 'encoder_hidden_states', dtype: 'float32', dims: ['batch_size', 'sequence_length', 16] },
    { name: 'timestep_cond', dtype: 'float32', dims: ['batch_size', 12] },
  ]);
  expect(outputs).toEqual([{ name: 'out_sample', dtype: 'float32', dims: space }]);
  expect([...new Set(parts.map(({ path }) => path))]).toEqual(['model.onnx_data']);
  // As many as golden/onnx_repository.py's UNet has.
  expect(parameters).toBe(52_100);
  expect(isHalf).toBe(false);
});

test('large weights inside a file become ranges of that file; everything else stays the same, byte for byte', async () => {
  const file = await openAsBlob(join(FOLDER, 'sdxl/unet/model.onnx'));
  const { bytes: graph, parts, inputs, isHalf } = await read(file);
  expect(isHalf).toBe(true);
  expect(inputs.map(({ dtype }) => dtype)).toEqual(['float16', 'int64', 'float16', 'float16', 'float16']);
  expect([...new Set(parts.map(({ path }) => path))]).toEqual(['model.onnx']);
  expect(graph.length).toBeLessThan(file.size / 2);

  const small = concat([bytes(2, 'g'), initializer('s', [256], new Uint8Array(1024).fill(1))]);
  const kept = model(small);
  expect((await read(kept)).bytes).toEqual(new Uint8Array(await kept.arrayBuffer()));
});

test('of a file of gigabytes only the heads of the fields are read', async () => {
  const [tensors, size] = [16, 100_000_000];
  const head = concat([int(2, 1), bytes(8, 'w'), int(1, size / 4)]);
  const rawTag = concat([Uint8Array.of(9 * 8 + 2), varint(size)]);
  const body = head.length + rawTag.length + size;
  const tensorTag = concat([Uint8Array.of(5 * 8 + 2), varint(body), head, rawTag]);
  const length = tensors * (tensorTag.length + size);
  const graphTag = concat([Uint8Array.of(7 * 8 + 2), varint(length)]);
  const total = graphTag.length + length;
  let bytesRead = 0;
  /** The bytes from `start` to `end`, made when they are asked for. */
  const slice = (start: number, end: number) => {
    const out = new Uint8Array(Math.min(end, total) - start);
    bytesRead += out.length;
    for (let i = 0; i < out.length; i++) {
      const at = start + i - graphTag.length;
      const inTensor = at % (tensorTag.length + size);
      out[i] = at < 0 ? (graphTag[start + i] as number) : (tensorTag[inTensor] ?? 7);
    }
    return new Blob([out]);
  };
  const { bytes: graph, parameters } = await read({ size: total, slice } as Blob);
  expect(parameters).toBe((tensors * size) / 4);
  expect(graph.length).toBeLessThan(2_000);
  expect(bytesRead).toBeLessThan((tensors + 1) * 65_536 + 1);
});

function varint(value: number): Uint8Array {
  return int(1, value).subarray(1);
}

test('free sizes, scalars, open shapes, unknown types and tensors inside branches are recognised', async () => {
  const dims = (...list: Uint8Array[][]) =>
    bytes(
      2,
      list.map((dim) => bytes(1, dim)),
    );
  const value = (name: string, type: number, ...shape: Uint8Array[]) =>
    bytes(11, [bytes(1, name), bytes(2, [bytes(1, [int(1, type), ...shape])])]);
  const constant = bytes(1, [bytes(5, [bytes(5, [bytes(13, [bytes(1, 'location'), bytes(2, 'c.bin')])])])]);
  const branch = bytes(1, [bytes(5, [bytes(6, [constant])])]);
  const { inputs, parts } = await read(
    model(
      branch,
      initializer('w', [1], new Uint8Array(4)),
      value('w', 1, dims([int(1, 1)])),
      value('scalar', 10, dims()),
      value('open', 1),
      value('odd', 9, dims([int(1, -1)], [int(1, 0)], [], [bytes(2, 'n')])),
    ),
  );
  expect(inputs).toEqual([
    { name: 'scalar', dtype: 'float16', dims: [] },
    { name: 'open', dtype: 'float32', dims: null },
    { name: 'odd', dtype: null, dims: [null, null, null, 'n'] },
  ]);
  expect(parts).toMatchObject([{ name: 'c.bin', path: 'c.bin', start: 0 }]);
});

/** A node with graphs within it, this many deep. */
const nested = (depth: number): Uint8Array =>
  bytes(1, depth === 0 ? [bytes(4, 'Identity')] : [bytes(5, [bytes(6, [nested(depth - 1)])])]);
const raw = (length: number) => new Uint8Array(length);

test.each([
  ['nothing', new Blob([]), 'a graph'],
  ['text', new Blob(['version https://git-lfs.github.com/spec/v1\n']), 'a protobuf message'],
  ['a graph cut off', new Blob([Uint8Array.of(58, 100, 1)]), 'a protobuf message'],
  ['two graphs', new Blob([concat([bytes(7, []), bytes(7, [])])]), 'one graph'],
  ['a graph that is a number', new Blob([concat([int(7, 1)])]), 'one graph'],
  ['a group', new Blob([Uint8Array.of(11)]), 'a protobuf message'],
  ['a length past counting', new Blob([new Uint8Array(30).fill(255).fill(58, 0, 1)]), 'a protobuf message'],
  ['graphs too deep in each other', model(nested(12)), 'at most 8 graphs within each other'],
  ['a tensor of another size', model(initializer('w', [300], raw(1204))), 'w of 1200 bytes'],
  [
    'a tensor of too many numbers',
    model(initializer('w', [2 ** 40, 2 ** 40], raw(4))),
    'a tensor of a size that can be',
  ],
  [
    'a tensor twice',
    model(bytes(5, [int(2, 1), bytes(9, raw(1200)), bytes(9, raw(1200))])),
    'a tensor’s bytes once',
  ],
  ['a tensor of too many dimensions', model(initializer('w', Array(100).fill(1), raw(4))), 'a tensor'],
  ['a name that is no text', model(bytes(5, [bytes(8, Uint8Array.of(255))])), 'text'],
])('damaged, and refused as such: %s', async (_, blob, expected) => {
  await expect(read(blob)).rejects.toMatchObject({ expected });
});

/** Whether reading the file ends in a sensible result or in the typed error. */
async function endsWell(file: Blob): Promise<boolean> {
  try {
    const found: ReadModel = await read(file);
    // A range and its name are at most this much longer than what they replace.
    return found.bytes.length <= file.size * 2 + 100;
  } catch (error) {
    return error instanceof Corrupt;
  }
}

const SMALL = (() => {
  const g = new Graph('g', { provider: 'wasm', dtype: 'float32' });
  const x = g.input('x', 'float32', [1, 2]);
  const w = g.weight('w', 'float32', [2], { path: 'w', offset: 0, length: 8 }, new Blob([new Uint8Array(8)]));
  g.output('y', g.op('Add', [g.op('Mul', [x, w], [1, 2]), g.constant(Float32Array.of(1, 2), [2])], [1, 2]));
  return encodeModel(g).bytes;
})();
const REAL = new Uint8Array(readFileSync(join(FOLDER, 'sdxl/text_encoder/model.onnx')));

/** The file with some bytes inserted, changed or cut out. */
const mutated = (file: Uint8Array) =>
  fc
    .array(fc.tuple(fc.nat(file.length), fc.uint8Array({ maxLength: 6 }), fc.nat(12)), {
      minLength: 1,
      maxLength: 4,
    })
    .map((edits) => {
      let out = file;
      for (const [at, put, cut] of edits)
        out = concat([out.subarray(0, at), put, out.subarray(Math.min(out.length, at + cut))]);
      return out;
    });

test('5,000 files of random bytes and small changes end in a result or a typed error', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 64 }), mutated(SMALL)), (file) =>
      endsWell(new Blob([file.slice()])),
    ),
    { numRuns: 5_000 },
  );
});

test('a real graph, changed or cut off, ends in a result or a typed error', async () => {
  await fc.assert(
    fc.asyncProperty(mutated(REAL), (file) => endsWell(new Blob([file.slice()]))),
    { numRuns: 1_000 },
  );
  for (let length = 0; length < REAL.length; length += 499)
    expect(await endsWell(new Blob([REAL.slice(0, length)]))).toBe(true);
});
