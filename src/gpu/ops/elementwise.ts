import type { GraphNode, Value } from '../../graph/graph.ts';
import type { ElementwiseOp } from '../../kernels/elementwise.ts';
import { elementCount } from '../../numerics/tensor.ts';
import { activationOf } from '../activation-of.ts';
import { type Emitter, NoKernelError } from '../emitter.ts';
import { broadcast, isDense, type View } from '../view.ts';

const OPS: Readonly<Record<string, ElementwiseOp>> = {
  ...{ Add: 'add', Sub: 'sub', Mul: 'mul', Div: 'div' },
  ...{ Tanh: 'tanh', Sin: 'sin', Cos: 'cos', Floor: 'floor', Sqrt: 'sqrt' },
};

function opOf(node: GraphNode): ElementwiseOp {
  const known = activationOf(node) ?? OPS[node.op];
  if (!known) throw new NoKernelError(`${node.op} of this kind.`);
  return known;
}

/** A function of each element, or of each pair; the result lies as the first operand of its shape does. */
export function elementwise(emitter: Emitter, node: GraphNode): void {
  const [result] = node.outputs as [Value];
  const views = node.inputs.map((value) => emitter.plain(value as Value));
  const isWhole = (view: View) => elementCount(view.shape) === elementCount(result.shape) && isDense(view);
  const lead = views.find((view) => isWhole(view) && view.shape.length === result.shape.length);
  const order = lead ? emitter.orderOf(lead) : result.shape.map((_, axis) => axis);
  const out = emitter.newView(result.shape, result.dtype, order);
  const spread = views.map((view) => ({ ...view, ...broadcast(view, result.shape), shape: result.shape }));
  emitter.elementwise(opOf(node), spread, out);
  emitter.hold(result.name, out);
}
