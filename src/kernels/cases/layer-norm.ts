import type { Storage } from '../kernel.ts';
import { layerNorm } from '../layer-norm.ts';
import { layerNormReference } from '../reference/layer-norm.ts';
import { type Draw, type KernelCase, stored, toleranceOf } from './case.ts';

const CHANNELS = [1, 2, 3, 5, 6, 8, 20, 33, 64, 77, 154, 320, 768, 1280, 2048];

/** LayerNorm of a few rows, some of them far from zero. */
export function layerNormCase(draw: Draw, storage: Storage): KernelCase {
  const channels = draw.of(CHANNELS.filter((count) => storage !== 'packed16' || count % 2 === 0));
  const rows = draw.of([1, 3, 5, 7, 17, 77]);
  const problem = { rows, channels, epsilon: 1e-5, storage, weight: storage };
  const kernel = layerNorm(problem);
  const x = stored(storage, draw.numbers(rows * channels, draw.of([0, 0, 10]), draw.of([1, 3])));
  const scale = stored(storage, draw.numbers(channels, 1, 0.5));
  const bias = stored(storage, draw.numbers(channels));
  return {
    title: `${kernel.name} ${rows}×${channels}`,
    buffers: [x.bytes, scale.bytes, bias.bytes, rows * channels],
    steps: [{ kernel, bindings: [0, 1, 2, 3] }],
    ...{ result: 3, storage, tolerance: toleranceOf(storage) },
    expected: layerNormReference(problem, x.numbers, scale.numbers, bias.numbers),
  };
}
