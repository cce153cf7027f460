import type { Graph, Value } from '../../graph/graph.ts';
import * as nn from '../../graph/nn.ts';
import { elementCount } from '../../numerics/tensor.ts';
import type { LoraChange } from './change.ts';
import { damaged, factor, fits, has, keyOf, type LoraModule } from './module.ts';
import { matrixShape, product } from './product.ts';

const PARTS = ['a1', 'a2', 'b1', 'b2'] as const;

/**
 * GLoRA (Chavan et al. 2023): W + scale · (W a1 a2 + b1 b2), a1 [in, rank], a2 [rank, in], b1 [out, rank] and b2 [rank, in, k, k];
 * W a1 a2 changes the inputs of each place of the kernel alike. LyCORIS modules/glora.py; old files have the
 * names the other way round: a1 [rank, in], a2 [in, rank], b1 [rank, in, k, k], b2 [out, rank].
 */
export function glora(module: LoraModule): LoraChange | undefined {
  if (!has(module, ...PARTS, 'bm')) return undefined;
  const size = (name: (typeof PARTS)[number]) => matrixShape(factor(module, name));
  const [a1, a2, b1, b2] = [size('a1'), size('a2'), size('b1'), size('b2')];
  const isNew = [a2[0], b1[1], b2[0]].every((rank) => rank === a1[1]);
  const isOld = !isNew && [a2[1], b1[0], b2[1]].every((rank) => rank === a1[0]);
  const [up, down] = isOld ? (['a2', 'a1'] as const) : (['a1', 'a2'] as const);
  const a = product(module, [up, down], false);
  const b = product(module, isOld ? ['b2', 'b1', 'bm'] : ['b1', 'b2', 'bm'], false);
  if (a.rows !== a.columns) throw damaged(module, up, down);
  const kernelSize = elementCount(module.place.shape.slice(2));
  fits(module, keyOf(module, 'b1'), b.rows, b.columns);
  fits(module, keyOf(module, 'a1'), b.rows, a.columns * kernelSize);
  const scale = module.scaleOf(a.rank);
  return {
    apply: (g, weight, strength, input) => {
      const onInput = overInputs(g, weight, kernelSize, a.factors(g, input));
      const sum = nn.addProduct(g, onInput, ...b.factors(g, input), 1);
      return nn.add(g, weight, nn.mul(g, sum, nn.scalar(g, strength * scale)));
    },
  };
}

/** W [out, in · k] → W · a1 a2 over the inputs, for each place of the kernel. */
function overInputs(g: Graph, weight: Value, k: number, [a1, a2]: readonly [Value, Value]): Value {
  const [out, columns] = weight.shape as [number, number];
  const inner = columns / k;
  const last = nn.transpose(g, nn.reshape(g, weight, [out, inner, k]), [0, 2, 1]);
  const product = nn.matmul(g, nn.matmul(g, nn.reshape(g, last, [out * k, inner]), a1), a2);
  const back = nn.transpose(g, nn.reshape(g, product, [out, k, inner]), [0, 2, 1]);
  return nn.reshape(g, back, [out, columns]);
}
