import type { GraphNode, Value } from '../../graph/graph.ts';
import { dtypeOf, type Emitter, type Held, NoKernelError } from '../emitter.ts';
import { isLaid, permuted, reshaped, rowMajor, sliced, type View } from '../view.ts';

const CONV = new Set(['Conv']);
const NORM_OR_CONV = new Set(['Conv', 'GroupNorm']);

const resultOf = (node: GraphNode): Value => node.outputs[0] as Value;
const firstOf = (node: GraphNode): Value => node.inputs[0] as Value;

/** A tensor whose every view is changed in the same way; undefined where one cannot be. */
function eachView(held: Held, change: (view: View) => View | undefined): Held | undefined {
  const views = held.views.map(change);
  return views.every((view) => view !== undefined)
    ? { ...held, views: views as unknown as Held['views'] }
    : undefined;
}

/** A result of the graph: row-major, in a tensor of its own. */
export function identity(emitter: Emitter, node: GraphNode): void {
  const result = resultOf(node);
  const view = emitter.plain(firstOf(node));
  const isStored = view.storage === emitter.portStorage(result) && 'tensor' in view.operand;
  const isReady = isStored && isLaid(view, rowMajor(view.shape));
  const rows = view.shape.map((_, axis) => axis);
  emitter.output(result, isReady ? view : emitter.copied(view, rows, result.dtype));
}

export function transpose(emitter: Emitter, node: GraphNode): void {
  const perm = node.attributes.perm as readonly number[];
  emitter.hold(
    resultOf(node).name,
    eachView(emitter.held(firstOf(node)), (view) => permuted(view, perm)) as Held,
  );
}

export function reshape(emitter: Emitter, node: GraphNode): void {
  const { name, shape } = resultOf(node);
  const held = emitter.held(firstOf(node));
  const moved = held.views.length === 1 ? eachView(held, (view) => reshaped(view, shape)) : undefined;
  emitter.hold(name, moved ?? (reshaped(emitter.asRows(emitter.plain(firstOf(node))), shape) as View));
}

/** Casts between float types; those of weights, and those that only attention sees, are none. */
export function cast(emitter: Emitter, node: GraphNode): void {
  const result = resultOf(node);
  if (emitter.widened(result)) return;
  const from = firstOf(node);
  const held = emitter.held(from);
  const isSame = held.views.every(({ storage }) => dtypeOf(storage) === result.dtype);
  if (isSame || emitter.uses.leadsToAttention(result)) {
    emitter.hold(result.name, held);
    return;
  }
  const view = emitter.plain(from);
  emitter.hold(result.name, emitter.copied(view, emitter.orderOf(view), result.dtype));
}

/** DequantizeLinear of a weight, which its product does; of anything else there is no kernel. */
export function dequantize(emitter: Emitter, node: GraphNode): void {
  if (!emitter.widened(resultOf(node))) throw new NoKernelError('DequantizeLinear of what is computed.');
}

/** Concat: two feature maps that a norm or a convolution reads stay where they are. */
export function concat(emitter: Emitter, node: GraphNode): void {
  const result = resultOf(node);
  const axis = node.attributes.axis as number;
  const values = node.inputs as readonly Value[];
  const joins = values.length === 2 && axis === 1 && result.shape.length === 4;
  if (joins && emitter.uses.leadsOnlyTo(result, NORM_OR_CONV)) {
    const views = values.map((value) => emitter.asChannelsLast(emitter.plain(value)));
    emitter.hold(result.name, { views: views as unknown as Held['views'] });
    return;
  }
  const parts = values.map((value) => emitter.plain(value));
  const order = emitter.orderOf(parts[0] as View);
  const repeats = values.every((value) => value === values[0]) && result.shape[axis] === values.length;
  const inner = order.findLast((at) => (result.shape[at] as number) > 1);
  // A part of an odd length would begin or end within a pair.
  const isOdd = axis === inner && parts.some(({ shape }) => (shape[axis] as number) % 2 === 1);
  const out = emitter.newView(result.shape, isOdd ? emitter.unpaired(result.dtype) : result.dtype, order);
  if (repeats) {
    const [first] = parts as [View];
    emitter.copyTo({ ...first, shape: result.shape, strides: first.strides.with(axis, 0) }, out);
  } else {
    let start = 0;
    for (const part of parts) {
      const length = part.shape[axis] as number;
      emitter.copyTo(part, sliced(out, axis, start, length));
      start += length;
    }
  }
  emitter.hold(result.name, out);
}

export function split(emitter: Emitter, node: GraphNode): void {
  const view = emitter.plain(firstOf(node));
  const axis = node.attributes.axis as number;
  let start = 0;
  for (const { name, shape } of node.outputs) {
    emitter.hold(name, sliced(view, axis, start, shape[axis] as number));
    start += shape[axis] as number;
  }
}

/** Resize by nearest neighbour, as a convolution reads. @throws NoKernelError elsewhere */
export function resize(emitter: Emitter, node: GraphNode): void {
  const { mode, coordinate_transformation_mode: where, nearest_mode: rounding } = node.attributes;
  const result = resultOf(node);
  const isNearest = mode === 'nearest' && where === 'asymmetric' && rounding === 'floor';
  if (!isNearest || !emitter.uses.leadsOnlyTo(result, CONV))
    throw new NoKernelError('Resize that no convolution reads.');
  const [, , height, width] = result.shape as [number, number, number, number];
  emitter.hold(result.name, { views: [emitter.plain(firstOf(node))], stretched: [height, width] });
}
