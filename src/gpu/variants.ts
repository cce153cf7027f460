import { attentionTile } from '../kernels/attention-tile.ts';
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
        { size: 40, tile: SHORT_ATTENTION, parts: 'one buffer' },
        { size: 64, tile: SHORT_ATTENTION, parts: 'one buffer', causal: true },
      ],
    };
  const tileOf = (size: number, queries: number) =>
    attentionTile({ batches: 2, heads: 8, size, queries }, memory);
  return {
    ...{ tiles, isSoftware },
    attentions: [
      // Of many queries and of few, which are parted more finely.
      ...HEADS.flatMap((size) =>
        [4096, 64].map((queries) => ({
          size,
          tile: tileOf(size, queries),
          memory,
          parts: 'two buffers' as const,
        })),
      ),
      { size: 64, tile: tileOf(64, 77), memory, parts: 'one buffer', causal: true },
    ],
  };
}
