import { attentionCase, attentionOf } from '../kernels/cases/attention.ts';
import { Draw, type KernelCase } from '../kernels/cases/case.ts';
import { elementwiseCase } from '../kernels/cases/elementwise.ts';
import { gemmCase } from '../kernels/cases/gemm.ts';
import { groupNormCase } from '../kernels/cases/group-norm.ts';
import { layerNormCase } from '../kernels/cases/layer-norm.ts';
import { gatherCase, meanCase } from '../kernels/cases/lookups.ts';
import { narrowCase } from '../kernels/cases/narrow.ts';
import { normalizeCase } from '../kernels/cases/normalize.ts';
import { quantizedCase } from '../kernels/cases/quantized.ts';
import { softmaxCase } from '../kernels/cases/softmax.ts';
import { convCase, gatedCase } from '../kernels/cases/tiled.ts';
import type { Storage } from '../kernels/kernel.ts';
import type { Tile } from '../kernels/product.ts';
import type { Pipelines } from './pipelines.ts';
import { runCase } from './run-case.ts';
import type { Variants } from './variants.ts';

type Cases = readonly [make: (draw: Draw, storage: Storage) => KernelCase, seeds: readonly number[]][];

/** Kinds of kernels, with seeds whose cases together have their options. */
const CASES: Cases = [
  [groupNormCase, [1]],
  [normalizeCase, [1]],
  [layerNormCase, [1]],
  [elementwiseCase, [2, 6]],
  [gatherCase, [1]],
  [meanCase, [1]],
  [softmaxCase, [1]],
];
/** What a processor that plays a GPU takes too long to compile: odd heads, numbers in other storages; two maps in slices. */
const MORE: Cases = [
  [gemmCase, [1, 2, 8, 21]],
  [attentionCase, [2, 6]],
  [groupNormCase, [5]],
];
/** Seeds of weights in both float8 and in bfloat16, with scales and without, which such a processor isn't tested for either. */
const NARROW = [14, 5, 8];

const drawOf = (seed: number) => new Draw(randomFrom(seed));

function kindsOf(storage: Storage, { isSoftware }: Variants): KernelCase[] {
  return [...CASES, ...(isSoftware ? [] : MORE)].flatMap(([make, seeds]) =>
    seeds.map((seed) => make(drawOf(seed), storage)),
  );
}

/**
 * The forms in which kernels of many sums run: what a tile holds is whole, and a little more is beside it, so that every sum of an
 * invocation has a part in the result.
 */
export function formsOf(storage: Storage, { tiles, attentions, isSoftware }: Variants): KernelCase[] {
  const tile = (i: number) => tiles[i % tiles.length] as Tile;
  return [
    ...tiles.flatMap((tile) => [gatedCase(drawOf(1), storage, tile), convCase(drawOf(1), storage, tile)]),
    ...([8, 4] as const).map((bits, i) => quantizedCase(drawOf(1), storage, bits, tile(i), 'own')),
    ...(isSoftware ? [] : [quantizedCase(drawOf(1), storage, 4, tile(2), 'ggml')]),
    ...(isSoftware ? [] : NARROW).map((seed, i) => narrowCase(drawOf(seed), storage, tile(i))),
    ...attentions.map((variant) => attentionOf(drawOf(1), storage, variant)),
  ];
}

/**
 * Runs kernels on small odd shapes and compares them with the same in plain loops: a driver may compile wrongly. All at once,
 * since most of the time is the compiler's.
 * @returns the title of the first that computes wrongly, or does not compile; undefined when all are right
 */
export async function wrongKernel(
  device: GPUDevice,
  pipelines: Pipelines,
  storage: Storage,
  variants: Variants,
): Promise<string | undefined> {
  const cases = [...kindsOf(storage, variants), ...formsOf(storage, variants)];
  const errors = await Promise.all(
    cases.map((one) => runCase(device, pipelines, one).catch(() => Number.POSITIVE_INFINITY)),
  );
  return cases.find(({ tolerance }, i) => !((errors[i] as number) <= tolerance))?.title;
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
