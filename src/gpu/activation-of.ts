import type { GraphNode } from '../graph/graph.ts';
import type { Activation } from '../kernels/activations.ts';

/** The activation that a node is; undefined for any other node. */
export function activationOf({ op, attributes }: GraphNode): Activation | undefined {
  if (op === 'Relu') return 'relu';
  if (op === 'Gelu') return attributes.approximate === 'none' ? 'gelu' : undefined;
  if (op === 'QuickGelu')
    return attributes.alpha === 1 ? 'silu' : attributes.alpha === 1.702 ? 'quickGelu' : undefined;
  return undefined;
}
