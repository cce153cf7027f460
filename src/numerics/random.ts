import { elementCount, type Tensor } from './tensor.ts';

const N = 624;
const M = 397;

/** The source of one image's noise; each call continues where the last one stopped. */
export interface Random {
  /** Standard normal values of this shape, float32. */
  randn(shape: readonly number[]): Tensor;
}

/**
 * mt19937 (Matsumoto and Nishimura 1998) as torch's CPUGeneratorImpl drives it (ATen/core/MT19937RNGEngine.h).
 * `torch.manual_seed(seed)` takes the low 32 bits.
 */
class MersenneTwister {
  readonly #state = new Uint32Array(N);
  #next = N;

  constructor(seed: number) {
    this.#state[0] = seed % 2 ** 32;
    for (let j = 1; j < N; j++) {
      const before = this.#state[j - 1] as number;
      this.#state[j] = Math.imul(1812433253, before ^ (before >>> 30)) + j;
    }
  }

  /** An integer, 0 … 2³²−1. */
  uint32(): number {
    if (this.#next === N) this.#twist();
    let y = this.#state[this.#next++] as number;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  #twist(): void {
    const s = this.#state;
    for (let k = 0; k < N; k++) {
      const y = ((s[k] as number) & 0x80000000) | ((s[(k + 1) % N] as number) & 0x7fffffff);
      s[k] = (s[(k + M) % N] as number) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }
}

/**
 * `torch.Generator("cpu").manual_seed(seed)`; each call continues where the last one stopped.
 * Source: ATen/native/cpu/DistributionTemplates.h and ATen/core/DistributionsHelper.h.
 */
export class TorchRandom implements Random {
  readonly #engine: MersenneTwister;
  /** The second value of the last Box–Muller pair, for the next call of `#normal`. */
  #spare: number | undefined;

  /** @param seed an integer, 0 … 2⁵³−1 */
  constructor(seed: number) {
    this.#engine = new MersenneTwister(seed);
  }

  /** `torch.randn(shape, generator=…)` in float32, within 1e-6 of torch's. */
  randn(shape: readonly number[]): Tensor {
    const data = new Float32Array(elementCount(shape));
    if (data.length < 16) {
      for (let i = 0; i < data.length; i++) data[i] = this.#normal();
    } else {
      this.#normalFill(data);
    }
    return { shape, data };
  }

  /** `torch.rand(1, generator=…)`: a number from 0 to 1, without 1. */
  rand(): number {
    return this.#uniform24();
  }

  /** normal_fill: uniform values first, then Box–Muller on blocks of sixteen; an incomplete last block is drawn again. */
  #normalFill(data: Float32Array): void {
    for (let i = 0; i < data.length; i++) data[i] = this.#uniform24();
    for (let i = 0; i + 16 <= data.length; i += 16) boxMuller16(data.subarray(i, i + 16));
    if (data.length % 16 === 0) return;
    const last = data.subarray(data.length - 16);
    for (let i = 0; i < 16; i++) last[i] = this.#uniform24();
    boxMuller16(last);
  }

  /** normal_distribution<double>: pairs, one returned and one kept. */
  #normal(): number {
    if (this.#spare !== undefined) {
      const value = this.#spare;
      this.#spare = undefined;
      return value;
    }
    const [u1, u2] = [this.#uniform53(), this.#uniform53()];
    const radius = Math.sqrt(-2 * Math.log1p(-u2));
    this.#spare = radius * Math.sin(2 * Math.PI * u1);
    return radius * Math.cos(2 * Math.PI * u1);
  }

  /** uniform_real_distribution<float>: [0, 1) in steps of 2⁻²⁴. */
  #uniform24(): number {
    return (this.#engine.uint32() & 0xffffff) / 2 ** 24;
  }

  /** uniform_real_distribution<double>: 53 bits from two draws, the first one the high half. */
  #uniform53(): number {
    const high = this.#engine.uint32() & 0x1fffff;
    return (high * 2 ** 32 + this.#engine.uint32()) / 2 ** 53;
  }
}

const f = Math.fround;
const TWO_PI = f(2 * Math.PI);

/** normal_fill_16, in float32: value j pairs with value j + 8. */
function boxMuller16(block: Float32Array): void {
  for (let j = 0; j < 8; j++) {
    const radius = f(Math.sqrt(f(-2 * f(Math.log(1 - (block[j] as number))))));
    const theta = f(TWO_PI * (block[j + 8] as number));
    block[j] = radius * f(Math.cos(theta));
    block[j + 8] = radius * f(Math.sin(theta));
  }
}
