import type { Graph, Value } from '../../graph/graph.ts';
import * as nn from '../../graph/nn.ts';
import { elementCount } from '../../numerics/tensor.ts';
import { type Factor, type InputOf, viewed } from './change.ts';
import { damaged, factor, has, type LoraModule } from './module.ts';

/** A matrix [rows, columns] as the product of two or, in Tucker form, three factors. */
interface Product {
  readonly rows: number;
  readonly columns: number;
  readonly rank: number;
  /** The two factors in a graph: [rows, rank] and [rank, columns]. */
  factors(g: Graph, input: InputOf): readonly [Value, Value];
}

/**
 * up · down: up [rows, rank], down [rank, columns]; both may have more axes. Where the module has the part `core` [q, rank, k…],
 * up is [rows, q] and the columns are those of down with k · k numbers for each (LyCORIS functional/general.py, rebuild_tucker).
 * @param turned whether, in Tucker form, up lies in the file as [q, rows]
 * @throws AppError unsupported-lora when a part is missing, or their shapes contradict each other
 */
export function product(
  module: LoraModule,
  [upName, downName, coreName]: readonly [up: string, down: string, core?: string],
  turned: boolean,
): Product {
  const [up, down] = [factor(module, upName), factor(module, downName)];
  const core = coreName !== undefined && has(module, coreName) ? factor(module, coreName) : undefined;
  const isTurned = turned && core !== undefined;
  const [first = 0, second = 1] = matrixShape(up);
  const [rows, outer] = isTurned ? [second, first] : [first, second];
  const [rank, inner] = matrixShape(down);
  const [q, r, ...kernel] = core?.shape ?? [rank, rank];
  const parts = [downName, upName, ...(coreName === undefined ? [] : [coreName])];
  if (rank === 0 || q === undefined || q !== outer || r !== rank) throw damaged(module, ...parts);
  const kernelSize = elementCount(kernel);
  return {
    rows,
    rank,
    columns: inner * kernelSize,
    factors: (g, input) => {
      const upValue = input(viewed(up, [first, second]));
      const downValue = input(viewed(down, [rank, inner]));
      const left = isTurned ? nn.transpose(g, upValue, [1, 0]) : upValue;
      if (!core) return [left, downValue];
      return [left, withCore(g, input(viewed(core, [q, rank, kernelSize])), downValue)];
    },
  };
}

/** core [q, r, k] over down [r, n] → [q, n · k]: Σ over r of core · down. */
function withCore(g: Graph, core: Value, down: Value): Value {
  const [q, r, k] = core.shape as [number, number, number];
  const n = down.shape[1] as number;
  const turned = nn.reshape(g, nn.transpose(g, core, [0, 2, 1]), [q * k, r]);
  const filled = nn.reshape(g, nn.matmul(g, turned, down), [q, k, n]);
  return nn.reshape(g, nn.transpose(g, filled, [0, 2, 1]), [q, n * k]);
}

/** A tensor as a matrix: its first axis, and all others together. */
export function matrixShape({ shape }: Factor): [number, number] {
  const [rows = 1, ...rest] = shape;
  return [rows, elementCount(rest)];
}
