import * as ort from 'onnxruntime-web/jspi';
import { OPERATORS } from '../../src/gpu/compile.ts';
import { type Feeds, Graph, type GraphTarget, type Value } from '../../src/graph/graph.ts';
import * as nn from '../../src/graph/nn.ts';
import { quantizedLinear } from '../../src/graph/quantized-linear.ts';
import { encodeModel } from '../../src/onnx/encode.ts';
import { runtimeOf } from './device.ts';
import { type Errors, errorOf } from './goldens.ts';

const wave = (length: number, step: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(1 + i * step));

const PACKED = new Blob([Uint8Array.from({ length: 16 * 32 }, (_, i) => (i * 37) % 256)]);

/** A small graph with every operator that graphs have, in the ways in which providers differ. */
function everyOperator(target: GraphTarget): Graph {
  const g = new Graph('every operator', target);
  const constant = (step: number, ...shape: number[]) =>
    g.constant(
      wave(
        shape.reduce((product, size) => product * size, 1),
        step,
      ),
      shape,
    );
  const output = (name: string, value: Value) => g.output(name, value);
  const [map, rows] = [g.input('map', 'float32', [2, 9, 6, 5]), g.input('rows', 'float32', [40, 32])];
  // Nine channels: of so many onnxruntime's Conv is wrong on WebGPU.
  const hidden = nn.conv2d(g, map, { weight: constant(0.31, 16, 9, 3, 3), bias: constant(0.7, 16) });
  const norm = { weight: constant(0.3, 16), bias: constant(0.9, 16) };
  const normed = nn.groupNorm(g, hidden, norm, { groups: 4, epsilon: 1e-5, activation: true });
  const stretched = nn.upsampleNearest(g, normed, 11, 10);
  const stride = { stride: 2, pads: [0, 0, 1, 1] as const };
  output('convolved', nn.conv2d(g, stretched, { weight: constant(0.17, 8, 16, 3, 3) }, stride));
  const other = nn.add(g, normed, nn.reshape(g, constant(0.2, 32), [2, 16, 1, 1]));
  const joined = nn.concat(g, [normed, other], 1);
  const pixels = nn.toSequence(g, nn.conv2d(g, joined, { weight: constant(0.23, 32, 32, 1, 1) }));
  output('attended by one head', nn.singleHeadAttention(g, pixels, rows, rows));
  const layer = nn.layerNorm(g, rows, { weight: constant(0.4, 32), bias: constant(0.8, 32) }, 1e-5);
  const projected = nn.linear(g, layer, { weight: constant(0.13, 64, 32), bias: constant(0.6, 64) });
  const [values, gates] = nn.split(g, projected, 2, -1) as [Value, Value];
  const gated = nn.mul(g, values, nn.gelu(g, gates));
  const batch = nn.reshape(g, gated, [1, 40, 32]);
  const mask = Float32Array.from({ length: 1600 }, (_, i) => (i % 40 > Math.floor(i / 40) ? -65504 : 0));
  output('attended', nn.attention(g, batch, batch, batch, 4));
  output('attended causally', nn.attention(g, batch, batch, batch, 4, g.constant(mask, [1, 1, 40, 40])));
  const range = { path: 'packed', offset: 0, length: 16 * 32 };
  const packed = g.weight('packed', 'uint8', [16, 1, 32], range, PACKED);
  const quantized = { packed, scales: constant(0.05, 16, 1) };
  output('quantised', quantizedLinear(g, rows, { weight: quantized }));
  const ids = g.constant(
    Int32Array.from({ length: 6 }, (_, i) => (i * 7) % 40),
    [6],
  );
  const taken = nn.gather(g, layer, ids);
  const turned = nn.sub(g, nn.sin(g, taken), nn.cos(g, nn.floor(g, taken)));
  const bent = nn.div(g, nn.tanh(g, turned), nn.sqrt(g, nn.add(g, nn.relu(g, turned), nn.scalar(g, 1))));
  output('of each number', nn.quickGelu(g, nn.silu(g, bent)));
  output('mean', nn.mean(g, batch, 1));
  output(
    'product',
    nn.matmul(g, nn.transpose(g, layer, [1, 0]), nn.addProduct(g, rows, rows, constant(0.1, 32, 32), 0.5)),
  );
  return g;
}

/** What onnxruntime computes of the graph on the CPU. */
async function onCpu(feeds: Feeds): Promise<Record<string, Float32Array>> {
  const graph = everyOperator({ provider: 'wasm', dtype: 'float32' });
  const { bytes, externalData } = encodeModel(graph);
  const read = externalData.map(async ({ path, data }) => {
    return { path, data: new Uint8Array(await data.arrayBuffer()) };
  });
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: ['wasm'],
    externalData: await Promise.all(read),
  });
  const inputs = graph.inputs.map(({ name, shape }) => [
    name,
    new ort.Tensor(feeds[name] as Float32Array, shape),
  ]);
  const results = await session.run(Object.fromEntries(inputs));
  await session.release();
  return Object.fromEntries(graph.outputs.map(({ name }) => [name, results[name]?.data as Float32Array]));
}

/** How far a graph with every operator is on WebGPU from the same on the CPU; and which of our operators it lacks. */
export async function checkOperators(
  kernels: 'onnxruntime' | 'float32',
): Promise<{ errors: Errors; missing: string[] }> {
  const runtime = await runtimeOf(kernels);
  const graph = everyOperator(runtime.target);
  const feeds = { map: wave(2 * 9 * 30, 0.37), rows: wave(40 * 32, 0.11) };
  const session = await runtime.open(graph);
  const found = await session.run(feeds);
  await session.release();
  const errors: Errors = {};
  for (const [name, data] of Object.entries(await onCpu(feeds)))
    errors[name] = errorOf(found[name] as Float32Array, { shape: [data.length], data });
  const has = new Set(graph.nodes.map(({ op }) => op));
  return { errors, missing: OPERATORS.filter((op) => !has.has(op)) };
}
