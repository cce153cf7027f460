import { float16ToFloat32, float32ToFloat16 } from '../../numerics/half.ts';
import type { CopyBits } from '../../protocol/models.ts';
import { type FloatDtype, floatsOf } from '../floats.ts';
import { quantizeMatrix } from '../quantize.ts';
import type { CopyPlan, PlannedTensor } from './copy-plan.ts';

const GROUP = 32;

/**
 * Makes a copy of a file's bytes as they come. At most one tensor is in memory, of those that become others; at a `boundary` there
 * is none, and another stream can begin there.
 */
export class CopyStream {
  readonly #plan: CopyPlan;
  readonly #append: (bytes: Uint8Array<ArrayBuffer>) => void;
  /** Bytes of the source so far. */
  position: number;
  #next: number;
  #pending: Uint8Array<ArrayBuffer> | undefined;
  #filled = 0;

  /** @param position a boundary of an earlier stream; at 0 the copy's header is written first */
  constructor(plan: CopyPlan, position: number, append: (bytes: Uint8Array<ArrayBuffer>) => void) {
    this.#plan = plan;
    this.#append = append;
    this.position = position;
    this.#next = plan.tensors.findIndex(({ source }) => source.offset + source.length > position);
    if (this.#next < 0) this.#next = plan.tensors.length;
    if (position > 0) return;
    append(plan.header);
    this.#passEmpty();
  }

  get isBoundary(): boolean {
    return this.#pending === undefined;
  }

  /** Takes the next bytes of the source. */
  write(bytes: Uint8Array<ArrayBuffer>): void {
    for (let at = 0; at < bytes.length; ) {
      const tensor = this.#plan.tensors[this.#next];
      const { offset, length } = tensor?.source ?? { offset: Number.POSITIVE_INFINITY, length: 0 };
      const isBefore = this.position < offset;
      const end = isBefore ? offset : offset + length;
      const part = bytes.subarray(at, at + Math.min(bytes.length - at, end - this.position));
      if (tensor && !isBefore) this.#take(tensor, part);
      at += part.length;
      this.position += part.length;
      if (tensor && !isBefore && this.position === end) this.#finish(tensor);
    }
  }

  #take(tensor: PlannedTensor, part: Uint8Array<ArrayBuffer>): void {
    if (tensor.isKept) {
      this.#append(part);
      return;
    }
    this.#pending ??= new Uint8Array(tensor.source.length);
    this.#pending.set(part, this.#filled);
    this.#filled += part.length;
  }

  #finish(tensor: PlannedTensor): void {
    if (this.#pending) this.#append(copied(tensor, this.#pending.buffer, this.#plan.bits));
    this.#pending = undefined;
    this.#filled = 0;
    if (tensor.padding > 0) this.#append(new Uint8Array(tensor.padding));
    this.#next++;
    this.#passEmpty();
  }

  #passEmpty(): void {
    while (this.#plan.tensors[this.#next]?.source.length === 0) this.#next++;
  }
}

/** A tensor's bytes in a copy. */
function copied({ source, type }: PlannedTensor, data: ArrayBuffer, bits: CopyBits): Uint8Array<ArrayBuffer> {
  const values = floatsOf(source.dtype as FloatDtype, data);
  if (type === 'F16') return new Uint8Array(float32ToFloat16(values).buffer);
  if (type === 'F32') return new Uint8Array(values.buffer);
  return blocksOf(values, source.shape[1] as number, bits);
}

/** A matrix, quantised as in checkpoint/quantize.ts, as Q8_0 with 8 bits, and as Q4_1 with 4. */
function blocksOf(values: Float32Array, columns: number, bits: CopyBits): Uint8Array<ArrayBuffer> {
  const { packed, scales, zeroPoints } = quantizeMatrix(values, columns, bits);
  const head = bits === 8 ? 1 : 2;
  const codes = (GROUP * bits) / 8;
  const bytes = new Uint8Array(scales.length * (2 * head + codes));
  const steps = float16ToFloat32(scales);
  const perRow = columns / GROUP;
  const minimums = new Float32Array(scales.length);
  for (let block = 0; block < scales.length; block++) {
    const at = block * (2 * head + codes);
    bytes[at] = (scales[block] as number) & 255;
    bytes[at + 1] = (scales[block] as number) >> 8;
    const from = block * codes;
    if (bits === 8) for (let i = 0; i < GROUP; i++) bytes[at + 2 + i] = (packed[from + i] as number) - 128;
    else {
      // The first of two numbers is in the lower half of a byte; ggml's second is sixteen numbers on.
      const code = (i: number) => ((packed[from + (i >> 1)] as number) >> (4 * (i & 1))) & 15;
      for (let i = 0; i < 16; i++) bytes[at + 4 + i] = code(i) | (code(i + 16) << 4);
      const column = block % perRow;
      const pair = zeroPoints?.[Math.floor(block / perRow) * Math.ceil(perRow / 2) + (column >> 1)] ?? 0;
      minimums[block] = -((pair >> (4 * (column & 1))) & 15) * (steps[block] as number);
    }
  }
  if (bits === 4)
    for (const [block, half] of float32ToFloat16(minimums).entries()) {
      bytes[block * 20 + 2] = half & 255;
      bytes[block * 20 + 3] = half >> 8;
    }
  return bytes;
}
