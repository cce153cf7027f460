import { type AttentionTile, attentionTile } from '../kernels/attention-tile.ts';
import type { AttentionVariant } from '../kernels/cases/attention.ts';
import type { Tile } from '../kernels/product.ts';
import { SHORT_ATTENTION, tilesInUse } from './tiles.ts';

/** The forms in which a device runs kernels. */
export interface Variants {
  /** Of products. */
  readonly tiles: readonly Tile[];
  readonly attentions: readonly AttentionVariant[];
  readonly isSoftware: boolean;
}

/** Sizes of a head: of UNets by Stability and of small ones; of a VAE's attention. */
const HEADS = [32, 40, 64, 80, 160, 512];
/** Queries of which a tile is the largest that there is. */
const MANY = 2 ** 24;

/** What attention over heads of a size may be parted into: the largest tile, and those that little work has, of fewer queries. */
function attentionTiles(size: number, memory: number): AttentionTile[] {
  const largest = attentionTile({ batches: 1, heads: 1, size, queries: MANY }, memory);
  const [rows, keys] = largest.perThread;
  const counts = [rows, rows / 2, rows / 4, rows / 8].filter((count) => count >= 1);
  return counts.map((count) => ({ ...largest, perThread: [count, keys] }));
}

/** A few more queries and keys than a tile has. */
function beyond({ threads, perThread }: AttentionTile) {
  const [queries, keys] = [threads[1] * perThread[0] + 3, threads[0] * perThread[1] + 5];
  return { queries, keys };
}

/**
 * What the self-test looks at.
 * @param memory bytes of workgroup memory
 * @param isSoftware a processor, which compiles each for a second, and runs one form of each
 */
export function variantsOf(memory: number, isSoftware: boolean): Variants {
  const tiles = tilesInUse(isSoftware);
  if (isSoftware)
    return {
      ...{ tiles, isSoftware },
      attentions: [
        { size: 40, tile: SHORT_ATTENTION, parts: 'one buffer', queries: 19 },
        { size: 64, tile: SHORT_ATTENTION, parts: 'one buffer', queries: 19, causal: true },
      ],
    };
  const variants = (size: number, others: Partial<AttentionVariant>) =>
    attentionTiles(size, memory).map((tile) => ({ ...others, ...beyond(tile), size, tile, memory }));
  return {
    ...{ tiles, isSoftware },
    attentions: [
      ...HEADS.flatMap((size) => variants(size, { parts: 'two buffers' })),
      ...variants(64, { parts: 'one buffer', causal: true }).map(({ queries, keys, ...one }) => {
        return { ...one, queries: Math.max(queries, keys) };
      }),
    ],
  };
}
