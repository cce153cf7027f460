import {
  enables,
  forEachItem,
  input,
  type Kernel,
  output,
  STORAGE_BYTES,
  type Storage,
  uniforms,
  type Width,
  workgroupsFor,
} from './kernel.ts';

/** The mean over the middle one of three axes. */
export interface Mean {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
  readonly storage: Storage;
  readonly out: Storage;
}

/**
 * x [outer, length, inner] → [outer, inner], summed in float32. Bindings: x; then the result.
 * @throws RangeError where a result in pairs (packed16) has an odd last axis
 */
export function mean({ outer, length, inner, storage, out }: Mean): Kernel {
  const width: Width = inner % 2 === 0 ? 2 : 1;
  const count = (outer * inner) / width;
  const { wgsl, data } = uniforms({ count, length, inner: inner / width });
  const code = [
    enables(storage, out),
    wgsl,
    input('x', 1, storage, width),
    output('result', 2, out, width),
    forEachItem(
      64,
      `  if (i >= u.count) { return; }
  var sum = ${width === 2 ? 'vec2<f32>()' : '0.0'};
  for (var k = 0u; k < u.length; k++) { sum += read_x((i / u.inner * u.length + k) * u.inner + i % u.inner); }
  write_result(i, sum / f32(u.length));`,
    ),
  ].join('\n');
  const bytes = outer * inner * (length * STORAGE_BYTES[storage] + STORAGE_BYTES[out]);
  return {
    name: 'mean',
    code,
    uniforms: data,
    workgroups: workgroupsFor(count, 64),
    flops: outer * inner * length,
    bytes,
  };
}
