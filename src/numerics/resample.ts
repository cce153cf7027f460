/** A resampling filter: the weight of a sample by its distance in samples of the smaller of both sizes, 0 from `support` on. */
export interface Filter {
  readonly support: number;
  readonly weight: (distance: number) => number;
}

/** Linear interpolation. */
export const TRIANGLE: Filter = { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) };

/**
 * The weight of a sample in cubic interpolation (Keys 1981).
 * @param a the slope at a distance of 1: −0.5 in Pillow, −0.75 in torch's interpolate
 */
export function cubicWeight(distance: number, a: number): number {
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

const sinc = (x: number) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** Lanczos with three lobes. */
export const LANCZOS: Filter = {
  support: 3,
  weight: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0),
};

/** Pillow's BICUBIC. */
export const BICUBIC: Filter = { support: 2, weight: (x) => cubicWeight(x, -0.5) };

/** One output sample: the weights, which sum to 1, of the input samples from `first` on. */
interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/** One axis of a row-major array [outer, length, inner]. */
export interface TensorAxis {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

/**
 * Resizes one axis: data [outer, length, inner] → out [outer, size, inner]. Samples beyond the edges are left
 * out and the remaining weights scaled up, as in Pillow's Image.resize (libImaging/Resample.c, precompute_coeffs); with
 * TRIANGLE and size ≥ length that is also torch's interpolate, bilinear with align_corners=False. 8-bit results come by weights in fixed
 * point, as there.
 * @returns `out`
 */
export function resizeAxis<T extends Float32Array | Uint8ClampedArray<ArrayBuffer>>(
  data: ArrayLike<number>,
  { outer, length, inner }: TensorAxis,
  out: T,
  filter: Filter,
): T {
  const size = out.length / outer / inner;
  const step = length / size;
  const unit = out instanceof Uint8ClampedArray ? FIXED : 1;
  const taps = Array.from({ length: size }, (_, i) => {
    const { first, weights } = tapsAt((i + 0.5) * step, length, Math.max(1, step), filter);
    return { first, weights: unit === 1 ? weights : weights.map(fixed) };
  });
  for (let line = 0; line < outer; line++) {
    for (const [i, { first, weights }] of taps.entries()) {
      const [from, to] = [(line * length + first) * inner, (line * size + i) * inner];
      for (let value = 0; value < inner; value++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++)
          sum += (weights[k] as number) * (data[from + k * inner + value] as number);
        out[to + value] = unit === 1 ? sum : Math.floor(sum / unit + 0.5);
      }
    }
  }
  return out;
}

/** Pillow's PRECISION_BITS. */
const FIXED = 2 ** 22;
const fixed = (weight: number) => Math.trunc(weight * FIXED + Math.sign(weight) / 2);

/** @param spread how many samples of the input count as one of the filter's */
function tapsAt(centre: number, length: number, spread: number, { support, weight }: Filter): Taps {
  const reach = support * spread;
  const first = Math.max(0, Math.trunc(centre - reach + 0.5));
  const end = Math.min(length, Math.trunc(centre + reach + 0.5));
  const raw = Array.from({ length: end - first }, (_, k) => weight((first + k + 0.5 - centre) / spread));
  const total = raw.reduce((a, b) => a + b, 0);
  return { first, weights: raw.map((value) => value / total) };
}
