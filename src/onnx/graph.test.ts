import fc from 'fast-check';
import * as ort from 'onnxruntime-web/wasm';
import { expect, test } from 'vitest';
import { Graph, type GraphTarget, type Value } from './graph.ts';
import * as nn from './nn.ts';
import { bytes, float, int, join } from './protobuf.ts';

const TARGET: GraphTarget = { provider: 'wasm', dtype: 'float32' };

type Build = (g: Graph, x: Value) => Value;

/** What the runtime computes for a graph of one input and one output. */
async function compute(shape: readonly number[], data: Float32Array, build: Build): Promise<ort.Tensor> {
  const g = new Graph('test', TARGET);
  const y = build(g, g.input('x', 'float32', shape));
  g.output('y', y);
  const session = await ort.InferenceSession.create(g.encode().bytes, { executionProviders: ['wasm'] });
  const { y: result } = await session.run({ x: new ort.Tensor('float32', data, shape) });
  await session.release();
  expect(result?.dims).toEqual(y.shape);
  return result as ort.Tensor;
}

const ramp = (length: number) => Float32Array.from({ length }, (_, i) => i);

test('fields as protobuf’s own documentation encodes them', () => {
  // https://protobuf.dev/programming-guides/encoding: 150 is 96 01, −2 is fe ff … 01, "testing" is field 2.
  expect([...int(1, 150)]).toEqual([0x08, 0x96, 0x01]);
  expect([...int(1, -2)]).toEqual([0x08, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
  expect([...bytes(2, 'testing')]).toEqual([0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67]);
  expect([...bytes(3, [int(1, 150)])]).toEqual([0x1a, 0x03, 0x08, 0x96, 0x01]);
  expect([...float(2, 1)]).toEqual([0x15, 0, 0, 0x80, 0x3f]);
  expect([...int(20, 1)]).toEqual([0xa0, 0x01, 0x01]);
});

test('any integer field is read back by the rules of varints', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      const [, ...varint] = int(1, value);
      const read = varint.reduce((sum, byte, i) => sum | (BigInt(byte & 127) << BigInt(7 * i)), 0n);
      expect(BigInt.asIntN(64, read)).toBe(BigInt(value));
      expect(varint.every((byte, i) => byte > 127 === i < varint.length - 1)).toBe(true);
    }),
  );
  expect(join([int(1, 1), int(2, 2)])).toEqual(Uint8Array.of(8, 1, 16, 2));
});

test('the nearest pixel of any size is torch’s, ⌊i · in / out⌋', async () => {
  // torch.nn.functional.interpolate(torch.arange(6.).view(1, 1, 2, 3), size=(3, 5), mode='nearest')
  const odd = await compute([1, 1, 2, 3], ramp(6), (g, x) => nn.upsampleNearest(g, x, 3, 5));
  expect([...odd.data]).toEqual([0, 0, 1, 1, 2, 0, 0, 1, 1, 2, 3, 3, 4, 4, 5]);
  const twice = await compute([1, 2, 1, 2], ramp(4), (g, x) => nn.upsampleNearest(g, x, 2, 4));
  expect([...twice.data]).toEqual([0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3]);
});

test('a picture is the sequence of its pixels, and back', async () => {
  const sequence = await compute([2, 2, 1, 3], ramp(12), nn.toSequence);
  expect([...sequence.data]).toEqual([0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11]);
  const back = await compute([2, 2, 1, 3], ramp(12), (g, x) => nn.toPicture(g, nn.toSequence(g, x), x.shape));
  expect([...back.data]).toEqual([...ramp(12)]);
});

test('one head by plain products is the fused operator’s attention', async () => {
  const data = ramp(15).map((i) => Math.sin(i * 7));
  const batched = (g: Graph, x: Value) => nn.reshape(g, x, [1, 5, 3]);
  const fused = await compute([5, 3], data, (g, x) => {
    const q = batched(g, x);
    return nn.reshape(g, nn.attention(g, q, q, q, 1), [5, 3]);
  });
  const plain = await compute([5, 3], data, (g, x) => nn.singleHeadAttention(g, x, x, x));
  const difference = (plain.data as Float32Array).map((value, i) => Math.abs(value - Number(fused.data[i])));
  expect(Math.max(...difference)).toBeLessThan(1e-6);
});

test('equal constants and weights are stored once, and an impossible shape is refused while building', () => {
  const g = new Graph('test', TARGET);
  const x = g.input('x', 'float32', [2, 3]);
  const size = () => g.encode().bytes.length;
  const file = new Blob([new Uint8Array(24)]);
  const weight = () => g.weight('w', 'float32', [2, 3], { path: 'file', offset: 0, length: 24 }, file);
  const before = size();
  expect([weight(), nn.scalar(g, 0.5)]).toEqual([weight(), nn.scalar(g, 0.5)]);
  const once = size();
  expect(once).toBeGreaterThan(before);
  weight();
  nn.scalar(g, 0.5);
  expect(size()).toBe(once);
  expect(g.encode().externalData).toEqual([{ path: 'file', data: file }]);
  expect(() => nn.reshape(g, x, [4, 2])).toThrow(RangeError);
});
