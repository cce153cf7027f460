import { input, STORAGE_BYTES, type Storage, vectorOf, type Width } from './kernel.ts';
import type { NarrowStorage } from './narrow.ts';

/** How a weight [N, K] lies in its buffer, with scales or quantised (checkpoint/quantize.ts) in its two or three. */
export type WeightStorage =
  | {
      readonly kind: 'float32' | 'float16' | 'packed16' | NarrowStorage;
      /** Whether a second buffer has a factor for each row, float32 [N]. */
      readonly isScaled?: boolean;
    }
  | {
      readonly kind: 'quantized';
      readonly bits: 4 | 8;
      /** Numbers of a row that share a scale; a multiple of 4. */
      readonly block: number;
      readonly scales: Storage;
      /** uint8, packed as the weight is, or one float32 for each scale; without them zero is half the range. */
      readonly zeroPoints: 'packed' | 'float32' | undefined;
    };

/** How many buffers it is bound by: the numbers, then scales and zero points. */
export function weightBuffers(weight: WeightStorage): number {
  if (weight.kind === 'quantized') return weight.zeroPoints ? 3 : 2;
  return weight.isScaled ? 2 : 1;
}

/** Whether float16 holds all of a weight's numbers, also on a GPU that takes the smallest of them for zero. */
export const isHalfWeight = (weight: WeightStorage): boolean =>
  weight.kind === 'float16' || (weight.kind === 'float8e4m3fn' && !weight.isScaled);

/** Bytes of [rows, columns]. */
export function weightBytes(weight: WeightStorage, rows: number, columns: number): number {
  if (weight.kind !== 'quantized')
    return rows * columns * STORAGE_BYTES[weight.kind] + (weight.isScaled ? 4 * rows : 0);
  const blocks = rows * (columns / weight.block);
  const zeroPoints = { packed: (blocks * weight.bits) / 8, float32: 4 * blocks, none: 0 }[
    weight.zeroPoints ?? 'none'
  ];
  return (rows * columns * weight.bits) / 8 + blocks * STORAGE_BYTES[weight.scales] + zeroPoints;
}

/**
 * The bindings from `binding` on, and `read_weight(row, i)`: the i-th `width` numbers of a row as float32. `u.weightPitch` is
 * the length of a row in such vectors.
 */
export function readWeight(weight: WeightStorage, binding: number, width: Width): string {
  const vector = vectorOf(width);
  if (weight.kind !== 'quantized')
    return `${input('weight', binding, weight.kind, width)}
${weight.isScaled ? input('scales', binding + 1, 'float32', 1) : ''}
fn read_weight_at(row: u32, i: u32) -> ${vector} {
  return read_weight(row * u.weightPitch + i)${weight.isScaled ? ' * read_scales(row)' : ''};
}`;
  const { bits, block, scales, zeroPoints } = weight;
  const perWord = 32 / bits;
  const isPacked = zeroPoints === 'packed';
  const zero = isPacked
    ? `f32((zeros[at / 4u] >> (8u * (at % 4u) + ${bits === 4 ? '4u * (k / BLOCK % 2u)' : '0u'})) & ${2 ** bits - 1}u)`
    : zeroPoints
      ? 'read_zeros(row * blocks + k / BLOCK)'
      : `${2 ** (bits - 1)}.0`;
  const numbers = Array.from({ length: width }, (_, j) => {
    return `f32((word >> (shift + ${j * bits}u)) & ${2 ** bits - 1}u)`;
  });
  return [
    `const BLOCK = ${block}u;`,
    `@group(0) @binding(${binding}) var<storage, read> weight: array<u32>;`,
    input('scales', binding + 1, scales, 1),
    isPacked ? `@group(0) @binding(${binding + 2}) var<storage, read> zeros: array<u32>;` : '',
    zeroPoints === 'float32' ? input('zeros', binding + 2, 'float32', 1) : '',
    `fn read_weight_at(row: u32, i: u32) -> ${vector} {`,
    `  let k = i * ${width}u;`,
    `  let blocks = u.weightPitch * ${width}u / BLOCK;`,
    isPacked ? `  let at = row * ((blocks * ${bits}u + 7u) / 8u) + k / BLOCK * ${bits}u / 8u;` : '',
    `  let first = row * u.weightPitch * ${width}u + k;`,
    `  let word = weight[first / ${perWord}u];`,
    `  let shift = first % ${perWord}u * ${bits}u;`,
    `  return (${vector}(${numbers.join(', ')}) - ${zero}) * read_scales(row * blocks + k / BLOCK);`,
    '}',
  ].join('\n');
}
