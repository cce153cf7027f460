import { describe, expect, test } from 'vitest';
import { Graph } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { compile } from './compile.ts';
import { NoKernelError } from './emitter.ts';
import { chooseTile } from './tiles.ts';
import { weightBytes } from './upload.ts';

/** A GPU without `shader-f16`, where two float16 share a word. */
const PACKED = { hasF16: false, workgroupMemory: 16_384, tileFor: chooseTile } as const;
const graph = () => new Graph('test', { provider: 'webgpu', dtype: 'float16', ownKernels: true });
const half = (g: Graph, name: string, shape: readonly number[]) =>
  nn.cast(g, g.input(name, 'float32', shape), 'float16');
const weight = (g: Graph, name: string, shape: readonly number[]) => {
  const length = 2 * shape.reduce((product, size) => product * size, 1);
  return g.weight(name, 'float16', shape, { path: 'a', offset: 0, length }, new Blob([]));
};
const compiled = (g: Graph) => compile(g, PACKED);
const namesOf = (g: Graph) => compiled(g).steps.map(({ kernel }) => kernel.name);

describe('float16 in pairs', () => {
  test.each([
    [3, 5],
    [1, 1],
    [4, 5],
    [4, 4],
  ])('maps of %d and %d channels are joined', (a, b) => {
    const g = graph();
    const joined = nn.concat(g, [half(g, 'a', [2, a]), half(g, 'b', [2, b])], 1);
    g.output('out', nn.cast(g, joined, 'float32'));
    expect(namesOf(g).every((name) => name === 'copy')).toBe(true);
  });

  test.each([
    [4, 7, 1],
    [4, 6, 1],
    [3, 8, 0],
  ])('a mean of [%d, %d] over axis %d is taken', (rows, columns, axis) => {
    const g = graph();
    const shape = [rows, columns].with(axis, 1);
    const mean = g.op(
      'ReduceMean',
      [half(g, 'x', [rows, columns]), g.constant(BigInt64Array.of(BigInt(axis)), [1])],
      shape,
    );
    g.output('out', nn.cast(g, mean, 'float32'));
    expect(namesOf(g)).toContain('mean');
  });

  test.each([1, 3])('norms and rows of %d channels are taken', (channels) => {
    const g = graph();
    const affine = { weight: weight(g, 'w', [channels]), bias: weight(g, 'b', [channels]) };
    const x = half(g, 'x', [4, channels]);
    const map = half(g, 'map', [1, channels, 2, 4]);
    const normed = nn.groupNorm(g, map, affine, { groups: 1, epsilon: 1e-5 });
    const rows = nn.gather(g, x, g.input('ids', 'int32', [6]));
    const softmax = g.op('Softmax', [x], x.shape, { attributes: { axis: -1 } });
    for (const [i, out] of [nn.layerNorm(g, x, affine, 1e-5), normed, rows, softmax].entries())
      g.output(`out${i}`, nn.cast(g, out, 'float32'));
    expect(compiled(g).outputs).toHaveLength(4);
  });

  test('layers are stacked where each begins at a word, which is all that can be written', () => {
    const stacked = (columns: number) => {
      const g = graph();
      const x = half(g, 'x', [2, 8]);
      for (const name of ['a', 'b']) {
        const layer = {
          weight: weight(g, `${name}.w`, [columns, 8]),
          bias: weight(g, `${name}.b`, [columns]),
        };
        g.output(name, nn.cast(g, nn.linear(g, x, layer), 'float32'));
      }
      return compiled(g).weights.map(({ parts }) => parts.length);
    };
    expect(stacked(8)).toEqual([2, 2]);
    expect(stacked(3)).toEqual([1, 1, 1, 1]);
  });
});

test('queries, keys and values that are cast for attention alone are not copied', () => {
  const g = graph();
  const [x, text] = [half(g, 'x', [16, 8]), half(g, 'text', [4, 8])];
  const of = (from: typeof x, name: string) => {
    const projected = nn.linear(g, from, { weight: weight(g, name, [8, 8]) });
    return nn.cast(g, nn.reshape(g, projected, [1, from.shape[0] as number, 8]), 'float32');
  };
  const attended = nn.attention(g, of(x, 'q'), of(text, 'k'), of(text, 'v'), 2);
  g.output('out', nn.cast(g, nn.cast(g, attended, 'float16'), 'float32'));
  const names = namesOf(g);
  expect(names.filter((name) => name.startsWith('gemm'))).toHaveLength(2);
  // The two inputs as float16, and the result as float32.
  expect(names.filter((name) => name === 'copy')).toHaveLength(3);
});

test('what is added to each picture of a batch is told apart after a linear layer too', () => {
  const g = graph();
  const x = half(g, 'x', [60, 6]);
  const map = nn.toFeatureMap(g, nn.linear(g, x, { weight: weight(g, 'w', [6, 6]) }), [2, 6, 5, 6]);
  g.output('out', nn.cast(g, nn.add(g, map, half(g, 'time', [2, 6, 1, 1])), 'float32'));
  const product = compiled(g).steps.find(({ kernel }) => kernel.name.startsWith('gemm'));
  expect(product?.reads).toHaveLength(3);
  // Rows, columns, columns of the result, rows of a picture.
  expect([...(product?.kernel.uniforms ?? [])].slice(0, 4)).toEqual([60, 6, 6, 30]);
});

describe('weights in 8 bits', () => {
  const float8 = (g: Graph, name: string, shape: readonly number[], scaled: boolean) => {
    const length = shape.reduce((product, size) => product * size, 1);
    const codes = g.weight(name, 'float8e4m3fn', shape, { path: 'a', offset: 0, length }, new Blob([]));
    if (!scaled) return nn.cast(g, codes, 'float16');
    const rows = shape[0] as number;
    const place = { path: 'b', offset: 0, length: 4 * rows };
    return nn.dequantize(g, codes, g.weight(`${name}.scales`, 'float32', [rows], place, new Blob([])));
  };

  test.each([
    [false, [64]],
    [true, [64, 32]],
  ])('are one byte each in a product, uploaded once (with scales: %s)', (scaled, bytes) => {
    const g = graph();
    const x = half(g, 'x', [16, 8]);
    g.output('out', nn.cast(g, nn.linear(g, x, { weight: float8(g, 'w', [8, 8], scaled) }), 'float32'));
    const { steps, weights } = compiled(g);
    expect(weights.map(weightBytes)).toEqual(bytes);
    expect(steps.map(({ kernel }) => kernel.name)).toContainEqual(
      expect.stringContaining(scaled ? 'float8e4m3fn scaled' : 'float8e4m3fn'),
    );
  });

  test('of a convolution lie with their taps outside, and are uploaded once', () => {
    const g = graph();
    const x = half(g, 'x', [1, 4, 6, 6]);
    const map = nn.conv2d(g, x, { weight: float8(g, 'w', [8, 4, 3, 3], true) });
    g.output('out', nn.cast(g, map, 'float32'));
    expect(compiled(g).weights.map(({ taps, storage }) => [taps, storage])).toEqual([
      [9, 'float8e4m3fn'],
      [1, 'float32'],
    ]);
  });

  test('are stacked with their like alone', () => {
    const g = graph();
    const x = half(g, 'x', [2, 8]);
    const layers = { a: true, b: true, c: false };
    for (const [name, scaled] of Object.entries(layers)) {
      const product = nn.linear(g, x, { weight: float8(g, name, [8, 8], scaled) });
      g.output(`${name} out`, nn.cast(g, product, 'float32'));
    }
    expect(compiled(g).weights.map(({ parts }) => parts.map(({ name }) => name))).toEqual([
      ['a[8,8]', 'b[8,8]'],
      ['a.scales[8]', 'b.scales[8]'],
      ['c[8,8]'],
    ]);
  });

  test('are refused where no product reads them', () => {
    const g = graph();
    const sum = nn.add(g, half(g, 'x', [8, 8]), float8(g, 'w', [8, 8], true));
    g.output('out', nn.cast(g, sum, 'float32'));
    expect(() => compiled(g)).toThrow(NoKernelError);
  });
});
