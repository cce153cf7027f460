import { gemm, scratchBytes } from '../kernels/gemm.ts';
import { type Kernel, STORAGE_BYTES } from '../kernels/kernel.ts';
import { channelsOf, type Gemm, outColumns, tapsOf } from '../kernels/product.ts';
import { weightBytes } from '../kernels/weight-storage.ts';
import { bufferBytes } from './buffer-bytes.ts';
import { checked, GpuRefusal } from './checked.ts';
import { bound, Pipelines } from './pipelines.ts';
import type { Measured, Trial } from './tune.ts';

/** Bytes of a trial's tensors; a product with larger ones is not tried. */
const MOST_BYTES = 2 ** 28;
/** Operations that are timed at once: about a millisecond, which a clock of 0.1 ms can tell from another. */
const TIMED_FLOPS = 8e9;
const MOST_REPEATS = 50;
/** A product that takes so long is timed once. */
const LONG_MS = 20;
/** Bytes of a result that are compared. */
const COMPARED_BYTES = 2 ** 16;

/** What times the work of a command encoder's pass, in milliseconds. */
export interface Stopwatch {
  readonly timestampWrites?: GPUComputePassTimestampWrites;
  /** Called after the pass, before the commands are finished. */
  readonly end?: (encoder: GPUCommandEncoder) => void;
  /** Called when the commands are submitted. */
  readonly read: () => Promise<number>;
}
export type StartStopwatch = () => Stopwatch;

/** Buffers of a product, filled with numbers about 1, on which any tile can be measured. */
export function openTrial(device: GPUDevice, start: StartStopwatch, product: Gemm, splits: number): Trial {
  // Those that lose are forgotten with the trial.
  const pipelines = new Pipelines(device);
  let buffers: Buffers | undefined;
  const opened = async () => {
    if (buffers) return buffers;
    const { result, accepted } = checked(device, () => allocate(device, product, splits));
    buffers = result;
    await accepted;
    fill(device, result.reads);
    return result;
  };
  return {
    measure: async (choice) => {
      if (bytesOf(product, splits).reduce((sum, bytes) => sum + bytes, 0) > MOST_BYTES)
        throw new GpuRefusal('The product is too large to be tried.', true);
      const kernels = gemm(product, choice.tile, splits);
      const compiled = await Promise.all(kernels.map((kernel) => pipelines.get(kernel))).catch(notCompiled);
      return compiled && run(device, start, await opened(), kernels, compiled);
    },
    release: () => {
      for (const buffer of buffers?.all ?? []) buffer.destroy();
    },
  };
}

function notCompiled(error: unknown): undefined {
  if (error instanceof Error && error.name === 'GPUPipelineError') return undefined;
  throw error;
}

interface Buffers {
  readonly reads: readonly GPUBuffer[];
  /** How many of `reads` the first kernel has where there are two. */
  readonly before: number;
  readonly result: GPUBuffer;
  readonly scratch: GPUBuffer;
  readonly readback: GPUBuffer;
  readonly all: readonly GPUBuffer[];
}

/** Bytes of the operands in the order of their bindings, then of the result, then of the scratch. */
function bytesOf(product: Gemm, splits: number): number[] {
  const { rows, columns, inputs, conv, normalize, weight, bias, addend, residual, rowsPerBatch } = product;
  const batches = rows / rowsPerBatch;
  const pixels = conv ? (rows / (conv.outSize[0] * conv.outSize[1])) * conv.size[0] * conv.size[1] : rows;
  const inner = tapsOf(product) * channelsOf(product);
  const wanted = outColumns(product);
  const scales = weight.kind === 'quantized' || weight.isScaled ? [weightBytes(weight, columns, inner)] : [];
  const zeros = weight.kind === 'quantized' && weight.zeroPoints ? scales : [];
  return [
    ...inputs.map(({ channels, storage }) => pixels * channels * STORAGE_BYTES[storage]),
    ...(normalize ? [4 * batches * 2 * channelsOf(product)] : []),
    ...[weightBytes(weight, columns, inner), ...scales, ...zeros],
    ...(bias ? [columns * STORAGE_BYTES[bias]] : []),
    ...(addend ? [(addend.offset + batches * addend.pitch + wanted) * STORAGE_BYTES[addend.storage]] : []),
    ...(residual ? [rows * wanted * STORAGE_BYTES[residual]] : []),
    rows * wanted * STORAGE_BYTES[product.out],
    splits > 1 ? scratchBytes(product, splits) : 4,
  ];
}

function allocate(device: GPUDevice, product: Gemm, splits: number): Buffers {
  const { STORAGE, COPY_DST, COPY_SRC, MAP_READ } = GPUBufferUsage;
  const made = bytesOf(product, splits).map((bytes) =>
    device.createBuffer({ size: bufferBytes(bytes), usage: STORAGE | COPY_DST | COPY_SRC, label: 'trial' }),
  );
  const [result, scratch] = made.slice(-2) as [GPUBuffer, GPUBuffer];
  const after = [product.bias, product.addend, product.residual].filter((operand) => operand !== undefined);
  const size = Math.min(COMPARED_BYTES, result.size);
  const readback = device.createBuffer({ size, usage: MAP_READ | COPY_DST, label: 'trial' });
  const reads = made.slice(0, -2);
  return { reads, before: reads.length - after.length, result, scratch, readback, all: [...made, readback] };
}

/** Bytes that are numbers of either sign, none of them large, infinite or no number, in every storage. */
function fill(device: GPUDevice, buffers: readonly GPUBuffer[]): void {
  const pattern = new Uint8Array(2 ** 20);
  let state = 1;
  for (let i = 0; i < pattern.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    pattern[i] = i % 2 ? 0x38 | ((state >>> 24) & 0x87) : (state >>> 24) & 0x3f;
  }
  for (const buffer of buffers)
    for (let at = 0; at < buffer.size; at += pattern.length)
      device.queue.writeBuffer(buffer, at, pattern, 0, Math.min(pattern.length, buffer.size - at));
}

async function run(
  device: GPUDevice,
  start: StartStopwatch,
  buffers: Buffers,
  kernels: readonly Kernel[],
  pipelines: readonly GPUComputePipeline[],
): Promise<Measured> {
  const uniforms = kernels.map((kernel) => uniformsOf(device, kernel));
  try {
    const steps = stepsOf(device, buffers, kernels, pipelines, uniforms);
    const flops = kernels.reduce((sum, kernel) => sum + kernel.flops, 0);
    const repeats = Math.max(1, Math.min(MOST_REPEATS, Math.ceil(TIMED_FLOPS / flops)));
    // The first is of a GPU that may have been asleep; it counts only where others would take too long.
    const first = await encode(device, start, steps, 1, buffers);
    const bits = await readBits(buffers.readback);
    if (first > LONG_MS) return { ms: first, bits };
    const times = [
      await encode(device, start, steps, repeats, undefined),
      await encode(device, start, steps, repeats, undefined),
    ];
    return { ms: Math.min(...times) / repeats, bits };
  } finally {
    for (const buffer of uniforms) buffer.destroy();
  }
}

interface Step {
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly workgroups: Kernel['workgroups'];
}

function stepsOf(
  device: GPUDevice,
  { reads, before, result, scratch }: Buffers,
  kernels: readonly Kernel[],
  pipelines: readonly GPUComputePipeline[],
  uniforms: readonly GPUBuffer[],
): Step[] {
  const operands =
    kernels.length === 1
      ? [[...reads, result]]
      : [
          [...reads.slice(0, before), scratch],
          [scratch, ...reads.slice(before), result],
        ];
  return kernels.map(({ workgroups }, i) => {
    const pipeline = pipelines[i] as GPUComputePipeline;
    const held = [uniforms[i] as GPUBuffer, ...(operands[i] as GPUBuffer[])];
    return {
      pipeline,
      workgroups,
      bindGroup: bound(
        device,
        pipeline,
        held.map((buffer) => ({ buffer })),
      ),
    };
  });
}

/** Runs the steps so many times. @returns milliseconds */
async function encode(
  device: GPUDevice,
  start: StartStopwatch,
  steps: readonly Step[],
  repeats: number,
  copied: Buffers | undefined,
): Promise<number> {
  const { result: stopwatch, accepted } = checked(device, () => {
    const encoder = device.createCommandEncoder();
    const stopwatch = start();
    const { timestampWrites } = stopwatch;
    const pass = encoder.beginComputePass(timestampWrites ? { timestampWrites } : {});
    for (let i = 0; i < repeats; i++)
      for (const { pipeline, bindGroup, workgroups } of steps) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, bindGroup);
        pass.dispatchWorkgroups(...workgroups);
      }
    pass.end();
    stopwatch.end?.(encoder);
    if (copied) encoder.copyBufferToBuffer(copied.result, 0, copied.readback, 0, copied.readback.size);
    device.queue.submit([encoder.finish()]);
    return stopwatch;
  });
  const ms = await stopwatch.read();
  await accepted;
  return ms;
}

async function readBits(readback: GPUBuffer): Promise<Uint32Array> {
  await readback.mapAsync(GPUMapMode.READ);
  const bits = new Uint32Array(readback.getMappedRange().slice(0));
  readback.unmap();
  return bits;
}

function uniformsOf(device: GPUDevice, { uniforms }: Kernel): GPUBuffer {
  const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({ size: bufferBytes(uniforms.byteLength), usage });
  device.queue.writeBuffer(buffer, 0, uniforms);
  return buffer;
}
