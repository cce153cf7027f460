import { expect, test } from 'vitest';
import { Graph } from '../graph/graph.ts';
import { encodeModel } from './encode.ts';

const graph = () => new Graph('test', { provider: 'wasm', dtype: 'float32' });

test('the files of a graph are the model’s external data', () => {
  const g = graph();
  const data = new Blob([new Uint8Array(24)]);
  g.weight('w', 'float32', [2, 3], { path: 'file', offset: 0, length: 24 }, data);
  expect(encodeModel(g).externalData).toEqual([{ path: 'file', data }]);
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
