/** A filter: the weight of a place by its distance, which is 0 from `support` on. */
export interface Filter {
  readonly support: number;
  readonly weight: (distance: number) => number;
}

export const TRIANGLE: Filter = { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) };

const sinc = (x: number) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

export const LANCZOS: Filter = {
  support: 3,
  weight: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0),
};

/** What one new place is made of: weights, their sum 1, of the places from `first` on. */
interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/** One axis of an array in rows: how many lines there are before it, places along it, and values at each place. */
export interface Axis {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

/**
 * Enlarges one axis: [outer, length, inner] → [outer, size, inner], size ≥ length, into `out`. Edges are not repeated but left out,
 * and the rest weighs the more: Pillow's Image.resize (libImaging/Resample.c, precompute_coeffs), and with TRIANGLE also
 * torch's interpolate, bilinear with align_corners=False.
 */
export function enlargeAxis<T extends Float32Array | Uint8ClampedArray<ArrayBuffer>>(
  data: ArrayLike<number>,
  { outer, length, inner }: Axis,
  out: T,
  filter: Filter,
): T {
  const size = out.length / outer / inner;
  const places = Array.from({ length: size }, (_, i) => tapsAt(((i + 0.5) * length) / size, length, filter));
  for (let line = 0; line < outer; line++) {
    for (const [i, { first, weights }] of places.entries()) {
      const [from, to] = [(line * length + first) * inner, (line * size + i) * inner];
      for (let value = 0; value < inner; value++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++)
          sum += (weights[k] as number) * (data[from + k * inner + value] as number);
        out[to + value] = sum;
      }
    }
  }
  return out;
}

function tapsAt(centre: number, length: number, { support, weight }: Filter): Taps {
  const first = Math.max(0, Math.trunc(centre - support + 0.5));
  const end = Math.min(length, Math.trunc(centre + support + 0.5));
  const raw = Array.from({ length: end - first }, (_, k) => weight(first + k + 0.5 - centre));
  const total = raw.reduce((a, b) => a + b, 0);
  return { first, weights: raw.map((value) => value / total) };
}
