import type { Graph, Value } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';

/**
 * What one evaluation of a UNet keeps for others, or takes over from another one.
 *
 * `deepcache` (Ma et al. 2023, the package DeepCache 0.1.1): `whole` computes all and keeps what enters the last layers,
 * `shallow` computes only those. Branch 0 is the last layer, 1 the last two, 2 the last three, never more than the last block.
 *
 * `tgate` (Zhang et al. 2024, the package tgate 1.0.0): `store` computes all and keeps the result of every attention, of
 * attention to the text the mean of both halves of guidance; `self` takes over those of self-attention, `cross` those of
 * attention to the text; `cross-halves` too, where the halves were evaluated one after the other.
 */
export type UNetReuse =
  | { readonly method: 'deepcache'; readonly branch: number; readonly part: 'whole' | 'shallow' }
  | { readonly method: 'tgate'; readonly part: 'store' | 'self' | 'cross' | 'cross-halves' };

/** What is before the names of what was kept of a text that was evaluated alone. */
export const HALVES = ['negative:', 'prompt:'] as const;

/** An attention of a UNet, in the order they are computed in: its result [B·T, C], or what was kept of another evaluation. */
export type ReusedAttention = (
  kind: 'self' | 'cross',
  shape: readonly number[],
  compute: () => Value,
) => Value;

/** How T-GATE computes the attentions of one graph. */
export function reusedAttention(g: Graph, batch: number, reuse: UNetReuse | undefined): ReusedAttention {
  if (reuse?.method !== 'tgate') return (_kind, _shape, compute) => compute();
  const { part } = reuse;
  const counts = { self: 0, cross: 0 };
  return (kind, shape, compute) => {
    const name = `${kind}_attention_${counts[kind]++}`;
    if (part === 'cross-halves' && kind === 'cross')
      return mean(
        g,
        HALVES.map((half) => nn.kept(g, half + name, shape)),
      );
    if (part === kind) return nn.kept(g, name, shape);
    const result = compute();
    if (part !== 'store') return result;
    nn.keep(g, name, kind === 'cross' ? mean(g, nn.split(g, result, batch, 0)) : result);
    return result;
  };
}

/** The mean of one value, or of two of a shape. */
function mean(g: Graph, [first, second]: readonly Value[]): Value {
  if (!second) return first as Value;
  return nn.mul(g, nn.add(g, first as Value, second), nn.scalar(g, 0.5));
}
