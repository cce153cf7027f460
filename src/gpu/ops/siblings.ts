import type { GraphNode, Value } from '../../graph/graph.ts';
import { elementCount } from '../../numerics/tensor.ts';
import type { Emitter } from '../emitter.ts';

/** Below so many rows a product's time is that of reading its weight. */
const FEW_ROWS = 8;
/** Numbers of the weights that are stacked to one: any GPU binds as many. */
const STACKED_NUMBERS = 2 ** 25;

/**
 * The linear layers that read the same tensor in one product: queries, keys and values of an attention, keys and values of the
 * text for all attentions to it, and, of a few rows, what projects the time for each block.
 */
export function siblingsOf(emitter: Emitter, node: GraphNode): readonly GraphNode[] {
  const [x] = node.inputs as [Value];
  const isFew = (x.shape[0] as number) <= FEW_ROWS;
  const joins = ({ outputs }: GraphNode) => isFew || emitter.uses.leadsToAttention(outputs[0] as Value);
  if (!joins(node) || !isWholeWords(node)) return [node];
  const kindOf = ({ inputs }: GraphNode) => {
    const weight = emitter.widened(inputs[1] as Value);
    const beside = inputs.slice(2, 4).map((value) => value?.dtype);
    return `${weight?.initializer.dtype} ${weight?.scales !== undefined} ${beside}`;
  };
  const isAlike = (reader: GraphNode) =>
    reader.op === node.op &&
    reader.inputs[0]?.name === x.name &&
    !emitter.isDone(reader) &&
    joins(reader) &&
    [2, 3, 5].every((i) => Boolean(reader.inputs[i]) === Boolean(node.inputs[i])) &&
    kindOf(reader) === kindOf(node) &&
    isWholeWords(reader) &&
    JSON.stringify(attributesOf(reader)) === JSON.stringify(attributesOf(node));
  let numbers = elementCount((node.inputs[1] as Value).shape);
  const others = emitter.uses.readersOf(x).filter((reader) => {
    if (reader === node || !isAlike(reader)) return false;
    numbers += elementCount((reader.inputs[1] as Value).shape);
    return numbers <= STACKED_NUMBERS;
  });
  return [node, ...others];
}

/** Whether each tensor of a layer fills words of 32 bits, so that another can be written behind it. */
const isWholeWords = ({ inputs }: GraphNode): boolean =>
  inputs.slice(1).every((value) => !value || elementCount(value.shape) % 4 === 0);

/** Without the number of columns, in which layers that are stacked may differ. */
const attributesOf = ({ attributes: { N: _, ...others } }: GraphNode) => others;

/** GEGLU behind a linear layer: Split into values and gates, values · GELU(gates). */
export function gateOf(
  emitter: Emitter,
  node: GraphNode,
): { value: Value; nodes: readonly GraphNode[] } | undefined {
  const { uses } = emitter;
  const split = uses.onlyReaderOf(node.outputs[0] as Value);
  if (split?.op !== 'Split' || split.attributes.axis !== 1 || split.outputs.length !== 2) return undefined;
  const [hidden, gate] = split.outputs as [Value, Value];
  const gelu = uses.onlyReaderOf(gate);
  const product = uses.onlyReaderOf(hidden);
  const isGate = gelu?.op === 'Gelu' && gelu.attributes.approximate === 'none' && product?.op === 'Mul';
  if (!isGate || uses.onlyReaderOf(gelu.outputs[0] as Value) !== product) return undefined;
  return { value: product.outputs[0] as Value, nodes: [split, gelu, product] };
}
