import * as nn from '../../graph/nn.ts';
import type { LoraChange } from './change.ts';
import { damaged, factor, fits, has, keyOf, type LoraModule } from './module.ts';
import { matrixShape, product } from './product.ts';

/**
 * LoRA (Hu et al. 2021) and LoCon: W + scale · up @ down. For a linear layer down is [rank, in] and up [out, rank], for a
 * convolution [rank, in, k, k] and [out, rank, 1, 1]. In Tucker form (`lora_mid` [rank, rank, k, k]) down is [rank, in, 1, 1].
 */
export function lora(module: LoraModule): LoraChange | undefined {
  if (!has(module, 'down', 'up', 'mid')) return undefined;
  const { rows, columns, rank, factors } = product(module, ['up', 'down', 'mid'], false);
  fits(module, keyOf(module, 'down'), rows, columns);
  const scale = module.scaleOf(rank);
  return {
    apply: (g, weight, strength, input) => nn.addProduct(g, weight, ...factors(g, input), strength * scale),
  };
}

/**
 * PEFT's LoRA of a table of embeddings: W [words, width] + scale · (B @ A)ᵀ, A [rank, words] and B [width, rank]
 * (peft tuners/lora/layer.py, Embedding).
 */
export function embeddingLora(module: LoraModule): LoraChange | undefined {
  if (!has(module, 'embedding_down', 'embedding_up')) return undefined;
  const [down, up] = [factor(module, 'embedding_down'), factor(module, 'embedding_up')];
  const [[rank, words], [width, outer]] = [matrixShape(down), matrixShape(up)];
  if (rank === 0 || rank !== outer) throw damaged(module, 'embedding_down', 'embedding_up');
  fits(module, keyOf(module, 'embedding_down'), words, width);
  const scale = module.scaleOf(rank);
  return {
    apply: (g, weight, strength, input) => {
      const [a, b] = [down, up].map((matrix) => nn.transpose(g, input(matrix), [1, 0]));
      return nn.addProduct(g, weight, a as typeof weight, b as typeof weight, strength * scale);
    },
  };
}
