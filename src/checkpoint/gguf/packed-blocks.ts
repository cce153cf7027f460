import type { ByteSource } from '../../graph/byte-source.ts';
import { float32ToFloat16 } from '../../numerics/half.ts';
import { type BlockType, type BlockValues, forEachBlock } from './blocks.ts';

/** A matrix in ggml's blocks as com.microsoft.MatMulNBits reads it (graph/quantized-linear.ts): its numbers are the same. */
export interface PackedBlocks {
  readonly packed: ByteSource;
  /** One for each group: float16 where that holds it exactly, else float32. */
  readonly scales: { readonly dtype: 'F16' | 'F32'; readonly source: ByteSource };
  /** float32, one for each group, where groups have minimums; without them zero is half the range. */
  readonly zeroPoints: ByteSource | undefined;
}

/** @param source the blocks, and nothing else */
export function packedBlocks(type: BlockType, source: ByteSource): PackedBlocks {
  const { numbers, group, bits, hasMinimums } = type;
  const groups = numbers / group;
  // Those of super-blocks are products of two numbers.
  const isHalf = groups === 1;
  const made = (bytesOfBlock: number, write: Write) =>
    new BlockSource(type, source, bytesOfBlock, write, 0, (source.size / type.bytes) * bytesOfBlock);
  return {
    packed: made((numbers * bits) / 8, (values, out, at) => pack(type, values, out, at)),
    scales: {
      dtype: isHalf ? 'F16' : 'F32',
      source: made((isHalf ? 2 : 4) * groups, (values, out, at) => {
        const steps = values.scales.map((scale, i) => stepOf(scale, values.minimums[i] as number));
        out.set(new Uint8Array(isHalf ? float32ToFloat16(steps).buffer : steps.buffer), at);
      }),
    },
    zeroPoints: hasMinimums
      ? made(4 * groups, (values, out, at) => {
          const zeros = values.minimums.map((minimum, i) => {
            const step = stepOf(values.scales[i] as number, minimum);
            return step === 0 ? 0 : -minimum / step;
          });
          out.set(new Uint8Array(zeros.buffer), at);
        })
      : undefined,
  };
}

/** A group without a scale is its minimum: one step of that, from a zero point of −1. */
const stepOf = (scale: number, minimum: number) => (scale === 0 ? minimum : scale);

function pack(type: BlockType, { codes, scales }: BlockValues, out: Uint8Array, at: number): void {
  const { bits, group, hasMinimums } = type;
  const zero = hasMinimums ? 0 : 2 ** (bits - 1);
  for (let i = 0; i < codes.length; i++) {
    const isFlat = hasMinimums && scales[Math.floor(i / group)] === 0;
    const code = isFlat ? 0 : (codes[i] as number) + zero;
    if (bits === 8) out[at + i] = code;
    else out[at + (i >> 1)] = (out[at + (i >> 1)] as number) | (code << (4 * (i & 1)));
  }
}

type Write = (values: BlockValues, out: Uint8Array, at: number) => void;

/** Bytes that are made of each block as they are read. */
class BlockSource implements ByteSource {
  readonly size: number;
  readonly #type: BlockType;
  readonly #source: ByteSource;
  readonly #bytesOfBlock: number;
  readonly #write: Write;
  readonly #start: number;

  constructor(
    type: BlockType,
    source: ByteSource,
    bytesOfBlock: number,
    write: Write,
    start: number,
    end: number,
  ) {
    this.size = end - start;
    this.#type = type;
    this.#source = source;
    this.#bytesOfBlock = bytesOfBlock;
    this.#write = write;
    this.#start = start;
  }

  slice(start: number, end: number): ByteSource {
    const to = this.#start + Math.min(end, this.size);
    const from = Math.min(this.#start + start, to);
    return new BlockSource(this.#type, this.#source, this.#bytesOfBlock, this.#write, from, to);
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const [first, end] = [
      Math.floor(this.#start / this.#bytesOfBlock),
      Math.ceil((this.#start + this.size) / this.#bytesOfBlock),
    ];
    const { bytes } = this.#type;
    const blocks = new Uint8Array(await this.#source.slice(first * bytes, end * bytes).arrayBuffer());
    const out = new Uint8Array((end - first) * this.#bytesOfBlock);
    forEachBlock(this.#type, blocks, (values, block) => this.#write(values, out, block * this.#bytesOfBlock));
    const from = this.#start - first * this.#bytesOfBlock;
    return from === 0 && this.size === out.length ? out.buffer : out.buffer.slice(from, from + this.size);
  }
}
