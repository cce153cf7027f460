import type { Storage } from '../kernel.ts';
import { softmaxReference } from '../reference/softmax.ts';
import { softmax } from '../softmax.ts';
import { type Draw, type KernelCase, stored, toleranceOf } from './case.ts';

const CHANNELS = [1, 2, 3, 5, 6, 8, 20, 33, 64, 77, 154, 320, 1000];

/** Softmax of a few rows. */
export function softmaxCase(draw: Draw, storage: Storage): KernelCase {
  const channels = draw.of(CHANNELS.filter((count) => storage !== 'packed16' || count % 2 === 0));
  const rows = draw.of([1, 3, 5, 7, 17, 77]);
  const kernel = softmax({ rows, channels, storage });
  const x = stored(storage, draw.numbers(rows * channels, draw.of([0, -50, 100]), draw.of([1, 4])));
  return {
    title: `${kernel.name} ${rows}×${channels}`,
    buffers: [x.bytes, rows * channels],
    steps: [{ kernel, bindings: [0, 1] }],
    ...{ result: 1, storage, tolerance: toleranceOf(storage) },
    expected: softmaxReference(rows, channels, x.numbers),
  };
}
