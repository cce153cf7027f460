import { type ByteSource, free } from '../graph/byte-source.ts';
import {
  bfloat16ToFloat32,
  float8E4M3ToFloat32,
  float8E5M2ToFloat32,
  float16ToFloat32,
  float32ToFloat16,
} from '../numerics/half.ts';
import { BLOCK_TYPES, type BlockTypeName, dequantizeBlocks } from './gguf/blocks.ts';

type Read = (data: ArrayBuffer) => Float32Array<ArrayBuffer>;
const plain = (bytes: number, read: Read) => ({ numbers: 1, bytes, read });
const blocks = (name: BlockTypeName) => {
  const { numbers, bytes } = BLOCK_TYPES[name];
  return { numbers, bytes, read: (data: ArrayBuffer) => dequantizeBlocks(BLOCK_TYPES[name], data) };
};

/**
 * The types of floating-point numbers in checkpoints, by safetensors' names, or ggml's after `GGML_`: the numbers of a block, its
 * bytes, and how they become float32.
 */
const FLOATS = {
  F64: plain(8, (data) => new Float32Array(new Float64Array(data))),
  F32: plain(4, (data) => new Float32Array(data)),
  F16: plain(2, (data) => float16ToFloat32(new Uint16Array(data))),
  BF16: plain(2, (data) => bfloat16ToFloat32(new Uint16Array(data))),
  F8_E4M3: plain(1, (data) => float8E4M3ToFloat32(new Uint8Array(data))),
  F8_E5M2: plain(1, (data) => float8E5M2ToFloat32(new Uint8Array(data))),
  ...{ GGML_Q4_0: blocks('Q4_0'), GGML_Q4_1: blocks('Q4_1'), GGML_Q5_0: blocks('Q5_0') },
  ...{ GGML_Q5_1: blocks('Q5_1'), GGML_Q8_0: blocks('Q8_0'), GGML_Q4_K: blocks('Q4_K') },
  ...{ GGML_Q5_K: blocks('Q5_K'), GGML_Q6_K: blocks('Q6_K') },
};
export type FloatDtype = keyof typeof FLOATS;

/** Types that a graph can have. */
export type GraphDtype = 'F32' | 'F16';

export const isFloat = (dtype: string): dtype is FloatDtype => Object.hasOwn(FLOATS, dtype);

/** What can only be read together: one number, or those of a block. */
export const blockOf = (dtype: FloatDtype): { readonly numbers: number; readonly bytes: number } =>
  FLOATS[dtype];

/** Numbers as float32. @param data whole numbers or blocks */
export const floatsOf = (dtype: FloatDtype, data: ArrayBuffer): Float32Array<ArrayBuffer> =>
  FLOATS[dtype].read(data);

/** A tensor's numbers as float32. @param source its bytes, and nothing else */
export async function readFloats(dtype: FloatDtype, source: ByteSource): Promise<Float32Array<ArrayBuffer>> {
  const data = await source.arrayBuffer();
  const values = floatsOf(dtype, data);
  if (values.buffer !== data) free(data);
  return values;
}

/** A number that others are to be multiplied by, read when it is needed. */
export interface Scale {
  readonly dtype: FloatDtype;
  /** Its bytes, and nothing else. */
  readonly source: ByteSource;
}

/** A scale as float32, as often as a weight has rows. */
export class RepeatedScale implements ByteSource {
  readonly size: number;
  readonly #scale: Scale;

  constructor(scale: Scale, count: number) {
    this.size = 4 * count;
    this.#scale = scale;
  }

  slice(start: number, end: number): ByteSource {
    return new RepeatedScale(this.#scale, (Math.min(end, this.size) - start) / 4);
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const [factor = 1] = await readFloats(this.#scale.dtype, this.#scale.source);
    return new Float32Array(this.size / 4).fill(factor).buffer;
  }
}

interface CastOptions {
  readonly start?: number;
  readonly end?: number;
  readonly scale?: Scale | undefined;
}

/** Numbers of one type as numbers of another, cast piece by piece as they are read. */
export class CastSource implements ByteSource {
  readonly size: number;
  readonly #source: ByteSource;
  readonly #from: FloatDtype;
  readonly #to: GraphDtype;
  /** The first byte, counted in those of all of `source` after the cast. */
  readonly #start: number;
  readonly #scale: Scale | undefined;

  /**
   * @param source the bytes of one or more tensors
   * @param options `start` and `end`: the stretch of the result that is read; `scale`: what all numbers are multiplied by, in
   * float32
   */
  constructor(
    source: ByteSource,
    from: FloatDtype,
    to: GraphDtype,
    { start = 0, end = castSize(source, from, to), scale }: CastOptions = {},
  ) {
    this.size = end - start;
    this.#source = source;
    this.#from = from;
    this.#to = to;
    this.#start = start;
    this.#scale = scale;
  }

  slice(start: number, end: number): ByteSource {
    const to = this.#start + Math.min(end, this.size);
    const options = { start: Math.min(this.#start + start, to), end: to, scale: this.#scale };
    return new CastSource(this.#source, this.#from, this.#to, options);
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const { numbers, bytes } = FLOATS[this.#from];
    const after = FLOATS[this.#to].bytes;
    const firstBlock = Math.floor(this.#start / after / numbers);
    const endBlock = Math.ceil((this.#start + this.size) / after / numbers);
    const values = await readFloats(this.#from, this.#source.slice(firstBlock * bytes, endBlock * bytes));
    if (this.#scale) {
      const [factor = 1] = await readFloats(this.#scale.dtype, this.#scale.source);
      for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) * factor;
    }
    const { buffer } = this.#to === 'F16' ? float32ToFloat16(values) : values;
    if (buffer !== values.buffer) free(values.buffer);
    // A stretch may begin and end within a number, or a block.
    const from = this.#start - firstBlock * numbers * after;
    if (from === 0 && buffer.byteLength === this.size) return buffer;
    const stretch = buffer.slice(from, from + this.size);
    free(buffer);
    return stretch;
  }
}

function castSize({ size }: ByteSource, from: FloatDtype, to: GraphDtype): number {
  const { numbers, bytes } = FLOATS[from];
  return (size / bytes) * numbers * FLOATS[to].bytes;
}
