import { ACTIVATIONS } from '../activations.ts';
import type { Gemm } from '../product.ts';

/** The operands of a product as float32, row-major, in the order of its bindings. */
export interface GemmOperands {
  readonly inputs: readonly Float32Array[];
  readonly norm?: Float32Array | undefined;
  readonly weight: Float32Array;
  readonly bias?: Float32Array | undefined;
  readonly addend?: Float32Array | undefined;
  readonly residual?: Float32Array | undefined;
}

const at = (values: Float32Array | undefined, i: number): number => values?.[i] as number;

/** `gemm` in plain loops: what it computes, [rows, columns] or half the columns with `gated`. */
export function gemmReference(product: Gemm, operands: GemmOperands): Float32Array {
  const { rows, columns, gated, rowsPerBatch, addend, activation, alpha = 1 } = product;
  const wanted = gated ? columns / 2 : columns;
  const { pitch = 0, offset = 0 } = addend ?? {};
  return Float32Array.from({ length: rows * wanted }, (_, i) => {
    const [row, column] = [Math.floor(i / wanted), i % wanted];
    const sum = (n: number) =>
      alpha * dot(product, operands, row, n) + (operands.bias ? at(operands.bias, n) : 0);
    let value = sum(column);
    if (gated) value *= ACTIVATIONS.gelu(sum(wanted + column));
    if (operands.addend)
      value += at(operands.addend, offset + Math.floor(row / rowsPerBatch) * pitch + column);
    if (operands.residual) value += at(operands.residual, i);
    return activation && !gated ? ACTIVATIONS[activation](value) : value;
  });
}

/** A row of x times a row of the weight. */
function dot(product: Gemm, { inputs, norm, weight }: GemmOperands, row: number, column: number): number {
  const { conv, normalize, rowsPerBatch } = product;
  const channels = product.inputs.map((input) => input.channels);
  const total = channels.reduce((sum, count) => sum + count, 0);
  const taps = (conv?.kernel ?? 1) ** 2;
  const batch = Math.floor(row / rowsPerBatch);
  let sum = 0;
  for (let tap = 0; tap < taps; tap++) {
    const pixel = pixelOf(product, row, tap);
    if (pixel === undefined) continue;
    for (let c = 0; c < total; c++) {
      const isSecond = c >= (channels[0] as number);
      const within = isSecond ? c - (channels[0] as number) : c;
      let x = at(inputs[isSecond ? 1 : 0], pixel * (channels[isSecond ? 1 : 0] as number) + within);
      if (normalize) {
        x = x * at(norm, batch * 2 * total + c) + at(norm, (batch * 2 + 1) * total + c);
        if (normalize.silu) x = ACTIVATIONS.silu(x);
      }
      sum += x * at(weight, (column * taps + tap) * total + c);
    }
  }
  return sum;
}

/** The pixel of the feature maps that a tap reads for a row of the result; undefined for the zeros around them. */
function pixelOf({ conv, rowsPerBatch }: Gemm, row: number, tap: number): number | undefined {
  if (!conv) return row;
  const [height, width] = conv.size;
  const [stretchedHeight, stretchedWidth] = conv.stretched;
  const within = row % rowsPerBatch;
  const y = Math.floor(within / conv.outSize[1]) * conv.stride - conv.pads[0] + Math.floor(tap / conv.kernel);
  const x = (within % conv.outSize[1]) * conv.stride - conv.pads[1] + (tap % conv.kernel);
  if (y < 0 || x < 0 || y >= stretchedHeight || x >= stretchedWidth) return undefined;
  const top = Math.floor(row / rowsPerBatch) * height + Math.floor((y * height) / stretchedHeight);
  return top * width + Math.floor((x * width) / stretchedWidth);
}
