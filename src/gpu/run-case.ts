import type { KernelCase } from '../kernels/cases/case.ts';
import { float16ToFloat32 } from '../numerics/half.ts';
import { bufferBytes } from './buffer-bytes.ts';
import { bound, type Pipelines } from './pipelines.ts';

/**
 * Runs a kernel on numbers of which the result is known.
 * @returns the greatest error as a part of the greatest number expected; NaN where one that is expected is none
 */
export async function runCase(device: GPUDevice, pipelines: Pipelines, wanted: KernelCase): Promise<number> {
  const { STORAGE, COPY_DST, COPY_SRC, MAP_READ, UNIFORM } = GPUBufferUsage;
  const made: GPUBuffer[] = [];
  const buffer = (data: ArrayBufferView<ArrayBuffer> | number, usage: number): GPUBuffer => {
    const bytes = typeof data === 'number' ? 4 * data : data.byteLength;
    const created = device.createBuffer({ size: bufferBytes(bytes), usage: usage | COPY_DST });
    made.push(created);
    if (typeof data === 'number') return created;
    const whole = new Uint8Array(bufferBytes(bytes));
    whole.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    device.queue.writeBuffer(created, 0, whole);
    return created;
  };
  try {
    const buffers = wanted.buffers.map((data) => buffer(data, STORAGE | COPY_SRC));
    const result = buffers[wanted.result] as GPUBuffer;
    const encoder = device.createCommandEncoder();
    for (const { kernel, bindings } of wanted.steps) {
      const pipeline = await pipelines.get(kernel);
      const held = [buffer(kernel.uniforms, UNIFORM), ...bindings.map((i) => buffers[i] as GPUBuffer)];
      const resources = held.map((one) => ({ buffer: one }));
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bound(device, pipeline, resources));
      pass.dispatchWorkgroups(...kernel.workgroups);
      pass.end();
    }
    const readback = buffer(result.size / 4, MAP_READ);
    encoder.copyBufferToBuffer(result, 0, readback, 0, result.size);
    device.queue.submit([encoder.finish()]);
    await readback.mapAsync(GPUMapMode.READ);
    return errorOf(readback.getMappedRange().slice(0), wanted);
  } finally {
    for (const one of made) one.destroy();
  }
}

function errorOf(bytes: ArrayBuffer, { storage, expected }: KernelCase): number {
  const found = storage === 'float32' ? new Float32Array(bytes) : float16ToFloat32(new Uint16Array(bytes));
  let [error, largest] = [0, 0];
  for (const [i, value] of expected.entries()) {
    // Where no number or an infinite one is expected, it is right.
    if (Object.is(found[i], value)) continue;
    const distance = Math.abs((found[i] as number) - value);
    if (!(distance <= error)) error = distance;
  }
  for (const value of expected) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return largest === 0 ? error : error / largest;
}
