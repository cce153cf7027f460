import { numpyLinspace } from '../numerics/ranges.ts';

const RHO = 7;

/** Karras et al. 2022, equation 5: `steps` sigmas from the largest to the smallest, float64. */
export function karrasSigmas(sigmaMin: number, sigmaMax: number, steps: number): number[] {
  const [min, max] = [sigmaMin ** (1 / RHO), sigmaMax ** (1 / RHO)];
  return numpyLinspace(0, 1, steps).map((ramp) => (max + ramp * (min - max)) ** RHO);
}

/**
 * `_sigma_to_t` of diffusers' schedulers: the (fractional) training step whose sigma this is, linear in log sigma.
 * `trainingSigmas` ascend.
 */
export function sigmaToTimestep(sigma: number, trainingSigmas: Float32Array): number {
  const logs = trainingSigmas.map(Math.log);
  const log = Math.log(Math.max(sigma, 1e-10));
  const above = logs.findIndex((value) => value > log);
  const low = Math.min(Math.max((above < 0 ? logs.length : above) - 1, 0), logs.length - 2);
  const [from, to] = [logs[low] as number, logs[low + 1] as number];
  const weight = Math.min(Math.max((from - log) / Math.fround(from - to), 0), 1);
  return (1 - weight) * low + weight * (low + 1);
}
