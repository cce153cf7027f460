import { elementCount } from '../numerics/tensor.ts';
import type { DType, Graph, Value } from './graph.ts';

/**
 * torch.nn.functional in ONNX operators, chosen for each provider by what runs there (docs/operators.md).
 * Images and feature maps are [B, C, H, W]. Sequences are [B·T, C], the form that a linear layer takes.
 */

const at = (value: Value, axis: number): number => value.shape.at(axis) as number;

/** A number in the graph's dtype, [1]. */
export function scalar(g: Graph, value: number): Value {
  return cast(g, g.constant(Float32Array.of(value), [1]), g.target.dtype);
}

/** The same values in another element type; any shape. */
export function cast(g: Graph, x: Value, dtype: DType): Value {
  return x.dtype === dtype ? x : g.op('Cast', [x], x.shape, { dtype });
}

/** Keeps x on the device under `name`: as it is where kernels of our own run it, else as float32. */
export function keep(g: Graph, name: string, x: Value): void {
  g.keep(name, g.target.ownKernels ? x : cast(g, x, 'float32'));
}

/** What another run has kept under `name`, in the graph's dtype. */
export function kept(g: Graph, name: string, shape: readonly number[]): Value {
  const { ownKernels, dtype } = g.target;
  return ownKernels ? g.keptInput(name, dtype, shape) : cast(g, g.keptInput(name, 'float32', shape), dtype);
}

/** weight [O, …], each of its rows times its scale: scales float32 [O] → the same shape, in the graph's dtype. */
export function dequantize(g: Graph, weight: Value, scales: Value): Value {
  const attributes = { axis: 0 };
  const whole = g.op('DequantizeLinear', [weight, scales], weight.shape, { dtype: scales.dtype, attributes });
  return cast(g, whole, g.target.dtype);
}

/**
 * The same values, in the same order, in another shape.
 * @throws RangeError when the shape has not as many elements
 */
export function reshape(g: Graph, x: Value, shape: readonly number[]): Value {
  if (elementCount(shape) !== elementCount(x.shape))
    throw new RangeError(`${x.name}: [${x.shape}] cannot become [${shape}]`);
  const sizes = g.constant(BigInt64Array.from(shape, BigInt), [shape.length]);
  return g.op('Reshape', [x, sizes], shape);
}

/** Axis i of the result is axis `perm[i]` of x. */
export function transpose(g: Graph, x: Value, perm: readonly number[]): Value {
  return g.op(
    'Transpose',
    [x],
    perm.map((axis) => at(x, axis)),
    { attributes: { perm } },
  );
}

/** Values one after another along `axis`; their other axes are equal. */
export function concat(g: Graph, values: readonly Value[], axis: number): Value {
  const first = values[0] as Value;
  const total = values.reduce((sum, value) => sum + at(value, axis), 0);
  return g.op('Concat', values, first.shape.with(axis, total), { attributes: { axis } });
}

/** `parts` equal pieces of x along `axis`, which may be negative. */
export function split(g: Graph, x: Value, parts: number, axis: number): Value[] {
  const shape = x.shape.with(axis, at(x, axis) / parts);
  const position = axis < 0 ? axis + x.shape.length : axis;
  return g.ops('Split', [x], Array(parts).fill(shape), {
    attributes: { axis: position, num_outputs: parts },
  });
}

/** The mean over one axis, which stays with length 1. */
export function mean(g: Graph, x: Value, axis: number): Value {
  const axes = g.constant(BigInt64Array.of(BigInt(axis)), [1]);
  return g.op('ReduceMean', [x, axes], x.shape.with(axis, 1));
}

/** An operation on each element, of any shape. */
function unary(type: string): (g: Graph, x: Value) => Value {
  return (g, x) => g.op(type, [x], x.shape);
}
// max(x, 0), tanh x, sin x and cos x in radians, ⌊x⌋, √x: x […] → the same shape.
export const relu = unary('Relu');
export const tanh = unary('Tanh');
export const sin = unary('Sin');
export const cos = unary('Cos');
export const floor = unary('Floor');
export const sqrt = unary('Sqrt');

/** An operation on each pair of elements; the shapes are broadcast as by numpy. */
function binary(type: string): (g: Graph, a: Value, b: Value) => Value {
  return (g, a, b) => g.op(type, [a, b], broadcast(a.shape, b.shape));
}

function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => Math.max(a.at(i - rank) ?? 1, b.at(i - rank) ?? 1));
}

/** a + b: a […], b […] → the broadcast shape. */
export const add = binary('Add');
/** a − b: a […], b […] → the broadcast shape. */
export const sub = binary('Sub');
/** a · b, element by element: a […], b […] → the broadcast shape. */
export const mul = binary('Mul');
/** a / b, element by element: a […], b […] → the broadcast shape. */
export const div = binary('Div');

/** x with zeros after its last channel (axis 1), until there are `channels`. */
function padChannels(g: Graph, x: Value, channels: number): Value {
  const shape = x.shape.with(1, channels - at(x, 1));
  return concat(g, [x, cast(g, g.constant(new Float32Array(elementCount(shape)), shape), x.dtype)], 1);
}

/**
 * A convolution: x [B, C, H, W] ∗ weight [O, C, k, k] + bias [O] → [B, O, H', W'].
 *
 * onnxruntime's WebGPU kernel computes wrong values where the channels are a multiple of three but not of four, except for
 * three itself. An inpainting UNet has nine; there the channels are padded with zeros (docs/operators.md).
 * @param options the stride of both axes; `pads` are the zeros at the top, left, bottom and right, by default as many as
 * keep H and W at stride 1
 */
export function conv2d(
  g: Graph,
  input: Value,
  { weight: kernels, bias }: { weight: Value; bias?: Value | undefined },
  { stride = 1, pads }: { stride?: number; pads?: readonly [number, number, number, number] } = {},
): Value {
  const [batch, channels, height, width] = input.shape as [number, number, number, number];
  const padded = 4 * Math.ceil(channels / 4);
  const { provider, ownKernels } = g.target;
  const needsPadding = provider === 'webgpu' && !ownKernels && channels > 4 && padded > channels;
  const [x, weight] = [input, kernels].map((v) => (needsPadding ? padChannels(g, v, padded) : v)) as [
    Value,
    Value,
  ];
  const kernel = at(weight, 2);
  const half = (kernel - 1) / 2;
  const [top, left, bottom, right] = pads ?? [half, half, half, half];
  const out = (n: number, before: number, after: number) =>
    Math.floor((n + before + after - kernel) / stride) + 1;
  const shape = [batch, at(weight, 0), out(height, top, bottom), out(width, left, right)];
  const attributes = {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [top, left, bottom, right],
    dilations: [1, 1],
    group: 1,
  };
  return g.op('Conv', bias ? [x, weight, bias] : [x, weight], shape, { attributes });
}

/** A linear layer: x [N, in] · weightᵀ + bias, weight [out, in], bias [out] → [N, out]. */
export function linear(
  g: Graph,
  x: Value,
  { weight, bias }: { weight: Value; bias?: Value | undefined },
): Value {
  const inputs = bias ? [x, weight, bias] : [x, weight];
  return g.op('Gemm', inputs, [at(x, 0), at(weight, 0)], { attributes: { transB: 1 } });
}

/** addend [M, N] + factor · a b, of a [M, K] and b [K, N] → [M, N]. */
export function addProduct(g: Graph, addend: Value, a: Value, b: Value, factor: number): Value {
  return g.op('Gemm', [a, b, addend], addend.shape, { attributes: { alpha: factor } });
}

/** a b, of a […, M, K] and b […, K, N] with the same axes before → […, M, N]. */
export const matmul = (g: Graph, a: Value, b: Value) => g.op('MatMul', [a, b], a.shape.with(-1, at(b, -1)));

/** Rows of a table: table [N, D], indices int32 […] → […, D]. */
export function gather(g: Graph, table: Value, indices: Value): Value {
  return g.op('Gather', [table, indices], [...indices.shape, at(table, 1)]);
}

/** LayerNorm over the last axis: x […, C], weight and bias [C] → the shape of x. */
export function layerNorm(
  g: Graph,
  x: Value,
  { weight, bias }: { weight: Value; bias: Value },
  epsilon: number,
): Value {
  return g.op('LayerNormalization', [x, weight, bias], x.shape, {
    attributes: { axis: -1, epsilon },
  });
}

/** SiLU, x · σ(x), which is QuickGelu with α = 1; any shape. */
export function silu(g: Graph, x: Value): Value {
  return g.op('QuickGelu', [x], x.shape, { attributes: { alpha: 1 }, domain: 'com.microsoft' });
}

/** The approximation of GELU in OpenAI's CLIP, x · σ(1.702 x); any shape. */
export function quickGelu(g: Graph, x: Value): Value {
  return g.op('QuickGelu', [x], x.shape, { attributes: { alpha: 1.702 }, domain: 'com.microsoft' });
}

/** GELU, exact, with erf; any shape. */
export function gelu(g: Graph, x: Value): Value {
  return g.op('Gelu', [x], x.shape, { attributes: { approximate: 'none' } });
}

/**
 * GroupNorm: x [B, C, H, W], weight and bias [C] → [B, C, H, W], followed by SiLU where `activation` is set.
 * WebGPU has com.microsoft.GroupNorm (channels last, statistics in float32). The CPU provider lacks it; there it is
 * InstanceNormalization over [B, groups, C/groups·H·W].
 */
export function groupNorm(
  g: Graph,
  x: Value,
  { weight, bias }: { weight: Value; bias: Value },
  { groups, epsilon, activation = false }: { groups: number; epsilon: number; activation?: boolean },
): Value {
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  if (g.target.provider === 'webgpu') {
    const last = transpose(g, x, [0, 2, 3, 1]);
    const attributes = {
      activation: activation ? 1 : 0,
      channels_last: 1,
      epsilon,
      groups,
    };
    // The kernel takes its scale and bias in float32 only.
    const inputs = [last, cast(g, weight, 'float32'), cast(g, bias, 'float32')];
    const normed = g.op('GroupNorm', inputs, last.shape, { attributes, domain: 'com.microsoft' });
    return transpose(g, normed, [0, 3, 1, 2]);
  }
  const ones = cast(g, g.constant(new Float32Array(groups).fill(1), [groups]), x.dtype);
  const zeros = cast(g, g.constant(new Float32Array(groups), [groups]), x.dtype);
  const grouped = reshape(g, x, [batch, groups, (channels / groups) * height * width]);
  const normed = g.op('InstanceNormalization', [grouped, ones, zeros], grouped.shape, {
    attributes: { epsilon },
  });
  const restored = reshape(g, normed, x.shape);
  const perChannel = (v: Value) => reshape(g, v, [channels, 1, 1]);
  const result = add(g, mul(g, restored, perChannel(weight)), perChannel(bias));
  return activation ? silu(g, result) : result;
}

/**
 * softmax(q kᵀ / √d + bias) v over `heads` heads of d = C/heads channels: q [B, T, C], k and v [B, S, C],
 * bias [1, 1, T, S] → [B, T, C].
 * com.microsoft.MultiHeadAttention without padding mask or packed inputs, the form that runs on every provider.
 */
export function attention(g: Graph, q: Value, k: Value, v: Value, heads: number, bias?: Value): Value {
  const inputs = bias ? [q, k, v, null, null, bias] : [q, k, v];
  return g.op('MultiHeadAttention', inputs, q.shape, {
    attributes: { num_heads: heads },
    domain: 'com.microsoft',
  });
}

/**
 * Attention with one head: q [T, C], k and v [S, C] → [T, C]. For onnxruntime plain matrix products, because for a head as
 * wide as a VAE's 512 channels its MultiHeadAttention on WebGPU allocates T · S · C / 64 numbers of scratch, eight times the scores.
 */
export function singleHeadAttention(g: Graph, q: Value, k: Value, v: Value): Value {
  if (g.target.ownKernels) {
    const [one, others] = [q, k].map((x) => [1, ...x.shape]) as [number[], number[]];
    return reshape(
      g,
      attention(g, reshape(g, q, one), reshape(g, k, others), reshape(g, v, others), 1),
      q.shape,
    );
  }
  const shape = [at(q, 0), at(k, 0)];
  const attributes = { transB: 1, alpha: 1 / Math.sqrt(at(q, 1)) };
  const weights = g.op('Softmax', [g.op('Gemm', [q, k], shape, { attributes })], shape, {
    attributes: { axis: -1 },
  });
  return matmul(g, weights, v);
}

/**
 * Nearest neighbour to a given size, torch's `interpolate(mode="nearest")`: x [B, C, H, W] → [B, C, height, width], pixel i
 * from ⌊i · in / out⌋.
 */
export function upsampleNearest(g: Graph, x: Value, height: number, width: number): Value {
  const shape = [at(x, 0), at(x, 1), height, width];
  const sizes = g.constant(BigInt64Array.from(shape, BigInt), [4]);
  const attributes = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
  return g.op('Resize', [x, null, null, sizes], shape, { attributes });
}

/** [B, C, H, W] → [B·H·W, C]: a feature map as the sequence of its pixels. */
export function toSequence(g: Graph, x: Value): Value {
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  return reshape(g, transpose(g, x, [0, 2, 3, 1]), [batch * height * width, channels]);
}

/** The reverse of `toSequence`: x [B·H·W, C] → [B, C, H, W], with B, H and W of the given shape. */
export function toFeatureMap(g: Graph, x: Value, [batch, , height, width]: readonly number[]): Value {
  const last = reshape(g, x, [batch as number, height as number, width as number, at(x, 1)]);
  return transpose(g, last, [0, 3, 1, 2]);
}
