import type { DType, Graph, Value } from './graph.ts';

/**
 * torch.nn.functional in ONNX operators, chosen per provider by what runs there (docs/operators.md).
 * Pictures are [B, C, H, W]; sequences are [B·T, C], which is what a linear layer wants.
 */

const size = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);
const at = (value: Value, axis: number): number => value.shape.at(axis) as number;

/** A scalar in the graph's dtype. */
export function scalar(g: Graph, value: number): Value {
  return cast(g, g.constant(Float32Array.of(value), [1]), g.target.dtype);
}

export function cast(g: Graph, x: Value, dtype: DType): Value {
  if (x.dtype === dtype) return x;
  const to = { float32: 1, uint8: 2, int32: 6, int64: 7, float16: 10 }[dtype];
  return g.op('Cast', [x], x.shape, { attributes: { to }, dtype });
}

export function reshape(g: Graph, x: Value, shape: readonly number[]): Value {
  if (size(shape) !== size(x.shape)) throw new RangeError(`${x.name}: [${x.shape}] is no [${shape}]`);
  const sizes = g.constant(BigInt64Array.from(shape, BigInt), [shape.length]);
  return g.op('Reshape', [x, sizes], shape);
}

export function transpose(g: Graph, x: Value, perm: readonly number[]): Value {
  return g.op(
    'Transpose',
    [x],
    perm.map((axis) => at(x, axis)),
    { attributes: { perm } },
  );
}

export function concat(g: Graph, values: readonly Value[], axis: number): Value {
  const first = values[0] as Value;
  const total = values.reduce((sum, value) => sum + at(value, axis), 0);
  return g.op('Concat', values, first.shape.with(axis, total), { attributes: { axis } });
}

/** Equal parts along `axis`. */
export function split(g: Graph, x: Value, parts: number, axis: number): Value[] {
  const shape = x.shape.with(axis, at(x, axis) / parts);
  const position = axis < 0 ? axis + x.shape.length : axis;
  return g.ops('Split', [x], Array(parts).fill(shape), {
    attributes: { axis: position, num_outputs: parts },
  });
}

/** Over one axis, which stays with length 1. */
export function mean(g: Graph, x: Value, axis: number): Value {
  const axes = g.constant(BigInt64Array.of(BigInt(axis)), [1]);
  return g.op('ReduceMean', [x, axes], x.shape.with(axis, 1));
}

/** Elementwise with broadcasting; the result has the larger operand's shape. */
function binary(type: string): (g: Graph, a: Value, b: Value) => Value {
  return (g, a, b) => g.op(type, [a, b], size(a.shape) >= size(b.shape) ? a.shape : b.shape);
}
export const add = binary('Add');
export const sub = binary('Sub');
export const mul = binary('Mul');

/** Zeros after the last channel (axis 1), until there are `channels`. */
function padChannels(g: Graph, x: Value, channels: number): Value {
  const shape = x.shape.with(1, channels - at(x, 1));
  return concat(g, [x, cast(g, g.constant(new Float32Array(size(shape)), shape), x.dtype)], 1);
}

/**
 * x [B, C, H, W] ∗ weight [O, C, k, k] + bias.
 * WebGPU computes nonsense from channels that are a multiple of three but not of four, three itself excepted; an
 * inpainting UNet has nine. They are filled up with zeros there.
 */
export function conv2d(
  g: Graph,
  input: Value,
  { weight: kernels, bias }: { weight: Value; bias?: Value | undefined },
  { stride = 1, pads }: { stride?: number; pads?: readonly [number, number, number, number] } = {},
): Value {
  const [batch, channels, height, width] = input.shape as [number, number, number, number];
  const filled = 4 * Math.ceil(channels / 4);
  const needsFilling = g.target.provider === 'webgpu' && channels > 4 && filled > channels;
  const [x, weight] = [input, kernels].map((v) => (needsFilling ? padChannels(g, v, filled) : v)) as [
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

/** x [N, in] · weightᵀ [out, in] + bias. */
export function linear(
  g: Graph,
  x: Value,
  { weight, bias }: { weight: Value; bias?: Value | undefined },
): Value {
  const inputs = bias ? [x, weight, bias] : [x, weight];
  return g.op('Gemm', inputs, [at(x, 0), at(weight, 0)], { attributes: { transB: 1 } });
}

/** A matrix [out, in] in blocks of neighbours along `in`, as com.microsoft.MatMulNBits has it. */
export interface QuantizedWeight {
  /** uint8 [out, blocks, bytes of a block]; of two numbers in a byte the lower half is the first. */
  readonly packed: Value;
  /** [out, blocks], in the graph's dtype. */
  readonly scales: Value;
  /** uint8 [out, bytes of a row], as dense as the numbers; without them half of what the bits hold. */
  readonly zeroPoints?: Value | undefined;
}

/** `linear` with a quantised weight, of which no whole copy is ever made on WebGPU. */
export function quantizedLinear(
  g: Graph,
  x: Value,
  { weight, bias }: { weight: QuantizedWeight; bias?: Value | undefined },
): Value {
  const [rows, blocks, bytes] = weight.packed.shape as [number, number, number];
  const [K, block] = [at(x, 1), at(x, 1) / blocks];
  const attributes = { K, N: rows, bits: (8 * bytes) / block, block_size: block };
  const { packed, scales, zeroPoints = null } = weight;
  return g.op('MatMulNBits', [x, packed, scales, zeroPoints, null, bias ?? null], [at(x, 0), rows], {
    attributes,
    domain: 'com.microsoft',
  });
}

/** Over the last axis. */
export function layerNorm(
  g: Graph,
  x: Value,
  { weight, bias }: { weight: Value; bias: Value },
  epsilon: number,
): Value {
  return g.op('LayerNormalization', [x, weight, bias], x.shape, {
    attributes: { axis: -1, epsilon: { float: epsilon } },
  });
}

/** SiLU as QuickGelu(α = 1): x · σ(x). */
export function silu(g: Graph, x: Value): Value {
  return g.op('QuickGelu', [x], x.shape, { attributes: { alpha: { float: 1 } }, domain: 'com.microsoft' });
}

/** OpenAI's approximation in CLIP-L: x · σ(1.702 x). */
export function quickGelu(g: Graph, x: Value): Value {
  return g.op('QuickGelu', [x], x.shape, {
    attributes: { alpha: { float: 1.702 } },
    domain: 'com.microsoft',
  });
}

/** Exact, with erf. */
export function gelu(g: Graph, x: Value): Value {
  return g.op('Gelu', [x], x.shape, { attributes: { approximate: 'none' } });
}

/**
 * GroupNorm of x [B, C, H, W], weight and bias [C], with SiLU after it when asked.
 * WebGPU has com.microsoft.GroupNorm (channels last, f32 statistics). The CPU has not: there it is
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
      epsilon: { float: epsilon },
      groups,
    };
    // The kernel takes its gamma and beta in float32 only.
    const inputs = [last, cast(g, weight, 'float32'), cast(g, bias, 'float32')];
    const normed = g.op('GroupNorm', inputs, last.shape, { attributes, domain: 'com.microsoft' });
    return transpose(g, normed, [0, 3, 1, 2]);
  }
  const ones = cast(g, g.constant(new Float32Array(groups).fill(1), [groups]), x.dtype);
  const zeros = cast(g, g.constant(new Float32Array(groups), [groups]), x.dtype);
  const grouped = reshape(g, x, [batch, groups, (channels / groups) * height * width]);
  const normed = g.op('InstanceNormalization', [grouped, ones, zeros], grouped.shape, {
    attributes: { epsilon: { float: epsilon } },
  });
  const picture = reshape(g, normed, x.shape);
  const perChannel = (v: Value) => reshape(g, v, [channels, 1, 1]);
  const result = add(g, mul(g, picture, perChannel(weight)), perChannel(bias));
  return activation ? silu(g, result) : result;
}

/**
 * softmax(q kᵀ / √d + bias) v over `heads` heads. q [B, T, C]; k, v [B, S, C]; bias [1, 1, T, S].
 * com.microsoft.MultiHeadAttention without padding mask or packed inputs: the form that runs on every provider.
 */
export function attention(g: Graph, q: Value, k: Value, v: Value, heads: number, bias?: Value): Value {
  const inputs = bias ? [q, k, v, null, null, bias] : [q, k, v];
  return g.op('MultiHeadAttention', inputs, q.shape, {
    attributes: { num_heads: heads },
    domain: 'com.microsoft',
  });
}

/**
 * Attention with one head: q [T, C], k and v [S, C] → [T, C]. Plain products, since for a head as wide as a VAE's
 * 512 channels MultiHeadAttention on WebGPU takes scratch of T · S · C / 64 numbers, eight times the scores.
 */
export function singleHeadAttention(g: Graph, q: Value, k: Value, v: Value): Value {
  const shape = [at(q, 0), at(k, 0)];
  const attributes = { transB: 1, alpha: { float: 1 / Math.sqrt(at(q, 1)) } };
  const weights = g.op('Softmax', [g.op('Gemm', [q, k], shape, { attributes })], shape, {
    attributes: { axis: -1 },
  });
  return g.op('MatMul', [weights, v], [at(q, 0), at(v, 1)]);
}

/** Nearest neighbour to a given size, torch's `interpolate(mode="nearest")`: the source pixel is ⌊i · in / out⌋. */
export function upsampleNearest(g: Graph, x: Value, height: number, width: number): Value {
  const shape = [at(x, 0), at(x, 1), height, width];
  const sizes = g.constant(BigInt64Array.from(shape, BigInt), [4]);
  const attributes = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
  return g.op('Resize', [x, null, null, sizes], shape, { attributes });
}

/** [B, C, H, W] → [B·H·W, C], a picture as a sequence of its pixels. */
export function toSequence(g: Graph, x: Value): Value {
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  return reshape(g, transpose(g, x, [0, 2, 3, 1]), [batch * height * width, channels]);
}

/** Back from `toSequence`. */
export function toPicture(g: Graph, x: Value, [batch, , height, width]: readonly number[]): Value {
  const picture = reshape(g, x, [batch as number, height as number, width as number, at(x, 1)]);
  return transpose(g, picture, [0, 3, 1, 2]);
}
