import {
  enables,
  input,
  type Kernel,
  output,
  STORAGE_BYTES,
  type Storage,
  uniforms,
  widthOf,
  workgroupsFor,
} from './kernel.ts';
import { lanesFor, rowWgsl } from './lanes.ts';
import { declareMoments, meet, momentsWgsl, ownMoments } from './moments.ts';

/** Each row of [rows, channels] by itself: (x − mean) / √(variance + epsilon) · scale + bias. */
export interface LayerNorm {
  readonly rows: number;
  readonly channels: number;
  readonly epsilon: number;
  readonly storage: Storage;
  /** Of scale and bias. */
  readonly weight: Storage;
}

/** Bindings: x, scale, bias, result. The statistics are float32. */
export function layerNorm({ rows, channels, epsilon, storage, weight }: LayerNorm): Kernel {
  const width = widthOf(channels);
  const { lanes, threads } = lanesFor(channels / width);
  const { wgsl, data } = uniforms({ rows, vectors: channels / width }, { epsilon });
  const code = [
    enables(storage, weight),
    wgsl,
    input('x', 1, storage, width),
    input('scale', 2, weight, width),
    input('bias', 3, weight, width),
    output('result', 4, storage, width),
    momentsWgsl(threads, lanes),
    rowWgsl(
      threads,
      lanes,
      `${declareMoments(width === 1 ? 'f32' : `vec${width}<f32>`)}
  for (var c = lane; c < end; c += ${lanes}u) { let x = read_x(start + c); ${meet('x')} }
  let all = moments_of_lanes(index, ${ownMoments(width)});
  let deviation = sqrt(all.z / max(all.x, 1.0) + u.epsilon);
  for (var c = lane; c < end; c += ${lanes}u) {
    write_result(start + c, (read_x(start + c) - all.y) / deviation * read_scale(c) + read_bias(c));
  }`,
    ),
  ].join('\n');
  return {
    name: `layer norm ${storage}`,
    code,
    uniforms: data,
    workgroups: workgroupsFor(rows, threads / lanes),
    flops: 8 * rows * channels,
    bytes: 2 * rows * channels * STORAGE_BYTES[storage] + 2 * channels * STORAGE_BYTES[weight],
  };
}
