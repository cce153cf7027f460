import * as nn from '../../graph/nn.ts';
import type { LoraChange } from './change.ts';
import { damaged, fits, has, keyOf, type LoraModule } from './module.ts';
import { product } from './product.ts';

const FIRST = ['hada_w1_a', 'hada_w1_b', 'hada_t1'] as const;
const SECOND = ['hada_w2_a', 'hada_w2_b', 'hada_t2'] as const;

/**
 * LoHa (FedPara, Hyeon-Woo et al. 2021): W + scale · (w1_a @ w1_b) ⊙ (w2_a @ w2_b), w_a [out, rank] and w_b [rank, in · k · k].
 * In Tucker form (`hada_t1`, `hada_t2` [rank, rank, k, k]) w_a is [rank, out] and w_b [rank, in]. LyCORIS modules/loha.py,
 * forward; its merge_to applies alpha / rank twice.
 */
export function loha(module: LoraModule): LoraChange | undefined {
  if (!has(module, ...FIRST, ...SECOND)) return undefined;
  const [first, second] = [product(module, FIRST, true), product(module, SECOND, true)];
  if (first.rows !== second.rows || first.columns !== second.columns)
    throw damaged(module, 'hada_w1_a', 'hada_w1_b', 'hada_w2_a', 'hada_w2_b');
  fits(module, keyOf(module, 'hada_w1_a'), first.rows, first.columns);
  const scale = module.scaleOf(first.rank);
  return {
    apply: (g, weight, strength, input) => {
      const [up, down] = first.factors(g, input);
      const scaled = nn.matmul(g, up, nn.mul(g, down, nn.scalar(g, strength * scale)));
      return nn.add(g, weight, nn.mul(g, scaled, nn.matmul(g, ...second.factors(g, input))));
    },
  };
}
