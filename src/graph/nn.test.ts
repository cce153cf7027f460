import * as ort from 'onnxruntime-web/wasm';
import { expect, test } from 'vitest';
import { encodeModel } from '../onnx/encode.ts';
import { Graph, type GraphTarget, type Value } from './graph.ts';
import * as nn from './nn.ts';

const TARGET: GraphTarget = { provider: 'wasm', dtype: 'float32' };

type Build = (g: Graph, x: Value) => Value;

/** What the runtime computes for a graph with one input and one output. */
async function compute(shape: readonly number[], data: Float32Array, build: Build): Promise<ort.Tensor> {
  const g = new Graph('test', TARGET);
  const y = build(g, g.input('x', 'float32', shape));
  g.output('y', y);
  const session = await ort.InferenceSession.create(encodeModel(g).bytes, { executionProviders: ['wasm'] });
  const { y: result } = await session.run({ x: new ort.Tensor('float32', data, shape) });
  await session.release();
  expect(result?.dims).toEqual(y.shape);
  return result as ort.Tensor;
}

const ramp = (length: number) => Float32Array.from({ length }, (_, i) => i);

test('upsampling to any size takes torch’s nearest pixel, ⌊i · in / out⌋', async () => {
  // torch.nn.functional.interpolate(torch.arange(6.).view(1, 1, 2, 3), size=(3, 5), mode='nearest')
  const odd = await compute([1, 1, 2, 3], ramp(6), (g, x) => nn.upsampleNearest(g, x, 3, 5));
  expect([...odd.data]).toEqual([0, 0, 1, 1, 2, 0, 0, 1, 1, 2, 3, 3, 4, 4, 5]);
  const twice = await compute([1, 2, 1, 2], ramp(4), (g, x) => nn.upsampleNearest(g, x, 2, 4));
  expect([...twice.data]).toEqual([0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3]);
});

test('a feature map becomes the sequence of its pixels, and a feature map again', async () => {
  const sequence = await compute([2, 2, 1, 3], ramp(12), nn.toSequence);
  expect([...sequence.data]).toEqual([0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11]);
  const back = await compute([2, 2, 1, 3], ramp(12), (g, x) =>
    nn.toFeatureMap(g, nn.toSequence(g, x), x.shape),
  );
  expect([...back.data]).toEqual([...ramp(12)]);
});

test('one head by plain products computes what the fused operator does', async () => {
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

test('an impossible shape is refused while the graph is built', () => {
  const g = new Graph('test', TARGET);
  const x = g.input('x', 'float32', [2, 3]);
  expect(() => nn.reshape(g, x, [4, 2])).toThrow(RangeError);
});
