import type { LayerNorm } from '../layer-norm.ts';

/** `layerNorm` in plain loops. */
export function layerNormReference(
  { rows, channels, epsilon }: Pick<LayerNorm, 'rows' | 'channels' | 'epsilon'>,
  x: Float32Array,
  scale: Float32Array,
  bias: Float32Array,
): Float32Array {
  const result = new Float32Array(rows * channels);
  for (let row = 0; row < rows; row++) {
    const values = x.subarray(row * channels, (row + 1) * channels);
    const mean = values.reduce((sum, value) => sum + value, 0) / channels;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / channels;
    values.forEach((value, c) => {
      const normal = (value - mean) / Math.sqrt(variance + epsilon);
      result[row * channels + c] = normal * (scale[c] as number) + (bias[c] as number);
    });
  }
  return result;
}
