import { bufferBytes } from '../../src/gpu/buffer-bytes.ts';
import { bound, Pipelines } from '../../src/gpu/pipelines.ts';
import type { Operand, Program, Step } from '../../src/gpu/program.ts';
import { weightBytes } from '../../src/gpu/upload.ts';
import { STORAGE_BYTES } from '../../src/kernels/kernel.ts';

/** How long a step is repeated for, so that what a submission costs does not count. */
const ENOUGH_MS = 30;
const MOST_RUNS = 50;

/** Equal steps take equally long. */
const keyOf = ({ kernel }: Step) => [kernel.code, kernel.uniforms, kernel.workgroups].join('\n');

/** Times each step of a program by itself, on zeros, in milliseconds. */
export async function timeSteps(device: GPUDevice, program: Program): Promise<(step: Step) => number> {
  const pipelines = new Pipelines(device);
  const times = new Map<string, number>();
  for (const step of program.steps)
    if (!times.has(keyOf(step))) times.set(keyOf(step), await timeStep(device, pipelines, program, step));
  return (step) => times.get(keyOf(step)) ?? Number.NaN;
}

async function timeStep(
  device: GPUDevice,
  pipelines: Pipelines,
  { tensors, weights }: Program,
  { kernel, reads, writes }: Step,
): Promise<number> {
  const bytesOf = (operand: Operand): number => {
    if ('weight' in operand) return weightBytes(weights[operand.weight] as Program['weights'][number]);
    const { storage, length } = tensors[operand.tensor] as Program['tensors'][number];
    return bufferBytes(length * STORAGE_BYTES[storage]);
  };
  const { UNIFORM, STORAGE, COPY_DST } = GPUBufferUsage;
  const uniforms = device.createBuffer({
    size: bufferBytes(kernel.uniforms.byteLength),
    usage: UNIFORM | COPY_DST,
  });
  device.queue.writeBuffer(uniforms, 0, kernel.uniforms);
  const buffers = [...reads, { tensor: writes }].map((operand) =>
    device.createBuffer({ size: bytesOf(operand), usage: STORAGE }),
  );
  const pipeline = await pipelines.get(kernel);
  const group = bound(
    device,
    pipeline,
    [uniforms, ...buffers].map((buffer) => ({ buffer })),
  );
  const run = async (count: number): Promise<number> => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    for (let i = 0; i < count; i++) pass.dispatchWorkgroups(...kernel.workgroups);
    pass.end();
    const start = performance.now();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    return performance.now() - start;
  };
  await run(1);
  const once = await run(1);
  const count = Math.max(1, Math.min(MOST_RUNS, Math.ceil(ENOUGH_MS / once)));
  const ms = count === 1 ? once : (await run(count)) / count;
  for (const buffer of [uniforms, ...buffers]) buffer.destroy();
  return ms;
}
