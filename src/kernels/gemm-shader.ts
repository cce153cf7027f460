import type { Width } from './kernel.ts';
import type { Gemm, Tile } from './product.ts';

/** What the shader of a product is made for. */
export interface GemmShader {
  readonly product: Gemm;
  readonly tile: Tile;
  /** Of the vectors that the inner axis is read in. */
  readonly width: Width;
  readonly isSplit: boolean;
  /** The type that a vector of the rows, and of the columns, has in workgroup memory: of float16, or of float32. */
  readonly held: { readonly rows: string; readonly columns: string };
  /** Invocations of a workgroup beside and below each other. */
  readonly threads: readonly [columns: number, rows: number];
}

/** `count` pieces of a shader. */
export const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
