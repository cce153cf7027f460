import { describe, expect, test } from 'vitest';
import type { ByteSource } from '../graph/byte-source.ts';
import { type ExternalTensor, Graph } from '../graph/graph.ts';
import { float16ToFloat32, float32ToFloat16 } from '../numerics/half.ts';
import { Weights } from './weights.ts';

type Tensors = Record<string, readonly [dtype: string, shape: readonly number[], data: Uint8Array]>;

/** A .safetensors file of these tensors, in this order. */
function safetensors(tensors: Tensors): Blob {
  let end = 0;
  const header = Object.entries(tensors).map(([name, [dtype, shape, data]]) => {
    const begin = end;
    end += data.length;
    return [name, { dtype, shape, data_offsets: [begin, end] }];
  });
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const prefix = new DataView(new ArrayBuffer(8));
  prefix.setBigUint64(0, BigInt(json.length), true);
  return new Blob([
    prefix,
    json,
    ...Object.values(tensors).map(([, , data]) => data as Uint8Array<ArrayBuffer>),
  ]);
}

const graph = () => new Graph('test', { provider: 'wasm', dtype: 'float32' });
const float32 = (shape: readonly number[], ...values: number[]) =>
  ['F32', shape, new Uint8Array(Float32Array.from(values).buffer)] as const;

test('a module is found by its path; tensors that nobody asks for are unused', async () => {
  const file = safetensors({
    'blocks.0.conv.weight': float32([2, 1], 1, 2),
    'blocks.0.conv.bias': float32([2], 3, 4),
    'blocks.1.conv.bias': float32([2], 5, 6),
    'text_model.embeddings.position_ids': ['I64', [1], new Uint8Array(8)],
  });
  const weights = await Weights.open('x', file);
  const conv = weights.at('blocks', 0).at('conv');
  expect([conv.has('weight'), conv.has('gamma')]).toEqual([true, false]);
  expect(conv.get(graph(), 'weight', [2, 1])).toMatchObject({ dtype: 'float32', shape: [2, 1] });
  expect(weights.unused()).toEqual(['blocks.0.conv.bias', 'blocks.1.conv.bias']);
  conv.get(graph(), 'bias', [2]);
  weights.get(graph(), 'blocks.1.conv.bias', [2]);
  expect(weights.unused()).toEqual([]);
});

test('a missing tensor, a different shape and an unsupported type are refused by name', async () => {
  const file = safetensors({
    a: float32([2, 3], 1, 2, 3, 4, 5, 6),
    b: ['I64', [1], new Uint8Array(8)],
    c: ['F8_E8M0', [3], new Uint8Array(3)],
  });
  const weights = await Weights.open('vae/weights', file);
  const get = (name: string, shape: number[]) => () => weights.get(graph(), name, shape);
  const fault = (expected: string, found: string, kind = 'other-part') =>
    expect.objectContaining({
      code: 'unsupported-model',
      details: { kind, component: 'vae/weights', expected, found },
    });
  expect(get('d', [2])).toThrow(fault('d [2]', 'no such tensor', 'missing-part'));
  expect(get('c', [3])).toThrow(fault('c [3]', 'c F8_E8M0 [3]'));
  expect(get('a', [3, 2])).toThrow(fault('a [3,2]', 'a F32 [2,3]'));
  expect(get('a', [6])).toThrow(fault('a [6]', 'a F32 [2,3]'));
  expect(get('b', [1])).toThrow(fault('b [1]', 'b I64 [1]'));
});

test('a weight with a scale for each of its rows is refused, and the scale named', async () => {
  const weights = await Weights.open(
    'unet',
    safetensors({
      'to_q.weight': ['F8_E4M3', [2, 1], new Uint8Array(2)],
      'to_q.scale_weight': float32([2], 3, 3),
    }),
  );
  expect(() => weights.get(graph(), 'to_q.weight', [2, 1])).toThrow(
    'unet: expected to_q.weight as it is used, found to_q.scale_weight.',
  );
});

describe('numbers of every type are cast to the graph’s', () => {
  const numbers = [1, -2.5, 0, -0, 2 ** -9, 448, 0.375, -0.0078125];
  const bits = (list: ArrayLike<number>, shift: number) => Uint8Array.from(list, (word) => word >> shift);
  const halves = float32ToFloat16(Float32Array.from(numbers));
  const words = new Uint32Array(Float32Array.from(numbers).buffer);
  const stored: Record<string, Uint8Array> = {
    F64: new Uint8Array(Float64Array.from(numbers).buffer),
    F32: new Uint8Array(words.buffer),
    F16: new Uint8Array(halves.buffer),
    BF16: new Uint8Array(Uint16Array.from(words, (word) => word >>> 16).buffer),
    // A float8_e5m2 is the upper half of a float16; the codes of the other are torch's.
    F8_E5M2: bits(halves, 8),
    F8_E4M3: Uint8Array.of(0x38, 0xc2, 0, 0x80, 1, 0x7e, 0x2c, 0x84),
  };

  test.each(Object.entries(stored))('%s', async (type, data) => {
    const values = type === 'F8_E5M2' ? numbers.with(5, 448) : numbers;
    const weights = await Weights.open(
      'x',
      safetensors({ before: float32([1], 9), w: [type, [2, 4], data] }),
    );
    for (const dtype of ['float32', 'float16'] as const) {
      const g = new Graph('test', { provider: 'webgpu', dtype });
      expect(weights.get(g, 'w', [2, 4])).toMatchObject({ dtype, shape: [2, 4] });
      expect(g.nodes).toEqual([]);
      const [{ range }] = [...g.initializers.values()] as [ExternalTensor];
      const file = g.files.get(range.path) as ByteSource;
      const bytes = await file.slice(range.offset, range.offset + range.length).arrayBuffer();
      const found = dtype === 'float32' ? new Float32Array(bytes) : float16ToFloat32(new Uint16Array(bytes));
      expect([...found]).toEqual(values);
    }
  });

  test('the CPU gets halves as they are, and casts them itself', async () => {
    const weights = await Weights.open('x', safetensors({ w: ['F16', [8], stored.F16 as Uint8Array] }));
    const g = graph();
    expect(weights.get(g, 'w', [8])).toMatchObject({ dtype: 'float32' });
    expect(g.nodes.map(({ op }) => op)).toEqual(['Cast']);
    expect([...g.initializers.values()]).toMatchObject([{ dtype: 'float16' }]);
  });

  test.each([
    ['BF16', 'bfloat16'],
    ['F8_E4M3', 'float8e4m3fn'],
    ['F8_E5M2', 'float8e5m2'],
    ['F16', 'float16'],
  ])('kernels of our own get the factors in %s as they lie, and all else cast', async (type, kept) => {
    const data = stored[type] as Uint8Array<ArrayBuffer>;
    const weights = await Weights.open('x', safetensors({ w: [type, [2, 4], data], b: [type, [8], data] }));
    const g = new Graph('test', { provider: 'webgpu', dtype: 'float32', ownKernels: true });
    expect(weights.getFactor(g, 'w', [2, 4], [4, 2])).toMatchObject({ dtype: 'float32', shape: [4, 2] });
    expect(weights.get(g, 'b', [8])).toMatchObject({ dtype: 'float32' });
    expect(g.nodes.map(({ op }) => op)).toEqual(['Cast']);
    const [w, b] = [...g.initializers.values()] as [ExternalTensor, ExternalTensor];
    expect([w.dtype, w.range.length, b.dtype, b.range.length]).toEqual([kept, data.length, 'float32', 32]);
  });

  test('of a number that is no half bfloat16 keeps its range', async () => {
    // 1e30 as the upper half of its float32.
    const data = new Uint8Array(
      Uint16Array.of((new Uint32Array(Float32Array.of(1e30).buffer)[0] as number) >>> 16).buffer,
    );
    const weights = await Weights.open('x', safetensors({ w: ['BF16', [1, 1], data] }));
    const g = new Graph('test', { provider: 'webgpu', dtype: 'float16', ownKernels: true });
    weights.getFactor(g, 'w', [1, 1]);
    const [{ dtype, range }] = [...g.initializers.values()] as [ExternalTensor];
    const file = g.files.get(range.path) as ByteSource;
    const bytes = await file.slice(range.offset, range.offset + range.length).arrayBuffer();
    expect([dtype, new Uint8Array(bytes)]).toEqual(['bfloat16', data]);
  });
});
