/**
 * Emphasis as AUTOMATIC1111's web UI has it ("Original") and diffusers' long-prompt-weighting community pipeline: each token's
 * state times its weight, then all of them brought back to the mean they had.
 * @param states [T, D] of one chunk
 * @param weights [T]
 */
export function weigh(states: Float32Array, weights: Float32Array): Float32Array {
  if (weights.every((weight) => weight === 1)) return states;
  const width = states.length / weights.length;
  const weighted = states.map((value, i) => value * (weights[Math.floor(i / width)] as number));
  const restored = mean(states) / mean(weighted);
  // Weights of nothing but zero leave nothing to bring back.
  return Number.isFinite(restored) ? weighted.map((value) => value * restored) : weighted;
}

const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
