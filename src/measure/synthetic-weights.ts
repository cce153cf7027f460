import type { TensorShapes } from '../checkpoint/recording-weights.ts';
import type { StoredTensor, Tensors } from '../checkpoint/weights.ts';
import type { ByteSource } from '../graph/byte-source.ts';
import { elementCount } from '../numerics/tensor.ts';

/** Numbers of a block that repeats: a prime, so that no rows of a matrix are equal. */
const BLOCK_LENGTH = 2 ** 19 - 1;
const ONE = 0x3c00;
const EXPONENT_BIAS = 15;

/** Blocks by the exponent of their largest numbers; undefined is the block of ones. */
const blocks = new Map<number | undefined, Uint16Array>();

/** Float16 numbers as their bits: signs and fractions by chance, 2^(exponent - 2) ≤ |x| < 2^exponent; or ones. */
function blockOf(exponent: number | undefined): Uint16Array {
  const known = blocks.get(exponent);
  if (known) return known;
  let state = 1;
  const block = new Uint16Array(BLOCK_LENGTH).map(() => {
    if (exponent === undefined) return ONE;
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const biased = EXPONENT_BIAS + exponent - 1 - ((state >>> 29) & 1);
    return ((state >>> 31) << 15) | (biased << 10) | ((state >>> 12) & 1023);
  });
  blocks.set(exponent, block);
  return block;
}

/** Bytes that are made as they are read: a block of numbers, again and again. */
class RepeatedBlock implements ByteSource {
  readonly #block: Uint8Array;
  readonly #start: number;
  readonly size: number;

  constructor(block: Uint8Array, start: number, size: number) {
    this.#block = block;
    this.#start = start;
    this.size = size;
  }

  slice(start: number, end: number): ByteSource {
    return new RepeatedBlock(this.#block, this.#start + start, Math.min(end, this.size) - start);
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const bytes = new Uint8Array(this.size);
    for (let at = 0; at < this.size; ) {
      const begin = (this.#start + at) % this.#block.length;
      const part = this.#block.subarray(begin, begin + this.size - at);
      bytes.set(part, at);
      at += part.length;
    }
    return bytes.buffer;
  }
}

/**
 * Float16 tensors of these shapes that lie nowhere: their numbers are made as they are read, the same each time, about as
 * large as PyTorch makes them for a new layer (±1/√inputs; torch.nn.Linear, Conv2d); the scales of norms are ones.
 */
export function syntheticTensors(shapes: TensorShapes): Tensors {
  return new Map(
    [...shapes].map(([name, shape], i): [string, StoredTensor] => {
      const length = 2 * elementCount(shape);
      const inputs = elementCount(shape.slice(1));
      const isScale = shape.length === 1 && name.endsWith('weight');
      const exponent = isScale ? undefined : shape.length === 1 ? -6 : -Math.round(Math.log2(inputs) / 2);
      const block = new Uint8Array(blockOf(exponent).buffer);
      // Tensors of one size are not to be equal.
      const start = 2 * ((i * 7919) % BLOCK_LENGTH);
      return [
        name,
        { dtype: 'F16', shape, offset: 0, length, path: name, blob: new RepeatedBlock(block, start, length) },
      ];
    }),
  );
}
