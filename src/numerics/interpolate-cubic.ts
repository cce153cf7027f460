import { cubicWeight, type TensorAxis } from './resample.ts';

/**
 * Interpolates one axis: data [outer, length, inner] → [outer, size, inner], by torch's interpolate, bicubic with
 * align_corners=False. It takes four samples also where there are fewer in the end than before; those beyond the edges are the
 * outermost.
 */
export function interpolateCubic(
  data: Float32Array,
  { outer, length, inner }: TensorAxis,
  size: number,
): Float32Array {
  const out = new Float32Array(outer * size * inner);
  for (let i = 0; i < size; i++) {
    const centre = ((i + 0.5) * length) / size - 0.5;
    const first = Math.floor(centre) - 1;
    const taps = [0, 1, 2, 3].map((k) => ({
      from: Math.min(length - 1, Math.max(0, first + k)) * inner,
      weight: cubicWeight(first + k - centre, -0.75),
    }));
    for (let line = 0; line < outer; line++)
      for (let value = 0; value < inner; value++) {
        const start = line * length * inner + value;
        out[(line * size + i) * inner + value] = taps.reduce(
          (sum, { from, weight }) => sum + (data[start + from] as number) * weight,
          0,
        );
      }
  }
  return out;
}
