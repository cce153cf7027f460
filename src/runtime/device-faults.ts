import { GpuRefusal } from '../gpu/checked.ts';
import { AppError, type Fault } from '../protocol/errors.ts';

/** Hears what a device reports apart from any call: that memory ran out, or that it is lost. */
export function watch(device: GPUDevice, onFault: (fault: AppError) => void): void {
  device.addEventListener('uncapturederror', ({ error }) => {
    if (error instanceof GPUOutOfMemoryError || MEMORY.test(error.message))
      onFault(outOfMemory(error.message));
  });
  device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') onFault(new AppError('device-lost', message || 'The GPU device was lost.'));
  });
}

/**
 * What messages about memory contain: of onnxruntime, of WebGPU, of each browser's wasm where it reads past the end. The last is for
 * sizes beyond what wasm can count.
 */
const MEMORY = new RegExp(
  [
    ...['out of memory', 'in memory copy', 'bad_alloc', 'failed to allocate', 'max buffer size'],
    ...['memory access out of bounds', 'out of bounds memory access', 'RuntimeError: index out of bounds'],
    ...['array buffer allocation', 'integer overflow'],
  ].join('|'),
  'i',
);

/** An error of onnxruntime's or of WebGPU's as one that a person is told; any other as it is. */
export function named(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const text = String(error);
  if (error instanceof GpuRefusal && error.isMemory) return outOfMemory(text, { cause: error });
  if (error instanceof Error && error.name === 'GPUPipelineError')
    return new AppError('wrong-numbers', text, { kind: 'kernel-refused' } satisfies Fault, { cause: error });
  return MEMORY.test(text) ? outOfMemory(text, { cause: error }) : error;
}

export function noFloat16(component: string): AppError {
  const details = { kind: 'no-f16', component, expected: 'a GPU with shader-f16' } satisfies Fault;
  return new AppError('unsupported-model', `${component} needs float16, which this GPU lacks.`, details);
}

export function outOfMemory(message: string, options?: ErrorOptions): AppError {
  return new AppError('out-of-memory', message, {}, options);
}
