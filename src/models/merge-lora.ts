import type { LoraModule } from '../checkpoint/lora.ts';
import type { StoredTensor } from '../checkpoint/weights.ts';
import { Graph, type GraphTarget, type Value } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { elementCount } from '../numerics/tensor.ts';

/** A weight, and the changes that are added to it, in this order. */
export interface LoraMerge {
  readonly name: string;
  readonly tensor: StoredTensor;
  readonly changes: readonly {
    /** The LoRA's index among the strengths. */
    readonly lora: number;
    readonly module: LoraModule;
  }[];
}

/**
 * A graph of W + Σ strength · scale · up @ down for each weight W, in float32: strength_0, strength_1, … float32 [1], one for
 * each LoRA → the weights by name, float32 [out, in] or [out, in · k · k].
 *
 * The strengths are inputs so that the products are computed by the run: onnxruntime computes what depends on weights alone
 * while it loads, on one thread of the CPU.
 */
export function mergeLora(
  merges: readonly LoraMerge[],
  loras: number,
  provider: GraphTarget['provider'],
): Graph {
  const g = new Graph('lora', { provider, dtype: 'float32' });
  const strengths = Array.from({ length: loras }, (_, i) => g.input(`strength_${i}`, 'float32', [1]));
  for (const { name, tensor, changes } of merges) {
    const out = tensor.shape[0] as number;
    const shape = [out, elementCount(tensor.shape.slice(1))];
    let weight = stored(g, name, tensor, shape);
    for (const { lora, module } of changes) {
      const rank = module.down.shape[0] as number;
      const down = stored(g, `${name}/${lora}/down`, module.down, [rank, shape[1] as number]);
      const up = stored(g, `${name}/${lora}/up`, module.up, [out, rank]);
      const scaled = nn.mul(g, down, strengths[lora] as Value);
      weight = nn.addProduct(g, weight, up, scaled, module.scale);
    }
    g.output(name, weight);
  }
  return g;
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
