import type { Storage } from '../kernel.ts';
import { normalize } from '../normalize.ts';
import { normalizeReference } from '../reference/group-norm.ts';
import { type Draw, type KernelCase, stored, toleranceOf } from './case.ts';

/** Scaled and shifted channels of small pictures. */
export function normalizeCase(draw: Draw, storage: Storage): KernelCase {
  const channels = draw.of([1, 2, 3, 6, 7, 20, 32, 320].filter((c) => storage !== 'packed16' || c % 2 === 0));
  const [batches, pixels] = [draw.whole(1, 3), draw.of([1, 3, 7, 64, 77])];
  const problem = { batches, pixels, channels, silu: draw.random() < 0.5, storage, out: storage };
  const kernel = normalize(problem);
  const x = stored(storage, draw.numbers(batches * pixels * channels));
  const norm = draw.numbers(batches * 2 * channels, 0.5);
  return {
    title: `${kernel.name} ${batches} × ${pixels} × ${channels}`,
    buffers: [x.bytes, norm, x.bytes.length],
    steps: [{ kernel, bindings: [0, 1, 2] }],
    ...{ result: 2, storage, tolerance: toleranceOf(storage) },
    expected: normalizeReference(problem, x.numbers, norm),
  };
}
