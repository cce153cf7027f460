import { activationWgsl } from './activations.ts';
import {
  enables,
  forEachItem,
  input,
  type Kernel,
  output,
  STORAGE_BYTES,
  type Storage,
  uniforms,
  widthOf,
  workgroupsFor,
} from './kernel.ts';

/** x · scale + shift of each channel of a picture, then SiLU where asked for. */
export interface Normalize {
  readonly batches: number;
  readonly pixels: number;
  readonly channels: number;
  readonly silu: boolean;
  readonly storage: Storage;
  readonly out: Storage;
}

const THREADS = 64;

/** Bindings: x, scales and shifts (float32 [batches, 2, channels], as of `groupNormStatistics`), result. */
export function normalize({ batches, pixels, channels, silu, storage, out }: Normalize): Kernel {
  const width = widthOf(channels);
  const count = batches * pixels * channels;
  const { wgsl, data } = uniforms({ count: count / width, pixels, channels: channels / width });
  const value = 'read_x(i) * read_norm(at) + read_norm(at + u.channels)';
  const code = [
    enables(storage, out),
    wgsl,
    input('x', 1, storage, width),
    input('norm', 2, 'float32', width),
    output('result', 3, out, width),
    silu ? activationWgsl('silu', width) : '',
    forEachItem(
      THREADS,
      `  if (i >= u.count) { return; }
  let row = i / u.channels;
  let at = row / u.pixels * 2u * u.channels + i - row * u.channels;
  write_result(i, ${silu ? `silu${width}(${value})` : value});`,
    ),
  ].join('\n');
  return {
    name: `normalize${silu ? ' silu' : ''} ${storage}`,
    code,
    uniforms: data,
    workgroups: workgroupsFor(count / width, THREADS),
    flops: (silu ? 6 : 2) * count,
    bytes: count * (STORAGE_BYTES[storage] + STORAGE_BYTES[out]) + 8 * batches * channels,
  };
}
