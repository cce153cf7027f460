import { gemm, scratchBytes } from '../gemm.ts';
import type { Storage } from '../kernel.ts';
import { type ConvGeometry, type Gemm, outColumns, type Tile } from '../product.ts';
import { gemmReference } from '../reference/gemm.ts';
import { type Draw, type KernelCase, stored, toleranceOf } from './case.ts';

const CHANNELS = [1, 3, 4, 5, 8, 9, 12, 16, 20];
const TILES: readonly Tile[] = [
  { rows: 16, columns: 16, depth: 3, perThread: [2, 4] },
  { rows: 16, columns: 32, depth: 1, perThread: [4, 4] },
  { rows: 8, columns: 32, depth: 8, perThread: [1, 4] },
];

/** A matrix product, or a convolution of one or two small pictures. */
export function gemmCase(draw: Draw, storage: Storage): KernelCase {
  const isConv = draw.random() < 0.6;
  return productCase(draw, storage, isConv ? convolution(draw) : undefined);
}

/** What is normalised on its way into subgroup matrices is rounded to float16. */
export const MATRIX_TOLERANCE = 4e-3;

/** The same by subgroup matrices: numbers in float16, channels in fours. */
export function matrixCase(draw: Draw, tile: Tile): KernelCase {
  const isConv = draw.random() < 0.6;
  const made = productCase(draw, 'float16', isConv ? convolution(draw) : undefined, tile);
  return { ...made, tolerance: MATRIX_TOLERANCE };
}

function convolution(draw: Draw): ConvGeometry {
  const size = [draw.whole(1, 6), draw.whole(1, 6)] as const;
  const kernel = draw.of([1, 3, 3, 5]);
  const stride = draw.of([1, 1, 2]);
  const pad = (kernel - 1) / 2;
  const stretched: readonly [number, number] =
    draw.random() < 0.3 ? [2 * size[0] - draw.whole(0, 1), 2 * size[1]] : size;
  const [height, width] = stretched.map((n) => Math.floor((n + 2 * pad - kernel) / stride) + 1);
  return { kernel, stride, pads: [pad, pad], size, stretched, outSize: [height as number, width as number] };
}

function productCase(
  draw: Draw,
  storage: Storage,
  conv: ConvGeometry | undefined,
  matrices?: Tile,
): KernelCase {
  const batches = draw.whole(1, 3);
  const gated = !conv && draw.random() < 0.3;
  const rowsPerBatch = conv ? conv.outSize[0] * conv.outSize[1] : draw.whole(1, 9);
  const columns = gated ? 2 * draw.whole(1, 20) : draw.whole(1, 40);
  const wanted = gated ? columns / 2 : columns;
  /** A tensor in pairs has an even last axis; a weight or a bias an even length. */
  const kept = (...lengths: number[]): Storage => {
    const isOdd = storage === 'packed16' && lengths.some((length) => length % 2 === 1);
    return isOdd || draw.random() < 0.3 ? 'float32' : storage;
  };
  const counts = matrices ? [4, 8, 12, 20, 36] : CHANNELS;
  const seconds = matrices ? [4, 8, 40] : [2, 4, 7, 8];
  const channels = [draw.of(counts), ...(draw.random() < 0.3 ? [draw.of(seconds)] : [])];
  const inner = (conv?.kernel ?? 1) ** 2 * channels.reduce((sum, count) => sum + count, 0);
  const read = (...lengths: number[]) => (matrices ? storage : kept(...lengths));
  const weight = read(columns * inner);
  const product: Gemm = {
    ...{ rows: batches * rowsPerBatch, columns, rowsPerBatch, conv, gated },
    inputs: channels.map((count) => ({ channels: count, storage: read(count) })),
    normalize: draw.random() < 0.4 ? { silu: draw.random() < 0.5 } : undefined,
    weight: { kind: weight as 'float32' },
    bias: draw.random() < 0.6 ? kept(columns, wanted) : undefined,
    addend: draw.random() < 0.4 ? addendOf(draw, wanted, kept(wanted)) : undefined,
    residual: draw.random() < 0.4 ? kept(wanted) : undefined,
    activation: gated ? undefined : draw.of([undefined, 'silu', 'gelu', 'quickGelu', 'relu']),
    alpha: draw.of([1, 0.5]),
    out: kept(wanted),
  };
  return caseOf(draw, product, batches, inner, matrices ?? draw.of(TILES));
}

function addendOf(draw: Draw, columns: number, storage: Storage): Gemm['addend'] {
  const offset = 2 * draw.whole(0, 3);
  return { storage, offset, pitch: draw.random() < 0.5 ? 0 : 2 * Math.ceil((columns + offset) / 2) };
}

/** A product on random numbers, `inner` of which are summed. */
export function caseOf(
  draw: Draw,
  product: Gemm,
  batches: number,
  inner: number,
  tile: Tile,
  splits = draw.of([1, 1, 2, 3]),
): KernelCase {
  const { rows, columns, inputs, conv, bias, addend, residual, out } = product;
  const channels = inputs.reduce((sum, input) => sum + input.channels, 0);
  const pixels = conv ? batches * conv.size[0] * conv.size[1] : rows;
  const optional = (storage: Storage | undefined, length: number) =>
    storage && stored(storage, draw.numbers(length));
  const maps = inputs.map((map) => stored(map.storage, draw.numbers(pixels * map.channels)));
  const norm = product.normalize && stored('float32', draw.numbers(batches * 2 * channels));
  const weight = stored(product.weight.kind as Storage, draw.numbers(columns * inner));
  const wanted = outColumns(product);
  const addends = (addend?.offset ?? 0) + (batches - 1) * (addend?.pitch ?? 0) + wanted;
  const held = {
    bias: optional(bias, columns),
    addend: optional(addend?.storage, 2 * Math.ceil(addends / 2)),
    residual: optional(residual, rows * wanted),
  };
  const before = [...maps, ...(norm ? [norm] : []), weight];
  const after = Object.values(held).filter((value) => value !== undefined);
  const kernels = gemm(product, tile, splits);
  const numbered = (count: number, first: number) => Array.from({ length: count }, (_, i) => first + i);
  const [first, last] = [numbered(before.length, 0), numbered(after.length, before.length)];
  const [result, scratch] = [before.length + after.length, before.length + after.length + 1];
  const bindings =
    splits > 1
      ? [
          [...first, scratch],
          [scratch, ...last, result],
        ]
      : [[...first, ...last, result]];
  return {
    title: `${kernels[0]?.name}, ${rows}×${columns}, ${splits} splits`,
    buffers: [
      ...[...before, ...after].map(({ bytes }) => bytes),
      Math.ceil((rows * wanted) / 2) * 2,
      scratchBytes(product, splits) / 4,
    ],
    steps: kernels.map((kernel, i) => ({ kernel, bindings: bindings[i] as number[] })),
    ...{ result, storage: out, tolerance: toleranceOf(out) },
    expected: gemmReference(product, {
      inputs: maps.map(({ numbers }) => numbers),
      norm: norm?.numbers,
      weight: weight.numbers,
      bias: held.bias?.numbers,
      addend: held.addend?.numbers,
      residual: held.residual?.numbers,
    }),
  };
}
