import { attentionCase } from '../kernels/cases/attention.ts';
import { Draw, type KernelCase } from '../kernels/cases/case.ts';
import { elementwiseCase } from '../kernels/cases/elementwise.ts';
import { gemmCase } from '../kernels/cases/gemm.ts';
import { groupNormCase } from '../kernels/cases/group-norm.ts';
import { layerNormCase } from '../kernels/cases/layer-norm.ts';
import { gatherCase } from '../kernels/cases/lookups.ts';
import type { Storage } from '../kernels/kernel.ts';
import type { Pipelines } from './pipelines.ts';
import { runCase } from './run-case.ts';

/** Each kind of kernel, with seeds whose cases together have its options. */
const CASES: readonly [make: (draw: Draw, storage: Storage) => KernelCase, seeds: readonly number[]][] = [
  [gemmCase, [1, 2, 8, 21]],
  [attentionCase, [2, 6]],
  [groupNormCase, [1]],
  [layerNormCase, [1]],
  [elementwiseCase, [2, 6]],
  [gatherCase, [1]],
];

/**
 * Runs kernels on small odd shapes and compares them with the same in plain loops: a driver may compile wrongly.
 * @param onProgress called after each of them
 * @returns the title of the first that computes wrongly, or does not compile; undefined when all are right
 */
export async function wrongKernel(
  device: GPUDevice,
  pipelines: Pipelines,
  storage: Storage,
  onProgress: () => void = () => {},
): Promise<string | undefined> {
  for (const [make, seeds] of CASES)
    for (const seed of seeds) {
      const kernelCase = make(new Draw(randomFrom(seed)), storage);
      const error = await runCase(device, pipelines, kernelCase).catch(() => Number.POSITIVE_INFINITY);
      if (!(error <= kernelCase.tolerance)) return kernelCase.title;
      onProgress();
    }
  return undefined;
}

/** The same numbers in [0, 1) from the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
