import { elementCount } from '../../numerics/tensor.ts';
import type { CopyBits } from '../../protocol/models.ts';
import { isFloat } from '../floats.ts';
import { isQuantizable } from '../quantize.ts';
import type { StoredTensor } from '../weights.ts';
import { BLOCK_TYPES } from './blocks.ts';

type CopyType = 'F32' | 'F16' | 'BF16' | 'Q8_0' | 'Q4_1';

/** One tensor of a copy: where it is in the source, and what it becomes. */
export interface PlannedTensor {
  readonly source: StoredTensor;
  readonly type: CopyType;
  /** Whether its bytes stay what they are. */
  readonly isKept: boolean;
  /** Bytes after it until the next one begins. */
  readonly padding: number;
}

/** A GGUF file that can be written from first to last while a .safetensors file is read from first to last. */
export interface CopyPlan {
  readonly bits: CopyBits;
  readonly header: Uint8Array<ArrayBuffer>;
  /** In the order of both files. */
  readonly tensors: readonly PlannedTensor[];
  /** Bytes of the whole copy. */
  readonly size: number;
  /** Where in the header there is room for notes, and how much. */
  readonly notes: { readonly offset: number; readonly length: number };
}

const NUMBERS: Readonly<Record<CopyType, number>> = { F32: 0, F16: 1, BF16: 30, Q8_0: 8, Q4_1: 3 };
const ALIGNMENT = 32;
export const NOTES_KEY = 'safelight.notes';
const NOTES_LENGTH = 1024;

/** Names of Stability AI and OpenCLIP for what `isQuantizable` knows by diffusers'. */
const LAYERS =
  /(?:(?:input|output)_blocks\.\d+\.\d+|middle_block\.\d+)\.proj_(?:in|out)\.weight$|resblocks\.\d+\.(?:attn\.(?:in_proj_weight|out_proj\.weight)|mlp\.c_(?:fc|proj)\.weight)$/;

/**
 * Plans the copy of a .safetensors file: linear layers of transformers in blocks, all else as it is, float64 as float32 and float8 as
 * float16. What are no floating-point numbers, which no model reads, is left out.
 * @param tensors all of the file's; undefined is given where they have scales of their own, or are quantised already
 */
export function planCopy(
  tensors: Iterable<readonly [string, StoredTensor]>,
  bits: CopyBits,
): CopyPlan | undefined {
  const chosen = [...tensors].filter(([, { dtype }]) => isFloat(dtype));
  chosen.sort(([, a], [, b]) => a.offset - b.offset || a.length - b.length);
  if (chosen.some(([, { scale }]) => scale) || [...tensors].some(([, { dtype }]) => dtype === 'U8'))
    return undefined;
  let end = 0;
  const rows = chosen.map(([name, source]) => {
    const type = typeOf(name, source, bits);
    const offset = end;
    const bytes = bytesOf(type, source);
    const padding = (ALIGNMENT - (bytes % ALIGNMENT)) % ALIGNMENT;
    end += bytes + padding;
    return { name, offset, tensor: { source, type, isKept: type === source.dtype, padding } };
  });
  const writer = new HeaderWriter();
  const reshaped = rows.filter(({ tensor }) => isReshaped(tensor));
  writer
    .text('GGUF')
    .uint32(3)
    .uint64(rows.length)
    .uint64(1 + reshaped.length);
  writer.name(NOTES_KEY).uint32(8).uint64(NOTES_LENGTH);
  const notes = { offset: writer.length, length: NOTES_LENGTH };
  writer.text(' '.repeat(NOTES_LENGTH));
  for (const { name, tensor } of reshaped) {
    const { shape } = tensor.source;
    writer.name(`comfy.gguf.orig_shape.${name}`).uint32(9).uint32(5).uint64(shape.length);
    for (const size of shape) writer.uint32(size);
  }
  for (const { name, offset, tensor } of rows) {
    const { shape } = tensor.source;
    const stored = isReshaped(tensor) ? shape.slice(0, 2) : shape;
    writer.name(name).uint32(stored.length);
    for (const size of stored.toReversed()) writer.uint64(size);
    writer.uint32(NUMBERS[tensor.type]).uint64(offset);
  }
  const header = writer.padded(ALIGNMENT);
  return { bits, header, tensors: rows.map(({ tensor }) => tensor), size: header.length + end, notes };
}

/** 1×1 convolutions in blocks are matrices: a row of one number is no block. */
const isReshaped = ({ type, source }: Pick<PlannedTensor, 'type' | 'source'>) =>
  type.startsWith('Q') && source.shape.length > 2;

function typeOf(name: string, source: StoredTensor, bits: CopyBits): CopyType {
  const { dtype, shape } = source;
  const [, columns = 1, ...kernel] = shape;
  const isLayer = LAYERS.test(name) && shape.length > 1 && columns % 32 === 0 && kernel.every((n) => n === 1);
  if (isLayer || isQuantizable(name, source)) return bits === 8 ? 'Q8_0' : 'Q4_1';
  if (dtype === 'F16' || dtype === 'BF16') return dtype;
  return dtype.startsWith('F8') ? 'F16' : 'F32';
}

function bytesOf(type: CopyType, { shape }: StoredTensor): number {
  const count = elementCount(shape);
  if (type === 'Q8_0' || type === 'Q4_1')
    return (count / BLOCK_TYPES[type].numbers) * BLOCK_TYPES[type].bytes;
  return count * (type === 'F32' ? 4 : 2);
}

/** Writes the beginning of a GGUF file (ggml/docs/gguf.md). */
class HeaderWriter {
  readonly #parts: Uint8Array[] = [];
  length = 0;

  #add(part: Uint8Array): this {
    this.#parts.push(part);
    this.length += part.length;
    return this;
  }

  text(value: string): this {
    return this.#add(new TextEncoder().encode(value));
  }

  uint32(value: number): this {
    return this.#add(new Uint8Array(Uint32Array.of(value).buffer));
  }

  uint64(value: number): this {
    return this.#add(new Uint8Array(BigUint64Array.of(BigInt(value)).buffer));
  }

  name(value: string): this {
    const bytes = new TextEncoder().encode(value);
    return this.uint64(bytes.length).#add(bytes);
  }

  padded(alignment: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(Math.ceil(this.length / alignment) * alignment);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }
}
