import { float16ToFloat32, float32ToFloat16 } from '../numerics/half.ts';
import { elementCount } from '../numerics/tensor.ts';
import type { QuantizedBits } from '../protocol/generation.ts';
import { isFloat } from './floats.ts';
import { QUANTIZED_BLOCK as BLOCK, readValues, type StoredTensor, type Tensors } from './weights.ts';

/** A quantised matrix, its rows in blocks of 32: each number is about (packed − zero point) · scale. */
export interface QuantizedMatrix {
  /** [rows, blocks, 4 · bits]. With 4 bits the first of two numbers is in the lower half of a byte. */
  readonly packed: Uint8Array<ArrayBuffer>;
  /** float16 [rows, blocks]. */
  readonly scales: Uint16Array<ArrayBuffer>;
  /** [rows, ⌈blocks / 2⌉], two in a byte; absent with 8 bits, where each is 128. */
  readonly zeroPoints?: Uint8Array<ArrayBuffer>;
}

/** Linear layers of the transformers in a UNet and in CLIP; not those of a VAE's attention. */
const LAYERS =
  /(?:^|\.)(attentions\.\d+\.proj_(in|out)|transformer_blocks\.\d+\..+|encoder\.layers\.\d+\..+)\.weight$/;

/** Zero in 4 bits, with which onnxruntime pads too. */
const PADDING = 8 << 4;

/**
 * Whether a weight of a UNet or text encoder is quantised: the linear layers of its transformers and the 1×1 convolutions
 * around them, where their rows are whole blocks; together 86 % of SDXL's UNet. Others are not: MatMulNBits takes matrices
 * only, so no 3×3 convolutions; the embeddings of tokens are looked up, not multiplied; the time embedding is small, and
 * everything depends on it.
 */
export function isQuantizable(name: string, { dtype, shape }: StoredTensor): boolean {
  const [, columns = 1, ...kernel] = shape;
  return isFloat(dtype) && LAYERS.test(name) && columns % BLOCK === 0 && kernel.every((n) => n === 1);
}

/**
 * A matrix [rows, columns] as com.microsoft.MatMulNBits reads it, each number rounded to the nearest step. With 8 bits the
 * number of the greatest magnitude is −128 steps and zero is stored as 128, so that the scales of float16 weights are exact.
 * With 4 bits the steps reach from the smallest to the largest number, zero among them. The error is at most half a step, a
 * whole step where 8 bits lack +128. The bytes are those of onnxruntime's own quantiser (core/mlas/lib/q4_dq.cpp), except
 * that the scales are rounded up to float16 first.
 * @throws RangeError when a row is not whole blocks
 */
export function quantizeMatrix(values: Float32Array, columns: number, bits: 4 | 8): QuantizedMatrix {
  if (columns % BLOCK !== 0) throw new RangeError(`a row of ${columns} is not whole blocks of ${BLOCK}`);
  const { scales, lowest } = blockScales(values, bits);
  const steps = float16ToFloat32(scales);
  const packed = new Uint8Array((values.length * bits) / 8);
  const zeros = new Uint8Array(steps.length).fill(128);
  const top = 2 ** bits - 1;
  for (const [block, scale] of steps.entries()) {
    const inverse = scale === 0 ? 0 : 1 / scale;
    if (bits === 4) zeros[block] = Math.round(-(lowest[block] as number) * inverse);
    const zero = zeros[block] as number;
    for (let i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
      const step = Math.min(top, Math.floor((values[i] as number) * inverse + zero + 0.5));
      if (bits === 8) packed[i] = step;
      else packed[i >> 1] = (packed[i >> 1] as number) | (step << (4 * (i & 1)));
    }
  }
  return bits === 8 ? { packed, scales } : { packed, scales, zeroPoints: pairs(zeros, columns / BLOCK) };
}

/** The step of each block as float16, rounded away from zero so that the steps reach every number, and its smallest number. */
function blockScales(values: Float32Array, bits: 4 | 8) {
  const exact = new Float32Array(values.length / BLOCK);
  const lowest = new Float32Array(exact.length);
  for (let block = 0; block < exact.length; block++) {
    let low = 0;
    let high = 0;
    for (let i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
      const value = values[i] as number;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    exact[block] = bits === 8 ? (high > -low ? high : low) / -128 : (high - low) / 15;
    lowest[block] = low;
  }
  const scales = float32ToFloat16(exact);
  for (const [block, scale] of float16ToFloat32(scales).entries())
    if (Math.abs(scale) < Math.abs(exact[block] as number)) scales[block] = (scales[block] as number) + 1;
  return { scales, lowest };
}

/** Rows of numbers below 16, [rows, columns], two in a byte: [rows, ⌈columns / 2⌉]. */
function pairs(values: Uint8Array, columns: number): Uint8Array<ArrayBuffer> {
  const width = Math.ceil(columns / 2);
  return Uint8Array.from({ length: (values.length / columns) * width }, (_, i) => {
    const column = 2 * (i % width);
    const first = Math.floor(i / width) * columns + column;
    return (values[first] as number) | (column + 1 < columns ? (values[first + 1] as number) << 4 : PADDING);
  });
}

/** Whether a weight can be written as float16, is not yet, and does not take less. */
const isHalvable = (_name: string, { dtype }: StoredTensor) => /^(F64|F32|BF16)$/.test(dtype);

/**
 * Writes a smaller copy as one .safetensors file: with 16 bits each weight that is not yet float16, as float16 under its name;
 * with fewer bits the quantised form of each quantisable weight, under its name, its `.scales` and its `.zero_points`. One
 * weight is in memory at a time.
 * @param onProgress is called with how many numbers have been written, and of how many
 * @throws AppError storage-full from the sink; the signal's reason when it is aborted
 */
export async function quantizeTensors(
  tensors: Tensors,
  bits: QuantizedBits,
  sink: { append(bytes: Uint8Array<ArrayBuffer>): void },
  { signal, onProgress }: { signal: AbortSignal; onProgress(done: number, total: number): void },
): Promise<void> {
  const isCopied = bits === 16 ? isHalvable : isQuantizable;
  const chosen = [...tensors].filter(([name, tensor]) => isCopied(name, tensor));
  const total = chosen.reduce((sum, [, { shape }]) => sum + elementCount(shape), 0);
  let done = 0;
  sink.append(header(chosen, bits));
  for (const [, tensor] of chosen) {
    signal.throwIfAborted();
    for (const part of copied(await readValues(tensor), tensor.shape, bits)) sink.append(part);
    done += elementCount(tensor.shape);
    onProgress(done, total);
  }
}

function copied(
  values: Float32Array,
  shape: readonly number[],
  bits: QuantizedBits,
): Uint8Array<ArrayBuffer>[] {
  if (bits === 16) return [new Uint8Array(float32ToFloat16(values).buffer)];
  const { packed, scales, zeroPoints } = quantizeMatrix(values, shape[1] as number, bits);
  return [packed, new Uint8Array(scales.buffer), ...(zeroPoints ? [zeroPoints] : [])];
}

/** The tensors, those in a file by `quantizeTensors` in place of the originals. */
export function withQuantized(tensors: Tensors, quantized: Tensors): Tensors {
  return new Map([...tensors, ...quantized]);
}

/** The beginning of the .safetensors file, up to its first tensor. */
function header(
  chosen: readonly (readonly [string, StoredTensor])[],
  bits: QuantizedBits,
): Uint8Array<ArrayBuffer> {
  let end = 0;
  const entry = (dtype: 'U8' | 'F16', shape: readonly number[]) => {
    const begin = end;
    end += elementCount(shape) * (dtype === 'F16' ? 2 : 1);
    return { dtype, shape, data_offsets: [begin, end] };
  };
  const entries = chosen.flatMap(([name, { shape }]) => {
    if (bits === 16) return [[name, entry('F16', shape)]];
    const [rows, columns] = shape as [number, number];
    const blocks = columns / BLOCK;
    return [
      [name, entry('U8', [rows, blocks, (BLOCK * bits) / 8])],
      [`${name}.scales`, entry('F16', [rows, blocks])],
      ...(bits === 4 ? [[`${name}.zero_points`, entry('U8', [rows, Math.ceil(blocks / 2)])]] : []),
    ];
  });
  const json = JSON.stringify(Object.fromEntries(entries));
  const text = new TextEncoder().encode(json.padEnd(8 * Math.ceil(json.length / 8)));
  const bytes = new Uint8Array(8 + text.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}
