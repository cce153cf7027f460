import { ACTIVATIONS } from '../activations.ts';
import type { GroupNorm } from '../group-norm.ts';
import type { Normalize } from '../normalize.ts';

/** `groupNormStatistics` in plain loops: scales and shifts [batches, 2, channels]. */
export function groupNormReference(
  { batches, pixels, inputs, groups, epsilon }: GroupNorm,
  maps: readonly Float32Array[],
  weight: Float32Array,
  bias: Float32Array,
): Float32Array {
  const channels = weight.length;
  const perGroup = channels / groups;
  const first = inputs[0]?.channels as number;
  const read = (row: number, c: number) =>
    (c < first ? maps[0]?.[row * first + c] : maps[1]?.[row * (channels - first) + c - first]) as number;
  const result = new Float32Array(batches * 2 * channels);
  for (let batch = 0; batch < batches; batch++)
    for (let group = 0; group < groups; group++) {
      const numbers = Array.from({ length: pixels * perGroup }, (_, i) =>
        read(batch * pixels + Math.floor(i / perGroup), group * perGroup + (i % perGroup)),
      );
      const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
      const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length;
      for (let c = group * perGroup; c < (group + 1) * perGroup; c++) {
        const scale = (weight[c] as number) / Math.sqrt(variance + epsilon);
        result[batch * 2 * channels + c] = scale;
        result[(batch * 2 + 1) * channels + c] = (bias[c] as number) - mean * scale;
      }
    }
  return result;
}

/** `normalize` in plain loops. */
export function normalizeReference(
  { pixels, channels, silu }: Pick<Normalize, 'pixels' | 'channels' | 'silu'>,
  x: Float32Array,
  norm: Float32Array,
): Float32Array {
  return x.map((value, i) => {
    const at = Math.floor(i / (pixels * channels)) * 2 * channels + (i % channels);
    const scaled = value * (norm[at] as number) + (norm[at + channels] as number);
    return silu ? ACTIVATIONS.silu(scaled) : scaled;
  });
}
