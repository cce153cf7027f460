import type { Gemm, Tile } from '../kernels/product.ts';
import { GpuRefusal } from './checked.ts';
import { alternativesTo, type TileChoice } from './tiles.ts';

/** Milliseconds that the trials for a graph may take in all. */
const BUDGET_MS = 1_000;
/** Part of the usual tile's time that another must save, to be more than chance. */
const LEAST_GAIN = 0.05;
/** Operations of the products of a graph that is worth trials: a denoiser or a VAE, no text encoder and no small model. */
const WORTH_FLOPS = 1e11;

/** Products that are kept for later visits: some fifty for each size of a picture. */
const MOST_KEPT = 1_000;

/** How long a product took with a tile, and some of what it computed. */
export interface Measured {
  readonly ms: number;
  readonly bits: Uint32Array;
}

/** Runs one product with any tile. */
export interface Trial {
  /** Undefined where the driver does not compile it. @throws GpuRefusal; DOMException where the device is lost */
  measure(choice: TileChoice): Promise<Measured | undefined>;
  release(): void;
}

/** Where choices are kept from one visit to the next: by product, the tile's name. It loses them rather than fail. */
export interface TileStore {
  read(): Promise<Readonly<Record<string, string>>>;
  write(tiles: Readonly<Record<string, string>>): Promise<void>;
}

/** What trials need of the world. */
export interface TuneWorld {
  readonly open: (product: Gemm, splits: number) => Trial;
  readonly store: TileStore;
  /** Milliseconds. */
  readonly now: () => number;
}

interface Wanted {
  readonly product: Gemm;
  readonly usual: TileChoice;
  flops: number;
}

export const tileName = ({ rows, columns, perThread }: Tile): string =>
  `${rows}×${columns}/${perThread.join('×')}`;

/**
 * Chooses the tile of each product by trying them on this GPU, once: a tile that adds in the same order and computes the same
 * bits, so that pictures are the same with any choice and with none. What the budget does not reach keeps the usual tile.
 */
export class Tuner {
  readonly #world: TuneWorld;
  /** By product. */
  #known: Record<string, string> | undefined;
  #wanted = new Map<string, Wanted>();

  constructor(world: TuneWorld) {
    this.#world = world;
  }

  /** From now on `tileFor` is asked for another graph. */
  begin(): void {
    this.#wanted = new Map();
  }

  /** What was found best for a product, else the usual choice. */
  tileFor(product: Gemm, usual: TileChoice, flops: number): TileChoice {
    const key = keyOf(product, usual);
    const name = this.#known?.[key];
    const tile = alternativesTo(usual.tile).find((tile) => tileName(tile) === name);
    if (tile) return { ...usual, tile };
    const wanted = this.#wanted.get(key);
    if (wanted) wanted.flops += flops;
    else if (name === undefined) this.#wanted.set(key, { product, usual, flops });
    return usual;
  }

  /**
   * Tries the products of the graph that `tileFor` was asked for and of which nothing is known.
   * @returns whether `tileFor` would now choose differently
   * @throws what a trial throws, except what the GPU refuses: memory, or a tile that has too many workgroups. There the usual
   * tile stays
   */
  async tune(): Promise<boolean> {
    const wanted = [...this.#wanted];
    if (wanted.reduce((sum, [, { flops }]) => sum + flops, 0) < WORTH_FLOPS) return false;
    const stored = this.#known === undefined ? await this.#world.store.read() : {};
    const known = { ...stored, ...this.#known };
    this.#known = known;
    const missing = wanted.filter(([key]) => known[key] === undefined);
    missing.sort(([, a], [, b]) => b.flops - a.flops);
    const end = this.#world.now() + BUDGET_MS;
    for (const [key, { product, usual }] of missing) {
      // What is not reached is not tried at the next visit either.
      known[key] = tileName(usual.tile);
      if (this.#world.now() < end) known[key] = tileName(await this.#best(product, usual, end));
    }
    if (missing.length > 0)
      await this.#world.store.write(Object.fromEntries(Object.entries(known).slice(-MOST_KEPT)));
    return wanted.some(([key, { usual }]) => known[key] !== tileName(usual.tile));
  }

  async #best(product: Gemm, usual: TileChoice, end: number): Promise<Tile> {
    const trial = this.#world.open(product, usual.splits);
    try {
      const begin = this.#world.now();
      const first = await trial.measure(usual);
      const took = this.#world.now() - begin;
      let best = { tile: usual.tile, ms: (first?.ms ?? 0) * (1 - LEAST_GAIN) };
      for (const tile of alternativesTo(usual.tile)) {
        // A slow GPU has no time for another.
        if (!first || this.#world.now() + took > end) break;
        const measured = await trial.measure({ ...usual, tile });
        if (measured && measured.ms < best.ms && isSame(measured.bits, first.bits))
          best = { tile, ms: measured.ms };
      }
      return best.tile;
    } catch (error) {
      if (error instanceof GpuRefusal) return usual.tile;
      throw error;
    } finally {
      trial.release();
    }
  }
}

const isSame = (a: Uint32Array, b: Uint32Array) =>
  a.length === b.length && a.every((word, i) => word === b[i]);

/** Two products with one key are computed by equal kernels on tensors of equal shapes. */
const keyOf = (product: Gemm, { tile, splits }: TileChoice): string =>
  JSON.stringify([product, splits, tileName(tile)]);
