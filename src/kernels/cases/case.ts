import { float16ToFloat32, float32ToFloat16 } from '../../numerics/half.ts';
import type { Kernel, Storage } from '../kernel.ts';

/** A kernel on numbers of which the result is known. */
export interface KernelCase {
  readonly title: string;
  /** What lies in each buffer before; a number is the length in float32 of one that lies empty. */
  readonly buffers: readonly (Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | number)[];
  /** The buffers bound to a kernel, from binding 1 on. */
  readonly steps: readonly { readonly kernel: Kernel; readonly bindings: readonly number[] }[];
  /** The buffer of the result. */
  readonly result: number;
  readonly storage: Storage;
  readonly expected: Float32Array;
  /** The greatest error allowed, as a part of the greatest number expected. */
  readonly tolerance: number;
}

/** What float32 sums and 16-bit storage allow. */
export const toleranceOf = (storage: Storage): number => (storage === 'float32' ? 1e-5 : 2e-3);

/** Draws for cases, all from one source of numbers in [0, 1). */
export class Draw {
  readonly random: () => number;
  constructor(random: () => number) {
    this.random = random;
  }
  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.random() * (most - least + 1));
  }
  of<T>(options: readonly T[]): T {
    return options[this.whole(0, options.length - 1)] as T;
  }
  /** Numbers around `mean`, spread like those of a normal distribution. */
  numbers(length: number, mean = 0, deviation = 1): Float32Array<ArrayBuffer> {
    const one = () => this.random() + this.random() + this.random() + this.random() - 2;
    return Float32Array.from({ length }, () => mean + deviation * 1.732 * one());
  }
}

/** Numbers as a storage holds them: its bytes, and what they mean. */
export function stored(
  storage: Storage,
  numbers: Float32Array<ArrayBuffer>,
): { bytes: Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>; numbers: Float32Array<ArrayBuffer> } {
  if (storage === 'float32') return { bytes: numbers, numbers };
  const bytes = float32ToFloat16(numbers);
  return { bytes, numbers: float16ToFloat32(bytes) };
}
