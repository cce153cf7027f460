import { gemm } from '../gemm.ts';
import type { Storage } from '../kernel.ts';
import type { Tile } from '../product.ts';
import { gemmReference } from '../reference/gemm.ts';
import { type Draw, type KernelCase, stored, toleranceOf } from './case.ts';

const BLOCK = 32;

const TILE: Tile = { rows: 16, columns: 16, depth: 4, perThread: [2, 4] };

/** A product with a weight in 8 or 4 bits, as checkpoint/quantize.ts writes it, or with ggml's minimums; of a few more rows and columns than a tile that is given. */
export function quantizedCase(
  draw: Draw,
  storage: Storage,
  bits: 4 | 8 = draw.of([4, 8] as const),
  tile?: Tile,
  kind: 'own' | 'ggml' = draw.of(['own', 'ggml'] as const),
): KernelCase {
  const [rows, columns] = tile
    ? [tile.rows + 3, tile.columns + 8]
    : [draw.whole(1, 9), 2 * draw.whole(1, 12)];
  const blocks = draw.whole(1, 5);
  const inner = blocks * BLOCK;
  const zeroPoints = kind === 'ggml' ? 'float32' : bits === 4 ? 'packed' : undefined;
  const top = 2 ** bits;
  const codes = Array.from({ length: columns * inner }, () => draw.whole(0, top - 1));
  const zeros = Array.from({ length: columns * blocks }, () => draw.whole(0, top - 1));
  const fractions = Float32Array.from(zeros, (zero) => zero + 0.25);
  const scaled = kind === 'ggml' ? 'float32' : storage;
  const scales = stored(scaled, draw.numbers(columns * blocks, 0.02, 0.01));
  const weight = Float32Array.from(codes, (code, i) => {
    const block = Math.floor(i / BLOCK);
    const zero = { packed: zeros[block], float32: fractions[block], none: top / 2 }[zeroPoints ?? 'none'];
    return (code - (zero as number)) * (scales.numbers[block] as number);
  });
  const x = stored(storage, draw.numbers(rows * inner));
  const kernels = gemm(
    {
      ...{ rows, columns, rowsPerBatch: rows, out: storage },
      inputs: [{ channels: inner, storage }],
      weight: { kind: 'quantized', bits, block: BLOCK, scales: scaled, zeroPoints },
    },
    tile ?? TILE,
  );
  const packed = [
    packRows(codes, inner, bits),
    scales.bytes,
    ...(zeroPoints === 'packed' ? [packRows(zeros, blocks, bits)] : []),
    ...(zeroPoints === 'float32' ? [new Uint16Array(fractions.buffer)] : []),
  ];
  return {
    title: `${kernels[0]?.name}, ${rows}×${columns} of ${inner}`,
    buffers: [x.bytes, ...packed, rows * columns],
    steps: kernels.map((kernel) => ({
      kernel,
      bindings: [0, ...packed.map((_, i) => 1 + i), 1 + packed.length],
    })),
    ...{ result: 1 + packed.length, storage, tolerance: toleranceOf(storage) },
    expected: gemmReference(
      {
        rows,
        columns,
        rowsPerBatch: rows,
        inputs: [{ channels: inner, storage }],
        weight: { kind: 'float32' },
        out: storage,
      },
      { inputs: [x.numbers], weight },
    ),
  };
}

/** Numbers of rows as bytes: with 4 bits the first of two is in the lower half, and each row begins with a byte. */
function packRows(numbers: readonly number[], rowLength: number, bits: 4 | 8): Uint16Array<ArrayBuffer> {
  const rowBytes = Math.ceil((rowLength * bits) / 8);
  const rows = numbers.length / rowLength;
  const bytes = new Uint8Array(4 * Math.ceil((rows * rowBytes) / 4));
  for (const [i, number] of numbers.entries()) {
    const [row, column] = [Math.floor(i / rowLength), i % rowLength];
    const at = row * rowBytes + Math.floor((column * bits) / 8);
    bytes[at] = (bytes[at] as number) | (number << (bits === 4 ? 4 * (column % 2) : 0));
  }
  return new Uint16Array(bytes.buffer);
}
