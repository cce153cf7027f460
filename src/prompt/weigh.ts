import type { SettingValues } from '../protocol/settings.ts';

/**
 * Applies emphasis as AUTOMATIC1111's web UI does (modules/sd_emphasis.py): each token's state times its weight, then, by
 * `original`, all states scaled to the mean they had before. `ignore` leaves the states as they are.
 * @param states [T, D] of one chunk
 * @param weights [T]
 * @returns [T, D]
 */
export function weigh(
  states: Float32Array,
  weights: Float32Array,
  emphasis: SettingValues['emphasis'],
): Float32Array {
  if (emphasis === 'ignore' || weights.every((weight) => weight === 1)) return states;
  const width = states.length / weights.length;
  const weighted = states.map((value, i) => value * (weights[Math.floor(i / width)] as number));
  if (emphasis === 'no-norm') return weighted;
  const restored = mean(states) / mean(weighted);
  // With all weights zero there is no mean to scale.
  return Number.isFinite(restored) ? weighted.map((value) => value * restored) : weighted;
}

const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
