import { bfloat16ToFloat32, float8E4M3ToFloat32, float8E5M2ToFloat32 } from '../../numerics/half.ts';
import { gemm } from '../gemm.ts';
import type { Storage } from '../kernel.ts';
import type { NarrowStorage } from '../narrow.ts';
import type { Gemm, Tile } from '../product.ts';
import { gemmReference } from '../reference/gemm.ts';
import { type Draw, type KernelCase, stored, toleranceOf } from './case.ts';

const TILE: Tile = { rows: 16, columns: 16, depth: 4, perThread: [2, 4] };
const KINDS = ['float8e4m3fn', 'float8e5m2', 'bfloat16'] as const;

/** Codes as bytes, and what they mean. */
function widened(kind: NarrowStorage, codes: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>) {
  const bytes = new Uint8Array(4 * Math.ceil(codes.byteLength / 4));
  bytes.set(new Uint8Array(codes.buffer));
  const numbers =
    kind === 'bfloat16'
      ? bfloat16ToFloat32(codes as Uint16Array)
      : (kind === 'float8e4m3fn' ? float8E4M3ToFloat32 : float8E5M2ToFloat32)(codes as Uint8Array);
  return { bytes: new Uint16Array(bytes.buffer), numbers };
}

/** A product of a weight with a number of each code in its rows: exactly that number, or none. */
export function codesCase(draw: Draw, storage: Storage): KernelCase {
  const kind = draw.of(KINDS);
  const inner = draw.of([1, 2, 4]);
  const of = (i: number) => Math.floor(i / inner);
  // Of the 65,536 codes of bfloat16 one for each power of two, but for the smallest, of which a part would be flushed to zero.
  const codes =
    kind === 'bfloat16'
      ? Uint16Array.from({ length: 252 * inner }, (_, i) => ((of(i) + 4) << 7) | ((of(i) & 1) << 15))
      : Uint8Array.from({ length: 256 * inner }, (_, i) => of(i));
  const product = { rows: 1, columns: codes.length / inner, inner, kind, isScaled: false };
  const x = stored(inner === 1 ? 'float32' : storage, new Float32Array(inner).fill(1 / inner));
  const found = caseOf(product, inner === 1 ? 'float32' : storage, x, widened(kind, codes), undefined);
  return { ...found, title: `all codes, ${found.title}`, tolerance: 0 };
}

/** A product with random numbers in 8 bits or bfloat16, its rows with scales or without; of a few more than a tile that is given. */
export function narrowCase(draw: Draw, storage: Storage, tile?: Tile): KernelCase {
  const kind = draw.of(KINDS);
  const [rows, columns] = tile ? [tile.rows + 3, tile.columns + 8] : [draw.whole(1, 9), draw.whole(1, 12)];
  const inner = 2 * draw.whole(1, 40);
  const isScaled = draw.random() < 0.5;
  // Sizes about 1, of both signs.
  const code = () => 0x38 + draw.whole(-12, 12) + 128 * draw.whole(0, 1);
  const length = columns * inner;
  const codes =
    kind === 'bfloat16'
      ? Uint16Array.from({ length }, () => (draw.whole(0, 1) << 15) + 0x3f00 + draw.whole(0, 255))
      : Uint8Array.from({ length }, code);
  const scales = isScaled ? draw.numbers(columns, 1, 0.5) : undefined;
  const x = stored(storage, draw.numbers(rows * inner));
  return caseOf({ rows, columns, inner, kind, isScaled }, storage, x, widened(kind, codes), scales, tile);
}

interface NarrowProduct {
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
  readonly kind: NarrowStorage;
  readonly isScaled: boolean;
}

type Stored = ReturnType<typeof stored>;

function caseOf(
  { rows, columns, inner, kind, isScaled }: NarrowProduct,
  storage: Storage,
  x: Stored,
  weight: Stored,
  scales: Float32Array<ArrayBuffer> | undefined,
  tile = TILE,
): KernelCase {
  const product: Gemm = {
    ...{ rows, columns, rowsPerBatch: rows, inputs: [{ channels: inner, storage }], out: 'float32' },
    weight: { kind, ...(isScaled && { isScaled }) },
  };
  const kernels = gemm(product, tile);
  const numbers = weight.numbers.map((value, i) => value * (scales?.[Math.floor(i / inner)] ?? 1));
  const buffers = [x.bytes, weight.bytes, ...(scales ? [scales] : []), rows * columns];
  return {
    title: `${kernels[0]?.name}, ${rows}×${columns} of ${inner}`,
    buffers,
    steps: kernels.map((kernel) => ({ kernel, bindings: buffers.map((_, i) => i) })),
    ...{ result: buffers.length - 1, storage: 'float32', tolerance: toleranceOf('float32') },
    expected: gemmReference(product, { inputs: [x.numbers], weight: numbers }),
  };
}
