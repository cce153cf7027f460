import { expect, test } from 'vitest';
import { Graph } from '../graph/graph.ts';
import { encodeModel } from './encode.ts';

const graph = () => new Graph('test', { provider: 'wasm', dtype: 'float32' });

test('what a graph uses of its files is the model’s external data', async () => {
  const g = graph();
  const data = new Blob([Uint8Array.from({ length: 40 }, (_, i) => i)]);
  g.weight('w', 'float32', [2, 3], { path: 'file', offset: 8, length: 24 }, data);
  const { externalData } = encodeModel(g);
  expect(externalData.map(({ path }) => path)).toEqual(['part-0']);
  expect([...new Uint8Array((await externalData[0]?.data.arrayBuffer()) as ArrayBuffer)]).toEqual(
    Array.from({ length: 24 }, (_, i) => 8 + i),
  );
});

test('a fraction is only encoded where ONNX has a float', () => {
  const withAttribute = (name: string) => {
    const g = graph();
    g.op('Op', [g.input('x', 'float32', [1])], [1], { attributes: { [name]: 0.5 } });
    return g;
  };
  expect(() => encodeModel(withAttribute('epsilon'))).not.toThrow();
  expect(() => encodeModel(withAttribute('axis'))).toThrow('axis is 0.5');
});
