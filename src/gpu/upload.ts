import { type ByteSource, free } from '../graph/byte-source.ts';
import type { Graph, Initializer } from '../graph/graph.ts';
import { forEachItem, type Kernel, STORAGE_BYTES, uniforms, workgroupsFor } from '../kernels/kernel.ts';
import { elementCount } from '../numerics/tensor.ts';
import { bufferBytes } from './buffer-bytes.ts';
import type { Weight } from './program.ts';

/** Bytes that are read from a file at once. */
const SLICE_BYTES = 32 * 2 ** 20;
/** What a GPU has not taken in yet lies in memory beside the file. */
const AT_ONCE_BYTES = 2 * SLICE_BYTES;

/** Where a weight lies on the GPU. */
export interface Placed {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

const partBytes = (part: Initializer, { storage }: Weight): number =>
  elementCount(part.shape) * STORAGE_BYTES[storage];

/** Bytes of a weight's buffer. */
export const weightBytes = (weight: Weight): number =>
  bufferBytes(weight.parts.reduce((sum, part) => sum + partBytes(part, weight), 0));

/** Bytes of all weights on the GPU. */
export const weightsBytes = (weights: readonly Weight[]): number =>
  weights.reduce((sum, weight) => sum + weightBytes(weight), 0);

/**
 * Places for weights in as few buffers as the device's limits allow, each at an offset that a binding may have. None is
 * larger than those limits (`beyondLimits`).
 */
export function placeWeights(device: GPUDevice, weights: readonly Weight[]): Placed[] {
  const { maxBufferSize, maxStorageBufferBindingSize, minStorageBufferOffsetAlignment } = device.limits;
  // A re-laid weight is read in one binding, and a buffer never has to be larger than that.
  const limit = Math.min(maxBufferSize, Math.max(maxStorageBufferBindingSize, 2 ** 28));
  const arenas: number[] = [];
  const places = weights.map((weight) => {
    const size = weightBytes(weight);
    const last = arenas.length - 1;
    const offset =
      Math.ceil((arenas[last] ?? 0) / minStorageBufferOffsetAlignment) * minStorageBufferOffsetAlignment;
    if (last >= 0 && offset + size <= limit) {
      arenas[last] = offset + size;
      return { arena: last, offset, size };
    }
    return { arena: arenas.push(size) - 1, offset: 0, size };
  });
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  const buffers = arenas.map((size) => device.createBuffer({ size, usage, label: 'weights' }));
  return places.map(({ arena, offset, size }) => ({ buffer: buffers[arena] as GPUBuffer, offset, size }));
}

/** What uploading needs to run a shader now. */
export type RunNow = (kernel: Kernel, reads: readonly Placed[], writes: Placed) => Promise<void>;

/**
 * Reads weights from their files into their places, slice by slice; a convolution's are re-laid on the GPU.
 * @param onRead called with the bytes that have just been read; where it throws, no more are read
 */
export async function uploadWeights(
  device: GPUDevice,
  graph: Graph,
  weights: readonly Weight[],
  places: readonly Placed[],
  runNow: RunNow,
  onRead: (bytes: number) => void,
): Promise<void> {
  const onWritten = inTime(device);
  const note = async (bytes: number) => {
    onRead(bytes);
    await onWritten(bytes);
  };
  for (const [i, weight] of weights.entries()) {
    const place = places[i] as Placed;
    const isMoved = weight.taps > 1;
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
    const staging = isMoved
      ? device.createBuffer({ size: place.size, usage, label: 'weight as in its file' })
      : undefined;
    const target = staging ? { buffer: staging, offset: 0, size: place.size } : place;
    try {
      let at = 0;
      for (const part of weight.parts) {
        await write(device, graph, part, { ...target, offset: target.offset + at }, note);
        at += partBytes(part, weight);
      }
      if (staging) await runNow(relay(weight), [target], place);
    } finally {
      staging?.destroy();
    }
  }
}

/** What is called with the bytes that are on their way to the GPU: waits until those before the last 64 MB have arrived. */
function inTime({ queue }: GPUDevice): (bytes: number) => Promise<void> {
  let bytes = 0;
  let arrived: Promise<unknown> = Promise.resolve();
  return async (more) => {
    bytes += more;
    if (bytes < AT_ONCE_BYTES) return;
    bytes = 0;
    await arrived;
    // A lost device is told by what is awaited next.
    arrived = queue.onSubmittedWorkDone().catch(() => {});
  };
}

async function write(
  device: GPUDevice,
  graph: Graph,
  part: Initializer,
  { buffer, offset }: Placed,
  onWritten: (bytes: number) => Promise<void>,
): Promise<void> {
  if ('data' in part) {
    const data = part.data instanceof BigInt64Array ? Int32Array.from(part.data, Number) : part.data;
    device.queue.writeBuffer(
      buffer,
      offset,
      padded(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
    );
    return;
  }
  const { path, offset: start, length } = part.range;
  const file = graph.files.get(path) as ByteSource;
  for (let at = 0; at < length; at += SLICE_BYTES) {
    const end = Math.min(at + SLICE_BYTES, length);
    const bytes = await file.slice(start + at, start + end).arrayBuffer();
    device.queue.writeBuffer(buffer, offset + at, padded(new Uint8Array(bytes)));
    free(bytes);
    await onWritten(end - at);
  }
}

/** The bytes up to a multiple of four, which a GPU copies. */
function padded(bytes: Uint8Array<ArrayBufferLike>): Uint8Array<ArrayBuffer> {
  if (bytes.length % 4 === 0) return bytes as Uint8Array<ArrayBuffer>;
  const longer = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  longer.set(bytes);
  return longer;
}

/** Weights [O, I, taps] as [O, taps, I]: bits are moved, whatever they mean; as many at once as a word holds. */
function relay({ parts, storage, taps }: Weight): Kernel {
  const [out = 0, inner = 0] = (parts[0] as Initializer).shape;
  const count = out * inner * taps;
  const bits = 8 * STORAGE_BYTES[storage];
  const perWord = 32 / bits;
  const words = Math.ceil(count / perWord);
  const { wgsl, data } = uniforms({ words, count, inner, taps });
  const source = `fn source(i: u32) -> u32 {
  let o = i / (u.inner * u.taps);
  let tap = i / u.inner % u.taps;
  return (o * u.inner + i % u.inner) * u.taps + tap;
}`;
  const part = `fn part(i: u32) -> u32 {
  let at = source(min(i, u.count - 1u));
  return (x[at / ${perWord}u] >> (${bits}u * (at % ${perWord}u))) & ${bits === 8 ? '0xffu' : '0xffffu'};
}`;
  const packed = Array.from({ length: perWord }, (_, j) => `(part(${perWord}u * i + ${j}u) << ${j * bits}u)`);
  const code = [
    wgsl,
    '@group(0) @binding(1) var<storage, read> x: array<u32>;',
    '@group(0) @binding(2) var<storage, read_write> result: array<u32>;',
    source,
    perWord > 1 ? part : '',
    forEachItem(
      64,
      `  if (i >= u.words) { return; }\n  result[i] = ${perWord > 1 ? packed.join(' | ') : 'x[source(i)]'};`,
    ),
  ].join('\n');
  return {
    ...{ name: 're-lay a convolution', code, uniforms: data, workgroups: workgroupsFor(words, 64), flops: 0 },
    bytes: 2 * count * STORAGE_BYTES[storage],
  };
}
