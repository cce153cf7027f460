import type { AttentionTile } from '../kernels/attention-tile.ts';
import type { Tile } from '../kernels/product.ts';

/** From the one that reads least to the one that keeps most of a GPU busy. */
const TILES: readonly Tile[] = [
  { rows: 128, columns: 128, depth: 4, perThread: [8, 8] },
  { rows: 128, columns: 64, depth: 4, perThread: [8, 4] },
  { rows: 64, columns: 64, depth: 4, perThread: [4, 4] },
  { rows: 32, columns: 64, depth: 4, perThread: [4, 4] },
];
/** Short code, the same for all: a processor that plays a GPU compiles each kernel for a second. */
const SHORT: Tile = { rows: 16, columns: 32, depth: 1, perThread: [4, 4] };
/** The same of attention. */
export const SHORT_ATTENTION: AttentionTile = { threads: [4, 2], perThread: [2, 4] };
/** Few rows, such as those of a time: the columns keep the GPU busy. */
const FLAT: Tile = { rows: 8, columns: 32, depth: 8, perThread: [1, 4] };

/** With fewer workgroups a large GPU has processors that wait. */
const ENOUGH_WORKGROUPS = 256;
const MOST_SPLITS = 16;
/** Numbers of the inner axis that a split must have, for its sums to be worth their way through memory. */
const LEAST_INNER = 1024;

export interface TileChoice {
  readonly tile: Tile;
  /** Into how many parts the inner axis goes, each a workgroup of its own. */
  readonly splits: number;
}

/** A tile for a product [rows, columns] over `inner` numbers that is good without trying. */
export function chooseTile(rows: number, columns: number, inner: number, isSoftware = false): TileChoice {
  if (isSoftware) return { tile: SHORT, splits: 1 };
  const workgroups = ({ rows: height, columns: width }: Tile) =>
    Math.ceil(rows / height) * Math.ceil(columns / width);
  const few = rows <= FLAT.rows ? FLAT : undefined;
  const tile = few ?? TILES.find((tile) => workgroups(tile) >= ENOUGH_WORKGROUPS) ?? (TILES.at(-1) as Tile);
  const wanted = Math.ceil(ENOUGH_WORKGROUPS / workgroups(tile));
  const splits = Math.max(1, Math.min(wanted, MOST_SPLITS, Math.floor(inner / LEAST_INNER)));
  return { tile, splits };
}

/** All that may be chosen. */
export const tilesInUse = (isSoftware: boolean): readonly Tile[] => (isSoftware ? [SHORT] : [...TILES, FLAT]);
