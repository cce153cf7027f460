import {
  enables,
  input,
  type Kernel,
  output,
  STORAGE_BYTES,
  type Storage,
  uniforms,
  vectorOf,
  type Width,
  widthOf,
  workgroupsFor,
} from './kernel.ts';
import { lanesFor, rowWgsl } from './lanes.ts';

/** Softmax of each row of [rows, channels]. */
export interface Softmax {
  readonly rows: number;
  readonly channels: number;
  readonly storage: Storage;
}

const REDUCED: Readonly<Record<'max' | 'sum', (width: Width) => string>> = {
  max: (width) => ({ 1: 'x', 2: 'max(x.x, x.y)', 4: 'max(max(x.x, x.y), max(x.z, x.w))' })[width],
  sum: (width) => ({ 1: 'x', 2: 'x.x + x.y', 4: 'x.x + x.y + x.z + x.w' })[width],
};

/** Over the lanes of a row: `max_of_row(index, x)` and `sum_of_row(index, x)`, which hold barriers. */
const reduce = (name: 'max' | 'sum', lanes: number, both: string): string => `
fn ${name}_of_row(index: u32, own: f32) -> f32 {
  workgroupBarrier();
  shared_row[index] = own;
  for (var half = ${lanes / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (index % ${lanes}u < half) { let a = shared_row[index]; let b = shared_row[index + half]; shared_row[index] = ${both}; }
  }
  workgroupBarrier();
  return shared_row[index / ${lanes}u * ${lanes}u];
}`;

/** Bindings: x, result. The sums are float32. @throws RangeError for an odd number of channels of packed16 */
export function softmax({ rows, channels, storage }: Softmax): Kernel {
  const width = widthOf(channels);
  const vector = vectorOf(width);
  const { lanes, threads } = lanesFor(channels / width);
  const { wgsl, data } = uniforms({ rows, vectors: channels / width });
  const code = [
    enables(storage),
    wgsl,
    input('x', 1, storage, width),
    output('result', 2, storage, width),
    `var<workgroup> shared_row: array<f32, ${threads}>;`,
    reduce('max', lanes, 'max(a, b)'),
    reduce('sum', lanes, 'a + b'),
    rowWgsl(
      threads,
      lanes,
      `  var top = -3e38;
  for (var c = lane; c < end; c += ${lanes}u) { let x = read_x(start + c); top = max(top, ${REDUCED.max(width)}); }
  top = max_of_row(index, top);
  var total = 0.0;
  for (var c = lane; c < end; c += ${lanes}u) { let x = exp(read_x(start + c) - ${vector}(top)); total += ${REDUCED.sum(width)}; }
  total = sum_of_row(index, total);
  for (var c = lane; c < end; c += ${lanes}u) { write_result(start + c, exp(read_x(start + c) - ${vector}(top)) / total); }`,
    ),
  ].join('\n');
  return {
    name: `softmax ${storage}`,
    code,
    uniforms: data,
    workgroups: workgroupsFor(rows, threads / lanes),
    flops: 4 * rows * channels,
    bytes: 2 * rows * channels * STORAGE_BYTES[storage],
  };
}
