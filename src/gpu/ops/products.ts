import type { GraphNode, Value } from '../../graph/graph.ts';
import type { ConvGeometry } from '../../kernels/product.ts';
import { elementCount } from '../../numerics/tensor.ts';
import { type Emitter, type Held, NoKernelError } from '../emitter.ts';
import { type Tail, TailReader } from '../tail.ts';
import { channelsLast, permuted, reshaped, type View } from '../view.ts';
import { asFactor, biasOf, emitProduct, factorOf, heldRows, PLACEHOLDER, rowsView } from './emit-product.ts';
import { linear } from './linear.ts';

/** Conv: x [B, C, H, W], weight [O, C, k, k], bias [O]. */
export function conv(emitter: Emitter, node: GraphNode): void {
  const [x, weight, bias] = node.inputs as [Value, Value, Value | undefined];
  const [result] = node.outputs as [Value];
  const { strides, pads, group, dilations, kernel_shape } = node.attributes as Record<
    string,
    readonly number[]
  >;
  const isWeight = emitter.widened(weight) !== undefined;
  const [kernel, other] = kernel_shape as readonly number[];
  const isPlain =
    (group as unknown as number) === 1 && dilations?.every((step) => step === 1) && kernel === other;
  if (!isWeight || !isPlain)
    throw new NoKernelError('A convolution in groups, dilated, or with weights that are computed.');
  const held = emitter.held(x);
  const views = held.views.map((view) => emitter.asChannelsLast(view)) as unknown as Held['views'];
  const [, , height, width] = views[0].shape as [number, number, number, number];
  const [batch, columns, outHeight, outWidth] = result.shape as [number, number, number, number];
  const isPointwise = kernel === 1 && strides?.[0] === 1 && !held.stretched;
  const geometry: ConvGeometry = {
    ...{ kernel: kernel as number, stride: strides?.[0] as number },
    pads: [pads?.[0] as number, pads?.[1] as number],
    size: [height, width],
    stretched: held.stretched ?? [height, width],
    outSize: [outHeight, outWidth],
  };
  const rows = batch * outHeight * outWidth;
  const placeholder = { operand: PLACEHOLDER, storage: 'float32', offset: 0 } as const;
  const view: View = { ...placeholder, shape: result.shape, strides: channelsLast(result.shape) };
  const tail = new TailReader(emitter, result, view).read();
  const factor = factorOf(emitter, [weight], (kernel as number) ** 2);
  // The batch of addends and norms is told by the pixels of a picture, also where each pixel is by itself.
  const conv = isPointwise && !tail.addend && !held.norm ? undefined : geometry;
  const product = { held: { ...held, views }, rows, columns, factor, bias: biasOf(emitter, bias), tail };
  emitter.hold(tail.value.name, emitProduct(emitter, conv ? { ...product, conv } : product));
}

/** Gemm: alpha · a b + c, b transposed or not; c a bias [N], or [M, N]. */
export function matrixProduct(emitter: Emitter, node: GraphNode): void {
  const [a, b, c] = node.inputs as [Value, Value, Value | undefined];
  const { transB = 0, transA = 0, alpha } = node.attributes as Record<string, number>;
  if (transA) throw new NoKernelError('Gemm with transA.');
  const isWeight = emitter.widened(b) !== undefined;
  const isBias = c && c.shape.length === 1;
  if (transB && isWeight && (!c || isBias)) {
    linear(emitter, node, a, alpha);
    return;
  }
  const right = emitter.plain(b);
  const factor = asFactor(emitter, transB ? right : permuted(right, [1, 0]));
  const [rows, columns] = (node.outputs[0] as Value).shape as [number, number];
  const tail = new TailReader(emitter, node.outputs[0] as Value, rowsView([rows, columns])).read();
  const bias = isBias ? biasOf(emitter, c) : undefined;
  const ends = c && !isBias ? withResidual(emitter, tail, emitter.asRows(emitter.plain(c))) : tail;
  emitter.hold(
    tail.value.name,
    emitProduct(emitter, { held: heldRows(emitter, a), rows, columns, factor, bias, alpha, tail: ends }),
  );
}

function withResidual(emitter: Emitter, tail: Tail, residual: View): Tail {
  if (!tail.residual) return { ...tail, residual };
  const sum = emitter.newView(residual.shape, tail.dtype, [0, 1]);
  emitter.elementwise(
    'add',
    [residual, { ...tail.residual, shape: residual.shape, strides: residual.strides }],
    sum,
  );
  return { ...tail, residual: sum };
}

/** MatMul of matrices, and of as many pairs of them as the axes before hold. */
export function matmul(emitter: Emitter, node: GraphNode): void {
  const [a, b] = node.inputs as [Value, Value];
  const [result] = node.outputs as [Value];
  const [rows, columns] = result.shape.slice(-2) as [number, number];
  const inner = a.shape.at(-1) as number;
  const count = elementCount(result.shape) / (rows * columns);
  const matrices = (value: Value, shape: readonly number[]) => {
    const view = reshaped(emitter.asRows(emitter.plain(value)), [count, ...shape]) as View;
    const strides = view.strides.slice(1);
    return (i: number): View => ({ ...view, shape, strides, offset: view.offset + i * elementCount(shape) });
  };
  const [left, right] = [matrices(a, [rows, inner]), matrices(b, [inner, columns])];
  const products = Array.from({ length: count }, (_, i) => {
    const factor = asFactor(emitter, permuted(right(i), [1, 0]));
    const tail: Tail = { value: result, view: rowsView([rows, columns]), dtype: result.dtype };
    return emitProduct(emitter, { held: { views: [emitter.asRows(left(i))] }, rows, columns, factor, tail });
  });
  const [only] = products as [View];
  if (count === 1) {
    emitter.hold(result.name, reshaped(only, result.shape) as View);
    return;
  }
  const whole = emitter.newView([count, rows, columns], result.dtype, [0, 1, 2]);
  for (const [i, product] of products.entries())
    emitter.copyTo(product, {
      ...whole,
      shape: [rows, columns],
      strides: [columns, 1],
      offset: i * rows * columns,
    });
  emitter.hold(result.name, reshaped(whole, result.shape) as View);
}
