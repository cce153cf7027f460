import type { GraphNode, Initializer, Value } from '../../graph/graph.ts';
import { elementCount } from '../../numerics/tensor.ts';
import { type Emitter, NoKernelError } from '../emitter.ts';
import { TailReader } from '../tail.ts';
import type { View } from '../view.ts';
import { emitProduct, type Factor, factorOf, heldRows, rowsView } from './emit-product.ts';
import { gateOf, siblingsOf } from './siblings.ts';

/**
 * Linear layers of the same input: one product, whose columns are all of theirs. One alone takes what follows into its step,
 * GEGLU too.
 */
export function linear(emitter: Emitter, node: GraphNode, x: Value, alpha?: number): void {
  const siblings = siblingsOf(emitter, node);
  const weights = siblings.map(({ inputs }) => inputs[1] as Value);
  const biases = siblings.flatMap(({ inputs }) =>
    inputs[2] ? [emitter.initializer(inputs[2]) as Initializer] : [],
  );
  const bias = biases.length > 0 ? stacked(emitter, biases) : undefined;
  emitLinear(emitter, { node, siblings, x, factor: factorOf(emitter, weights), bias, alpha });
}

interface Linear {
  readonly node: GraphNode;
  readonly siblings: readonly GraphNode[];
  readonly x: Value;
  readonly factor: Factor;
  readonly bias: View | undefined;
  readonly alpha?: number | undefined;
}

function emitLinear(emitter: Emitter, { node, siblings, x, factor, bias, alpha }: Linear): void {
  const held = heldRows(emitter, x);
  const rows = held.views[0].shape[0] as number;
  const widths = siblings.map(({ outputs }) => (outputs[0] as Value).shape[1] as number);
  const columns = widths.reduce((sum, width) => sum + width, 0);
  const product = { held, rows, columns, factor, bias, alpha };
  if (siblings.length === 1) {
    const gate = gateOf(emitter, node);
    const [result] = node.outputs as [Value];
    const wanted = gate ? columns / 2 : columns;
    if (gate) for (const part of gate.nodes) emitter.fuse(part);
    const tail = new TailReader(emitter, gate?.value ?? result, rowsView([rows, wanted])).read();
    if (gate && tail.activation) throw new NoKernelError('An activation of what GEGLU gives.');
    emitter.hold(tail.value.name, emitProduct(emitter, { ...product, gated: gate !== undefined, tail }));
    return;
  }
  const [first] = siblings as [GraphNode];
  const whole = emitProduct(emitter, {
    ...product,
    tail: {
      value: first.outputs[0] as Value,
      view: rowsView([rows, columns]),
      dtype: (first.outputs[0] as Value).dtype,
    },
  });
  for (const [i, sibling] of siblings.entries()) {
    emitter.fuse(sibling);
    const offset = widths.slice(0, i).reduce((sum, width) => sum + width, 0);
    const shape = [rows, widths[i] as number];
    emitter.hold((sibling.outputs[0] as Value).name, { ...whole, shape, strides: [columns, 1], offset });
  }
}

function stacked(emitter: Emitter, parts: readonly Initializer[]): View {
  const { operand, storage } = emitter.weight(parts, 1);
  const length = parts.reduce((sum, part) => sum + elementCount(part.shape), 0);
  return { operand, storage, shape: [length], strides: [1], offset: 0 };
}

/** MatMulNBits: a linear layer with a quantised weight (graph/nn.ts, `quantizedLinear`). */
export function quantizedProduct(emitter: Emitter, node: GraphNode): void {
  const [x] = node.inputs as [Value];
  const siblings = siblingsOf(emitter, node);
  const { bits, block_size: block } = node.attributes as Record<string, number>;
  if ((bits !== 4 && bits !== 8) || !block || block % 4)
    throw new NoKernelError(`Weights in ${bits} bits, blocks of ${block}.`);
  const stack = (i: number) =>
    siblings.map(({ inputs }) => emitter.initializer(inputs[i] as Value) as Initializer);
  const packed = emitter.weight(stack(1), 1);
  const scales = emitter.weight(stack(2), 1);
  const zeroPoints = node.inputs[3] ? emitter.weight(stack(3), 1) : undefined;
  const storage = {
    kind: 'quantized',
    bits,
    block,
    scales: scales.storage,
    zeroPoints: zeroPoints && (node.inputs[3]?.dtype === 'float32' ? 'float32' : 'packed'),
  } as const;
  const operands = [packed.operand, scales.operand, ...(zeroPoints ? [zeroPoints.operand] : [])];
  const biases = siblings.flatMap(({ inputs }) =>
    inputs[5] ? [emitter.initializer(inputs[5]) as Initializer] : [],
  );
  const bias = biases.length > 0 ? stacked(emitter, biases) : undefined;
  emitLinear(emitter, { node, siblings, x, factor: { storage, operands }, bias });
}
