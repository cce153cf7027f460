import { expect, test } from 'vitest';
import { Graph } from './graph.ts';
import * as nn from './nn.ts';

const graph = () => new Graph('test', { provider: 'wasm', dtype: 'float16' });

test('a node is its operator, attributes, inputs and results, with the type and shape of each', () => {
  const g = graph();
  const x = g.input('x', 'float32', [2, 6]);
  const half = nn.cast(g, x, 'float16');
  const [first] = nn.split(g, half, 2, -1);
  g.output('y', first as typeof half);
  g.steadyInput('text', 'float32', [4]);
  expect(g.inputs).toEqual([
    { name: 'x', dtype: 'float32', shape: [2, 6], isSteady: false },
    { name: 'text', dtype: 'float32', shape: [4], isSteady: true },
  ]);
  expect(g.outputs).toEqual([{ name: 'y', dtype: 'float16', shape: [2, 3] }]);
  const part = (i: number) => ({ name: `Split_${i}`, dtype: 'float16', shape: [2, 3] });
  expect(g.nodes).toEqual([
    { op: 'Cast', domain: '', inputs: [x], outputs: [half], attributes: {} },
    {
      op: 'Split',
      domain: '',
      inputs: [half],
      outputs: [part(1), part(2)],
      attributes: { axis: 1, num_outputs: 2 },
    },
    { op: 'Identity', domain: '', inputs: [part(1)], outputs: g.outputs, attributes: {} },
  ]);
});

test('equal constants and weights are stored once, with their values or the place of them', () => {
  const g = graph();
  const file = new Blob([new Uint8Array(24)]);
  const range = { path: 'file', offset: 0, length: 24 };
  const weight = () => g.weight('w', 'float32', [2, 3], range, file);
  const constant = () => g.constant(Float32Array.of(0.5), [1]);
  expect([weight(), constant()]).toEqual([weight(), constant()]);
  const large = new Float32Array(100);
  expect(g.constant(large, [100]).name).not.toBe(g.constant(large, [100]).name);
  expect([...g.initializers.values()].slice(0, 2)).toEqual([
    { name: 'w[2,3]', dtype: 'float32', shape: [2, 3], range },
    { name: 'float32[1]0.5', dtype: 'float32', shape: [1], data: Float32Array.of(0.5) },
  ]);
  expect(g.initializers.size).toBe(4);
  expect([...g.files]).toEqual([['file', file]]);
});
