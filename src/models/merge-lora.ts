import type { Factor } from '../checkpoint/lora/change.ts';
import type { PlacedChange } from '../checkpoint/lora/read-lora.ts';
import type { StoredTensor } from '../checkpoint/weights.ts';
import { Graph, type GraphTarget, type Value } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { elementCount } from '../numerics/tensor.ts';

/** A tensor, and the changes that are made to it, in this order, each with its strength. */
export interface LoraMerge {
  readonly name: string;
  readonly tensor: StoredTensor;
  readonly changes: readonly (PlacedChange & { readonly strength: number })[];
}

/** A graph, and the numbers that it is to be fed. */
export interface LoraGraph {
  readonly graph: Graph;
  readonly factors: ReadonlyMap<string, Factor>;
}

/**
 * A graph that makes the changed tensors: by their names, float32 [out, in · k · k], computed in float32.
 *
 * What the changes are made of are inputs so that the run computes them: onnxruntime computes what depends on weights alone
 * while it loads, on one thread of the CPU.
 */
export function mergeLora(merges: readonly LoraMerge[], target: GraphTarget): LoraGraph {
  const g = new Graph('lora', { ...target, dtype: 'float32' });
  const factors = new Map<string, Factor>();
  const input = (factor: Factor): Value => {
    const name = `factor_${factors.size}`;
    factors.set(name, factor);
    return g.input(name, 'float32', factor.shape);
  };
  for (const { name, tensor, changes } of merges) {
    const [out = 1, ...rest] = tensor.shape;
    const weight = stored(g, name, tensor, [out, elementCount(rest)]);
    const changed = changes.reduce<Value>((before, { change, shape, strength }) => {
      const columns = elementCount(shape.slice(1));
      if (columns === elementCount(rest)) return change.apply(g, before, strength, input);
      // The first channels of an inpainting model's first convolution.
      const latents = columnsOf(g, before, 0, columns);
      const others = columnsOf(g, before, columns, elementCount(rest));
      return nn.concat(g, [change.apply(g, latents, strength, input), others], 1);
    }, weight);
    g.output(name, changed);
  }
  return { graph: g, factors };
}

/** The columns of a matrix from `start` to before `end`. */
function columnsOf(g: Graph, matrix: Value, start: number, end: number): Value {
  const indices = Int32Array.from({ length: end - start }, (_, i) => start + i);
  const rows = nn.transpose(g, matrix, [1, 0]);
  return nn.transpose(g, nn.gather(g, rows, g.constant(indices, [indices.length])), [1, 0]);
}

/** A tensor as a file of its own, float32, because the CPU provider reads a session's files as a whole. */
function stored(
  g: Graph,
  path: string,
  { dtype, offset, length, blob }: StoredTensor,
  shape: readonly number[],
): Value {
  const range = { path, offset: 0, length };
  const type = dtype === 'F16' ? 'float16' : 'float32';
  return nn.cast(g, g.weight(path, type, shape, range, blob.slice(offset, offset + length)), 'float32');
}
