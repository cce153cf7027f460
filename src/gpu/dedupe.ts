import type { GraphNode, Value } from '../graph/graph.ts';

/** Nodes without those that compute the same as one before them: a UNet takes SiLU of the time in each of its blocks. */
export function dedupe(nodes: readonly GraphNode[]): GraphNode[] {
  const known = new Map<string, GraphNode>();
  const replaced = new Map<string, Value>();
  const kept: GraphNode[] = [];
  for (const node of nodes) {
    const inputs = node.inputs.map((value) => (value ? (replaced.get(value.name) ?? value) : null));
    const shapes = node.outputs.map(({ dtype, shape }) => `${dtype}[${shape}]`);
    const key = JSON.stringify([
      node.op,
      node.domain,
      inputs.map((value) => value?.name),
      node.attributes,
      shapes,
    ]);
    const same = node.op === 'Identity' ? undefined : known.get(key);
    if (same) {
      for (const [i, { name }] of node.outputs.entries()) replaced.set(name, same.outputs[i] as Value);
      continue;
    }
    const changed = { ...node, inputs };
    known.set(key, changed);
    kept.push(changed);
  }
  return kept;
}
