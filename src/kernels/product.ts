import type { Activation } from './activations.ts';
import { type Storage, type Width, widthOf } from './kernel.ts';
import type { WeightStorage } from './weight-storage.ts';

/** How a product is parted among the invocations of a GPU. */
export interface Tile {
  /** Rows and columns of the result that a workgroup computes. */
  readonly rows: number;
  readonly columns: number;
  /** How many vectors of the inner axis lie in workgroup memory at once. */
  readonly depth: number;
  /** Rows and columns that an invocation computes. The columns are a multiple of 2, of 4 with `gated`. */
  readonly perThread: readonly [rows: number, columns: number];
  /** Left out where each invocation multiplies by itself. */
  readonly matrix?: MatrixTile | undefined;
}

/**
 * How the subgroups of a workgroup multiply together, float16 to float32 (WGSL's chromium_experimental_subgroup_matrix). Each has
 * as many rows of the tile as the others, and all of its columns.
 */
export interface MatrixTile {
  /** Of the matrices: [m, k] · [k, n]. */
  readonly size: readonly [m: number, n: number, k: number];
  /** Invocations of a subgroup. */
  readonly subgroup: number;
  /** Subgroups of a workgroup. */
  readonly subgroups: number;
}

/** Where a convolution reads. */
export interface ConvGeometry {
  readonly kernel: number;
  readonly stride: number;
  /** Zeros above and to the left. */
  readonly pads: readonly [top: number, left: number];
  /** Of the feature map in memory. */
  readonly size: readonly [height: number, width: number];
  /** What the map is stretched to first, by nearest neighbour: pixel i is ⌊i · size / stretched⌋. */
  readonly stretched: readonly [height: number, width: number];
  /** Of the result. */
  readonly outSize: readonly [height: number, width: number];
}

/** What a product computes, and of what. */
export interface Gemm {
  /** Rows of the result: tokens, or pixels of all pictures of a batch. */
  readonly rows: number;
  /** Rows of the weight; with `gated` the result has half as many columns. */
  readonly columns: number;
  /** One or two feature maps side by side: their channels, and how they are stored. */
  readonly inputs: readonly { readonly channels: number; readonly storage: Storage }[];
  /** Left out for a plain matrix [rows, channels]. */
  readonly conv?: ConvGeometry | undefined;
  /** Rows of one picture of the batch: by them `normalize` and `addend` are chosen. */
  readonly rowsPerBatch: number;
  /** Scales and shifts of the inputs' channels, float32 [B, 2, C]: x becomes x · scale + shift, then SiLU where asked for. */
  readonly normalize?: { readonly silu: boolean } | undefined;
  readonly weight: WeightStorage;
  readonly bias?: Storage | undefined;
  /** A row for each picture, `pitch` apart; one for all with a pitch of 0. Pitch and offset are even where the columns are. */
  readonly addend?:
    | { readonly storage: Storage; readonly pitch: number; readonly offset: number }
    | undefined;
  /** Of the result's shape. */
  readonly residual?: Storage | undefined;
  readonly activation?: Activation | undefined;
  /** GEGLU: the first half of the columns times GELU of the second. */
  readonly gated?: boolean | undefined;
  /** Factor of the product. */
  readonly alpha?: number | undefined;
  readonly out: Storage;
}

/** Columns of the result. */
export const outColumns = ({ columns, gated }: Gemm): number => (gated ? columns / 2 : columns);

/** How many numbers of the inner axis are read at once. */
export function innerWidth({ inputs, weight }: Gemm): Width {
  const width = widthOf(...inputs.map(({ channels }) => channels));
  return weight.kind === 'quantized' && width === 1 ? 1 : width;
}

/** Channels of all inputs. */
export const channelsOf = ({ inputs }: Gemm): number =>
  inputs.reduce((sum, { channels }) => sum + channels, 0);
/** Pixels that a convolution reads for one of its result; 1 for a matrix. */
export const tapsOf = ({ conv }: Gemm): number => (conv ? conv.kernel ** 2 : 1);
