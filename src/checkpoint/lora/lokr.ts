import type { Graph, Value } from '../../graph/graph.ts';
import * as nn from '../../graph/nn.ts';
import { type InputOf, type LoraChange, viewed } from './change.ts';
import { factor, fits, has, keyOf, type LoraModule } from './module.ts';
import { matrixShape, product } from './product.ts';

/**
 * LoKr (KronA, Edalati et al. 2022): W + scale · w1 ⊗ w2, w1 [a, c] and w2 [b, d, k, k], where out = a · b and in = c · d. Each
 * may itself be a product (`_a`, `_b`), w2 also in Tucker form (`lokr_t2`). LyCORIS modules/lokr.py, forward; its merge_to
 * applies alpha / rank twice.
 */
export function lokr(module: LoraModule): LoraChange | undefined {
  if (!has(module, ...['lokr_w1', 'lokr_w2'].flatMap((name) => [name, `${name}_a`, `${name}_b`]), 'lokr_t2'))
    return undefined;
  const [w1, w2] = [half(module, 'lokr_w1'), half(module, 'lokr_w2')];
  const [rows, columns] = [w1.rows * w2.rows, w1.columns * w2.columns];
  fits(module, keyOf(module, 'lokr_w1', 'lokr_w1_a'), rows, columns);
  const scale = module.scaleOf(w1.rank ?? w2.rank);
  return {
    apply: (g, weight, strength, input) => {
      const left = nn.mul(g, w1.value(g, input), nn.scalar(g, strength * scale));
      const [a, b] = [
        nn.reshape(g, left, [w1.rows, 1, w1.columns, 1]),
        nn.reshape(g, w2.value(g, input), [1, w2.rows, 1, w2.columns]),
      ];
      return nn.add(g, weight, nn.reshape(g, nn.mul(g, a, b), [rows, columns]));
    },
  };
}

/** One side of ⊗, as a matrix: [rows, columns], the columns of a convolution with all k · k numbers of each. */
interface Half {
  readonly rows: number;
  readonly columns: number;
  /** Undefined where it is stored in full. */
  readonly rank?: number;
  value(g: Graph, input: InputOf): Value;
}

function half(module: LoraModule, name: 'lokr_w1' | 'lokr_w2'): Half {
  if (has(module, name)) {
    const whole = factor(module, name);
    const [rows, columns] = matrixShape(whole);
    return { rows, columns, value: (_, input) => input(viewed(whole, [rows, columns])) };
  }
  const parts = [`${name}_a`, `${name}_b`] as const;
  const { factors, ...shape } =
    name === 'lokr_w1' ? product(module, parts, false) : product(module, [...parts, 'lokr_t2'], true);
  return { ...shape, value: (g, input) => nn.matmul(g, ...factors(g, input)) };
}
