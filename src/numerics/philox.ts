import type { Random } from './random.ts';
import { elementCount, type Tensor } from './tensor.ts';

const f = Math.fround;
const ROUNDS = 10;
/** 2⁻³² as curand_globals.h writes it, in float32. */
const TO_UNIT = f(2.3283064e-10);
const TO_TURN = f(TO_UNIT * f(6.2831855));

/** Four unsigned 32-bit words: a counter, or the random bits for it. */
export type Words = readonly [number, number, number, number];

/** High and low word of a 32 × 32 bit product. */
function multiply(a: number, b: number): [high: number, low: number] {
  const [aHigh, aLow] = [a >>> 16, a & 0xffff];
  const [bHigh, bLow] = [b >>> 16, b & 0xffff];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carried = (middle & 0xffff) + aLow * bHigh;
  const high = aHigh * bHigh + Math.floor(middle / 2 ** 16) + Math.floor(carried / 2 ** 16);
  return [high >>> 0, Math.imul(a, b) >>> 0];
}

/** Philox4x32-10 (Salmon et al. 2011): a 128-bit counter encrypted under a 64-bit key. */
export function philox4x32([c0, c1, c2, c3]: Words, [k0, k1]: readonly [number, number]): Words {
  for (let round = 0; round < ROUNDS; round++) {
    const [high0, low0] = multiply(0xd2511f53, c0);
    const [high1, low1] = multiply(0xcd9e8d57, c2);
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1, (high0 ^ c3 ^ k1) >>> 0, low0];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/**
 * The noise of A1111's "NV" (modules/rng_philox.py): value i is the first of thread i's normal pair (curand_kernel.h,
 * curand_normal.h), and each call advances every thread by one counter. `torch.Generator("cuda")`, which is A1111's "GPU",
 * draws the same as long as a call has no more values than the GPU runs threads at once: 270,336 on an H100, 196,608 on an
 * RTX 4090, but 43,008 on an RTX 3060 and 40,960 on a T4, less than the 65,536 of SDXL at 1024 × 1024. Beyond, torch goes on
 * with the other values of the same threads (ATen/native/cuda/DistributionTemplates.h), so its noise depends on the GPU.
 */
export class PhiloxRandom implements Random {
  readonly #key: readonly [number, number];
  #calls = 0;

  /** @param seed an integer, 0 … 2⁵³−1 */
  constructor(seed: number) {
    this.#key = [seed % 2 ** 32, Math.floor(seed / 2 ** 32)];
  }

  /** Within 1e-6 of `rng_philox.Generator(seed).randn(shape)`. */
  randn(shape: readonly number[]): Tensor {
    const data = new Float32Array(elementCount(shape));
    for (let i = 0; i < data.length; i++) {
      const [x, y] = philox4x32([this.#calls, 0, i, 0], this.#key);
      const u = f(f(x * TO_UNIT) + TO_UNIT / 2);
      const v = f(f(y * TO_TURN) + TO_TURN / 2);
      data[i] = f(Math.sqrt(f(-2 * f(Math.log(u))))) * f(Math.sin(v));
    }
    this.#calls += 1;
    return { shape, data };
  }
}
