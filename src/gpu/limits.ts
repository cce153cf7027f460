import { STORAGE_BYTES } from '../kernels/kernel.ts';
import { planMemory } from './memory.ts';
import type { Program } from './program.ts';
import { weightBytes } from './upload.ts';

/** The limits of a device that a program may exceed (https://www.w3.org/TR/webgpu/#limits). */
export type ProgramLimits = Pick<
  GPUSupportedLimits,
  | 'maxBufferSize'
  | 'maxStorageBufferBindingSize'
  | 'maxStorageBuffersPerShaderStage'
  | 'maxComputeWorkgroupsPerDimension'
>;

/**
 * What of a program a device does not take, however much memory it has; undefined where it takes all. Bindings are smaller
 * than 4 GiB everywhere, so that shaders can count their numbers in 32 bits.
 */
export function beyondLimits(program: Program, limits: ProgramLimits): string | undefined {
  const { maxBufferSize, maxStorageBufferBindingSize, maxStorageBuffersPerShaderStage } = limits;
  const largest = Math.max(
    0,
    ...program.weights.map(weightBytes),
    ...program.tensors.map(({ storage, length }) => length * STORAGE_BYTES[storage]),
  );
  if (largest > maxStorageBufferBindingSize)
    return `${program.name} has a tensor of ${largest} bytes; this GPU binds ${maxStorageBufferBindingSize}.`;
  const buffer = Math.max(0, ...planMemory(program).sizes);
  if (buffer > maxBufferSize)
    return `${program.name} needs a buffer of ${buffer} bytes; this GPU has ${maxBufferSize}.`;
  for (const { kernel, reads } of program.steps) {
    if (reads.length + 1 > maxStorageBuffersPerShaderStage)
      return `${kernel.name} of ${program.name} binds ${reads.length + 1} buffers; this GPU ${maxStorageBuffersPerShaderStage}.`;
    const workgroups = Math.max(...kernel.workgroups);
    if (workgroups > limits.maxComputeWorkgroupsPerDimension)
      return `${kernel.name} of ${program.name} has ${workgroups} workgroups in a row; this GPU takes ${limits.maxComputeWorkgroupsPerDimension}.`;
  }
  return undefined;
}
