import type { Value } from '../../graph/graph.ts';
import { chunksOf, gemm, scratchBytes } from '../../kernels/gemm.ts';
import { type ConvGeometry, type Gemm, outColumns } from '../../kernels/product.ts';
import type { WeightStorage } from '../../kernels/weight-storage.ts';
import { type Emitter, type Held, NoKernelError } from '../emitter.ts';
import type { Operand } from '../program.ts';
import type { Tail } from '../tail.ts';
import { rowMajor, storageOf, type View } from '../view.ts';

export const PLACEHOLDER: Operand = { tensor: -1 };

/** The weight of a product: what it reads and how that lies. */
export interface Factor {
  readonly storage: WeightStorage;
  readonly operands: readonly Operand[];
}

export interface Product {
  readonly held: Held;
  readonly rows: number;
  readonly columns: number;
  readonly conv?: ConvGeometry;
  readonly factor: Factor;
  readonly bias?: View | undefined;
  readonly alpha?: number | undefined;
  readonly gated?: boolean;
  readonly tail: Tail;
}

/** Adds a product's step, or two; gives the view of what the tail ends in. */
export function emitProduct(
  emitter: Emitter,
  { held, rows, columns, conv, factor, bias, alpha, gated, tail }: Product,
): View {
  const { norm, views } = held;
  const { addend, residual, activation, dtype } = tail;
  const wanted = gated ? columns / 2 : columns;
  const storage = storageOf(dtype, wanted, emitter.target.hasF16);
  const ofConv = conv && rows / (conv.outSize[0] * conv.outSize[1]);
  const pictures = addend?.shape[0] ?? 1;
  const batch = norm?.batch ?? ofConv ?? pictures;
  if (pictures > 1 && pictures !== batch) throw new NoKernelError('An addend of another batch.');
  const product: Gemm = {
    ...{ rows, columns, conv, gated, alpha, activation, rowsPerBatch: rows / batch },
    inputs: views.map((view) => ({ channels: view.shape[1] as number, storage: view.storage })),
    normalize: norm && { silu: norm.silu },
    weight: factor.storage,
    bias: bias?.storage,
    addend: addend && {
      storage: addend.storage,
      pitch: addend.shape[0] === 1 ? 0 : (addend.strides[0] as number),
      offset: addend.offset,
    },
    residual: residual?.storage,
    out: storage,
  };
  const channels = product.inputs.reduce((sum, input) => sum + input.channels, 0);
  const chosen = emitter.target.tileFor(rows, columns, channels * (conv ? conv.kernel ** 2 : 1), product);
  const splits = Math.max(1, Math.min(chosen.splits, chunksOf(product, chosen.tile)));
  const out = emitter.tensor(storage, rows * outColumns(product));
  const before = [
    ...views.map(({ operand }) => operand),
    ...(norm ? [norm.operand] : []),
    ...factor.operands,
  ];
  const after = [bias, addend, residual].flatMap((view) => (view ? [view.operand] : []));
  const [main, sum] = gemm(product, chosen.tile, splits);
  if (!main) throw new RangeError('A product without a kernel.');
  if (sum) {
    const scratch = emitter.tensor('float32', scratchBytes(product, splits) / 4);
    emitter.step(main, before, scratch);
    emitter.step(sum, [scratch, ...after], out);
  } else emitter.step(main, [...before, ...after], out);
  return { ...tail.view, operand: out, storage };
}

/** The first input as rows [N, K]: plain, or before it is normalised. */
export function heldRows(emitter: Emitter, value: Value): Held {
  const held = emitter.held(value);
  if (held.views.length > 1 || held.stretched) throw new NoKernelError(`${value.name} is no matrix.`);
  const [view] = held.views;
  if (!held.norm) return { views: [emitter.asRows(view)] };
  return held;
}

export const biasOf = (emitter: Emitter, value: Value | null | undefined): View | undefined =>
  value ? emitter.asRows(emitter.plain(value)) : undefined;

/** Weights that are read as one, all alike (`siblingsOf`). */
export function factorOf(emitter: Emitter, values: readonly Value[], taps = 1): Factor {
  const parts = values.map((value) => emitter.widened(value) as NonNullable<ReturnType<Emitter['widened']>>);
  const initializers = parts.map(({ initializer }) => initializer);
  const { operand, storage } = emitter.weight(initializers, taps);
  if (storage === 'int32' || storage === 'uint8') throw new NoKernelError(`A weight of ${storage}.`);
  const scales = parts.flatMap((part) => part.scales ?? []);
  if (scales.length === 0) return { storage: { kind: storage }, operands: [operand] };
  return {
    storage: { kind: storage, isScaled: true },
    operands: [operand, emitter.weight(scales, 1).operand],
  };
}

export const rowsView = (shape: readonly number[]): View => {
  return { operand: PLACEHOLDER, storage: 'float32', shape, strides: rowMajor(shape), offset: 0 };
};

/** A matrix that was computed as a product's weight [N, K]. */
export function asFactor(emitter: Emitter, view: View): Factor {
  const rows = emitter.asRows(view);
  if (rows.storage === 'int32' || rows.storage === 'uint8')
    throw new NoKernelError(`A matrix of ${rows.storage}.`);
  return { storage: { kind: rows.storage }, operands: [rows.operand] };
}
