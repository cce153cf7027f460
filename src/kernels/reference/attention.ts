import type { Attention } from '../attention.ts';

/**
 * `attention` in plain loops, [batches · queries, heads · size].
 * @param buffers of queries, keys and values, as float32
 * @param before what lies in the output, for `accumulate`
 */
export function attentionReference(
  problem: Attention,
  buffers: readonly [Float32Array, Float32Array, Float32Array],
  before?: Float32Array,
): Float32Array {
  const { batches, heads, size, queries, keys, parts, causal, accumulate } = problem;
  const scale = problem.scale ?? size ** -0.5;
  const [q, k, v] = buffers;
  const result = new Float32Array(batches * queries * heads * size);
  for (let row = 0; row < batches * queries; row++) {
    const [batch, query] = [Math.floor(row / queries), row % queries];
    const seen = causal ? Math.min(keys, query + 1) : keys;
    for (let head = 0; head < heads; head++) {
      const start = (part: 0 | 1 | 2, r: number) => parts[part].offset + r * parts[part].pitch + head * size;
      const scores = Array.from({ length: seen }, (_, key) => {
        const [a, b] = [start(0, row), start(1, batch * keys + key)];
        let sum = 0;
        for (let c = 0; c < size; c++) sum += (q[a + c] as number) * (k[b + c] as number);
        return scale * sum;
      });
      const most = scores.reduce((a, b) => Math.max(a, b));
      const weights = scores.map((score) => Math.exp(score - most));
      const total = weights.reduce((a, b) => a + b);
      const sums = new Float64Array(size);
      for (const [key, weight] of weights.entries()) {
        const from = start(2, batch * keys + key);
        for (let c = 0; c < size; c++) (sums[c] as number) += weight * (v[from + c] as number);
      }
      for (const [c, sum] of sums.entries()) {
        const at = (row * heads + head) * size + c;
        result[at] =
          accumulate === undefined ? sum / total : (before?.[at] as number) + (accumulate * sum) / total;
      }
    }
  }
  return result;
}
