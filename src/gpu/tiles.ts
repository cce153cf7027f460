import type { AttentionTile } from '../kernels/attention-tile.ts';
import type { MatrixTile, Tile } from '../kernels/product.ts';

/** From the one that reads least to the one that keeps most of a GPU busy. */
const TILES: readonly Tile[] = [
  { rows: 128, columns: 128, depth: 4, perThread: [8, 8] },
  { rows: 128, columns: 64, depth: 4, perThread: [8, 4] },
  { rows: 64, columns: 64, depth: 4, perThread: [4, 4] },
  { rows: 32, columns: 64, depth: 4, perThread: [4, 4] },
];
/** Others that are tried in their place, where trials are made. */
const OTHERS: readonly Tile[] = [
  { rows: 64, columns: 128, depth: 4, perThread: [4, 8] },
  { rows: 64, columns: 64, depth: 4, perThread: [8, 8] },
  { rows: 32, columns: 32, depth: 4, perThread: [2, 4] },
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

/** The tile of every product where a processor plays the GPU. */
export const SOFTWARE: TileChoice = { tile: SHORT, splits: 1 };

/** A tile for a product [rows, columns] over `inner` numbers that is good without trying. */
export function chooseTile(rows: number, columns: number, inner: number): TileChoice {
  const workgroups = ({ rows: height, columns: width }: Tile) =>
    Math.ceil(rows / height) * Math.ceil(columns / width);
  const few = rows <= FLAT.rows ? FLAT : undefined;
  const tile = few ?? TILES.find((tile) => workgroups(tile) >= ENOUGH_WORKGROUPS) ?? (TILES.at(-1) as Tile);
  return { tile, splits: splitsOf(workgroups(tile), inner) };
}

function splitsOf(workgroups: number, inner: number): number {
  const wanted = Math.ceil(ENOUGH_WORKGROUPS / workgroups);
  return Math.max(1, Math.min(wanted, MOST_SPLITS, Math.floor(inner / LEAST_INNER)));
}

/** The tile for a product by subgroup matrices; undefined of few rows, where most of a matrix would be empty. */
export function chooseMatrixTile(
  tile: Tile,
  rows: number,
  columns: number,
  inner: number,
): TileChoice | undefined {
  if (rows <= FLAT.rows) return undefined;
  const workgroups = Math.ceil(rows / tile.rows) * Math.ceil(columns / tile.columns);
  return { tile, splits: splitsOf(workgroups, inner) };
}

/** A tile whose subgroups multiply together. */
export const matrixTile = (size: MatrixTile['size'], subgroup: number): Tile => ({
  ...{ rows: 64, columns: 64, depth: 8, perThread: [4, 4] },
  matrix: { size, subgroup, subgroups: 4 },
});

/**
 * The tiles that may stand in the place of one: those that add the same numbers in the same order, so that a product's result
 * does not depend on which is taken. They go through the inner axis alike where their depth is the same.
 */
export const alternativesTo = (tile: Tile): readonly Tile[] =>
  TILES.includes(tile)
    ? [...TILES, ...OTHERS].filter((other) => other !== tile && other.depth === tile.depth)
    : [];

/** All that may be chosen without trying. */
export const tilesInUse = (isSoftware: boolean): readonly Tile[] => (isSoftware ? [SHORT] : [...TILES, FLAT]);
