import type { Storage } from '../kernel.ts';
import type { Gemm, Tile } from '../product.ts';
import type { Draw, KernelCase } from './case.ts';
import { caseOf } from './gemm.ts';

/** GEGLU of a few more rows and columns than a tile has. */
export function gatedCase(draw: Draw, storage: Storage, tile: Tile): KernelCase {
  const [rows, columns, inner] = [tile.rows + 3, tile.columns + 8, 20];
  const product: Gemm = {
    ...{ rows, columns, rowsPerBatch: rows, gated: true, bias: storage, out: storage },
    inputs: [{ channels: inner, storage }],
    weight: { kind: storage as 'float32' },
  };
  return caseOf(draw, product, 1, inner, tile, 1);
}

/** A convolution as UNets have it: two feature maps, normalised, with the time and a residual; its sums in two parts. As large as that. */
export function convCase(draw: Draw, storage: Storage, tile: Tile): KernelCase {
  const [height, width, columns] = [Math.floor(tile.rows / 10) + 1, 5, tile.columns + 4];
  const size = [height, width] as const;
  const product: Gemm = {
    ...{ rows: 2 * height * width, columns, rowsPerBatch: height * width, out: storage, residual: storage },
    inputs: [
      { channels: 8, storage },
      { channels: 4, storage },
    ],
    conv: { kernel: 3, stride: 1, pads: [1, 1], size, stretched: size, outSize: size },
    normalize: { silu: true },
    weight: { kind: storage as 'float32' },
    bias: storage,
    addend: { storage, pitch: columns, offset: 0 },
  };
  return caseOf(draw, product, 2, 9 * 12, tile, 2);
}
