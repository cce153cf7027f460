import type { Graph, Value } from '../../graph/graph.ts';
import * as nn from '../../graph/nn.ts';

/** Numbers that a change is made of, in float32; they are read when they are needed. */
export interface Factor {
  readonly shape: readonly number[];
  readonly read: () => Promise<Float32Array>;
}

/** Makes a factor an input of the graph. */
export type InputOf = (factor: Factor) => Value;

/**
 * What a LoRA does to one tensor W, seen as a matrix: of a linear layer [out, in], of a convolution [out, in · k · k], of a
 * vector [n, 1]. `apply` gives W + strength · (W′ − W), where W′ is the weight that the method's own layer computes with at
 * full strength.
 */
export interface LoraChange {
  apply(g: Graph, weight: Value, strength: number, input: InputOf): Value;
}

/** The same numbers, in another shape. */
export const viewed = (factor: Factor, shape: readonly number[]): Factor => ({ ...factor, shape });

/** W + strength · (W′ − W); of any shape. */
export function between(g: Graph, weight: Value, changed: Value, strength: number): Value {
  if (strength === 1) return changed;
  return nn.add(g, weight, nn.mul(g, nn.sub(g, changed, weight), nn.scalar(g, strength)));
}
