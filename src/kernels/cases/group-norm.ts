import { type GroupNorm, groupNormScratch, groupNormStatistics } from '../group-norm.ts';
import type { Storage } from '../kernel.ts';
import { groupNormReference } from '../reference/group-norm.ts';
import { type Draw, type KernelCase, stored, toleranceOf } from './case.ts';

/** Channels of one or two feature maps, and groups: with groups that hold channels of both, and odd ones. */
const SHAPES = [
  { channels: [32], groups: 8 },
  { channels: [40], groups: 4 },
  { channels: [20], groups: 2 },
  { channels: [30], groups: 2 },
  { channels: [4], groups: 4 },
  { channels: [320], groups: 32 },
  { channels: [24, 12], groups: 4 },
  { channels: [64, 32], groups: 32 },
  { channels: [10, 20], groups: 2 },
] as const;

/** GroupNorm's statistics of small pictures, in one kernel or in two. */
export function groupNormCase(draw: Draw, storage: Storage): KernelCase {
  const { channels, groups } = draw.of(SHAPES);
  const total = channels.reduce((sum: number, count) => sum + count, 0);
  const norm: GroupNorm = {
    ...{ batches: draw.whole(1, 3), pixels: draw.of([1, 3, 7, 64, 77, 150, 400]), groups, epsilon: 1e-5 },
    inputs: channels.map((count) => ({ channels: count, storage })),
    weight: storage,
  };
  const slices = draw.of([1, 1, 2, 3, 9]);
  const kernels = groupNormStatistics(norm, slices);
  const mean = draw.of([0, 0, 2]);
  const maps = norm.inputs.map((map) =>
    stored(storage, draw.numbers(norm.batches * norm.pixels * map.channels, mean, draw.of([1, 3]))),
  );
  const weight = stored(storage, draw.numbers(total, 1, 0.5));
  const bias = stored(storage, draw.numbers(total));
  const inputs = maps.map((_, i) => i);
  const [w, b, result, scratch] = [0, 1, 2, 3].map((i) => maps.length + i) as [
    number,
    number,
    number,
    number,
  ];
  const bindings =
    slices > 1
      ? [
          [...inputs, scratch],
          [scratch, w, b, result],
        ]
      : [[...inputs, w, b, result]];
  return {
    title: `${kernels.map(({ name }) => name)} ${norm.batches} × ${norm.pixels} × ${channels} of ${groups}, ${slices}`,
    buffers: [
      ...maps.map(({ bytes }) => bytes),
      ...[weight.bytes, bias.bytes, norm.batches * 2 * total, groupNormScratch(norm, slices)],
    ],
    steps: kernels.map((kernel, i) => ({ kernel, bindings: bindings[i] as number[] })),
    // The statistics are float32 whatever the storage.
    ...{ result, storage: 'float32', tolerance: toleranceOf('float32') },
    expected: groupNormReference(
      norm,
      maps.map(({ numbers }) => numbers),
      weight.numbers,
      bias.numbers,
    ),
  };
}
