import { float16Number } from '../../numerics/half.ts';

/**
 * The types in which ggml quantises weights (ggml-common.h, ggml-quants.c, `dequantize_row_*`). A tensor is a row of blocks;
 * within a block, numbers in groups share a scale: each is code · scale + minimum, in float32.
 */
export interface BlockType {
  /** Numbers of a block, and its bytes. */
  readonly numbers: number;
  readonly bytes: number;
  /** Numbers of a group. */
  readonly group: 16 | 32;
  /** Bits that hold a code. */
  readonly bits: 4 | 8;
  /** Whether groups have minimums; their codes are then from 0 on, else about 0. */
  readonly hasMinimums: boolean;
  /** Reads the block at byte `at`. */
  readonly unpack: (bytes: Uint8Array, at: number, out: BlockValues) => void;
}

/** What a block says. */
export interface BlockValues {
  readonly codes: Int16Array;
  /** One for each group. */
  readonly scales: Float32Array;
  readonly minimums: Float32Array;
}

const half = (bytes: Uint8Array, at: number) => float16Number(byte(bytes, at) | (byte(bytes, at + 1) << 8));
const byte = (bytes: Uint8Array, at: number) => bytes[at] as number;

/** 32 numbers of four bits in 16 bytes, the first 16 of them in the lower halves. */
function nibbles(bytes: Uint8Array, at: number, codes: Int16Array, first = 0, half = 16): void {
  for (let i = 0; i < half; i++) {
    codes[first + i] = byte(bytes, at + i) & 15;
    codes[first + half + i] = byte(bytes, at + i) >> 4;
  }
}

/** The fifth bit of 32 numbers, from as many bits. */
function fifthBits(bytes: Uint8Array, at: number, codes: Int16Array): void {
  for (let i = 0; i < 32; i++)
    if ((byte(bytes, at + (i >> 3)) >> (i & 7)) & 1) codes[i] = (codes[i] as number) + 16;
}

function lower(codes: Int16Array, by: number): void {
  for (let i = 0; i < codes.length; i++) codes[i] = (codes[i] as number) - by;
}

/** Eight scales and eight minimums of six bits in 12 bytes (`get_scale_min_k4`), each times a number of the block. */
function sixBits(bytes: Uint8Array, at: number, { scales, minimums }: BlockValues): void {
  const [scale, minimum] = [half(bytes, at), half(bytes, at + 2)];
  const packed = at + 4;
  for (let j = 0; j < 4; j++) {
    const [a, b, c] = [byte(bytes, packed + j), byte(bytes, packed + 4 + j), byte(bytes, packed + 8 + j)];
    scales[j] = scale * (a & 63);
    minimums[j] = -minimum * (b & 63);
    scales[j + 4] = scale * ((c & 15) | ((a >> 6) << 4));
    minimums[j + 4] = -minimum * ((c >> 4) | ((b >> 6) << 4));
  }
}

const PLAIN = { numbers: 32, group: 32 } as const;
const SUPER = { numbers: 256, group: 32 } as const;

/** By ggml's names. */
export const BLOCK_TYPES = {
  Q4_0: {
    ...{ ...PLAIN, bytes: 18, bits: 4, hasMinimums: false },
    unpack(bytes, at, { codes, scales }) {
      scales[0] = half(bytes, at);
      nibbles(bytes, at + 2, codes);
      lower(codes, 8);
    },
  },
  Q4_1: {
    ...{ ...PLAIN, bytes: 20, bits: 4, hasMinimums: true },
    unpack(bytes, at, { codes, scales, minimums }) {
      scales[0] = half(bytes, at);
      minimums[0] = half(bytes, at + 2);
      nibbles(bytes, at + 4, codes);
    },
  },
  Q5_0: {
    ...{ ...PLAIN, bytes: 22, bits: 8, hasMinimums: false },
    unpack(bytes, at, { codes, scales }) {
      scales[0] = half(bytes, at);
      nibbles(bytes, at + 6, codes);
      fifthBits(bytes, at + 2, codes);
      lower(codes, 16);
    },
  },
  Q5_1: {
    ...{ ...PLAIN, bytes: 24, bits: 8, hasMinimums: true },
    unpack(bytes, at, { codes, scales, minimums }) {
      scales[0] = half(bytes, at);
      minimums[0] = half(bytes, at + 2);
      nibbles(bytes, at + 8, codes);
      fifthBits(bytes, at + 4, codes);
    },
  },
  Q8_0: {
    ...{ ...PLAIN, bytes: 34, bits: 8, hasMinimums: false },
    unpack(bytes, at, { codes, scales }) {
      scales[0] = half(bytes, at);
      for (let i = 0; i < 32; i++) codes[i] = (byte(bytes, at + 2 + i) << 24) >> 24;
    },
  },
  Q4_K: {
    ...{ ...SUPER, bytes: 144, bits: 4, hasMinimums: true },
    unpack(bytes, at, out) {
      sixBits(bytes, at, out);
      for (let j = 0; j < 4; j++) nibbles(bytes, at + 16 + 32 * j, out.codes, 64 * j, 32);
    },
  },
  Q5_K: {
    ...{ ...SUPER, bytes: 176, bits: 8, hasMinimums: true },
    unpack(bytes, at, out) {
      sixBits(bytes, at, out);
      const { codes } = out;
      for (let j = 0; j < 4; j++) nibbles(bytes, at + 48 + 32 * j, codes, 64 * j, 32);
      for (let i = 0; i < 256; i++)
        codes[i] = (codes[i] as number) | (((byte(bytes, at + 16 + (i & 31)) >> (i >> 5)) & 1) << 4);
    },
  },
  Q6_K: {
    ...{ numbers: 256, group: 16, bytes: 210, bits: 8, hasMinimums: false },
    unpack(bytes, at, { codes, scales }) {
      const scale = half(bytes, at + 208);
      for (let j = 0; j < 16; j++) scales[j] = scale * ((byte(bytes, at + 192 + j) << 24) >> 24);
      for (let i = 0; i < 256; i++) {
        const [part, column] = [i >> 7, i & 127];
        const low = byte(bytes, at + 64 * part + (column & 63)) >> (column < 64 ? 0 : 4);
        const high = byte(bytes, at + 128 + 32 * part + (column & 31)) >> (2 * (column >> 5));
        codes[i] = ((low & 15) | ((high & 3) << 4)) - 32;
      }
    },
  },
} as const satisfies Record<string, BlockType>;
export type BlockTypeName = keyof typeof BLOCK_TYPES;

/** Calls `use` with each block's values, which are overwritten by the next's. */
export function forEachBlock(
  type: BlockType,
  bytes: Uint8Array,
  use: (values: BlockValues, block: number) => void,
): void {
  const groups = type.numbers / type.group;
  const values = {
    codes: new Int16Array(type.numbers),
    scales: new Float32Array(groups),
    minimums: new Float32Array(groups),
  };
  for (let block = 0; (block + 1) * type.bytes <= bytes.length; block++) {
    type.unpack(bytes, block * type.bytes, values);
    use(values, block);
  }
}

/** The numbers of blocks as float32, bit for bit as ggml has them: one rounding each, after a product that is exact. */
export function dequantizeBlocks(type: BlockType, data: ArrayBuffer): Float32Array<ArrayBuffer> {
  const bytes = new Uint8Array(data);
  const result = new Float32Array((bytes.length / type.bytes) * type.numbers);
  forEachBlock(type, bytes, ({ codes, scales, minimums }, block) => {
    for (let i = 0; i < type.numbers; i++) {
      const group = Math.floor(i / type.group);
      const product = (codes[i] as number) * (scales[group] as number);
      // Where there is none, −0 stays what it is.
      result[block * type.numbers + i] = type.hasMinimums ? product + (minimums[group] as number) : product;
    }
  });
  return result;
}
