import { STORAGE_BYTES } from '../kernels/kernel.ts';
import { bufferBytes } from './buffer-bytes.ts';
import type { Program } from './program.ts';

/** Which buffer each tensor of a program lies in, and how large the buffers are. */
export interface MemoryPlan {
  /** By tensor; those that are kept have buffers of their own, which are not here. */
  readonly bufferOf: readonly number[];
  /** Bytes, by buffer. */
  readonly sizes: readonly number[];
}

/**
 * Tensors share buffers where the steps that need them do not overlap: the largest first, each into the buffer that wastes
 * least (Pisarchyk and Lee 2020, “Efficient Memory Management for Deep Neural Net Inference”, shared objects). A step never
 * reads and writes the same buffer, which WebGPU forbids. Inputs are there before the first step, outputs after the last; what
 * steady steps have made for others stays for the next runs.
 */
export function planMemory({ tensors, steps, steadySteps, inputs, outputs }: Program): MemoryPlan {
  const uses = tensors.map(() => ({ first: Number.POSITIVE_INFINITY, last: -1 }));
  const touch = (tensor: number, at: number) => {
    const use = uses[tensor] as { first: number; last: number };
    use.first = Math.min(use.first, at);
    use.last = Math.max(use.last, at);
  };
  for (const [at, { reads, writes }] of steps.entries()) {
    for (const operand of reads) if ('tensor' in operand) touch(operand.tensor, at);
    touch(writes, at);
  }
  for (const { tensor, isSteady } of inputs) {
    touch(tensor, -1);
    // In a run that begins after the steady steps it is written then.
    if (!isSteady) touch(tensor, steadySteps);
  }
  for (const { tensor } of outputs) touch(tensor, steps.length);
  const changing = new Set(inputs.flatMap(({ isSteady, tensor }) => (isSteady ? [] : [tensor])));
  for (const [tensor, use] of uses.entries())
    if (use.first < steadySteps && use.last >= steadySteps && !changing.has(tensor)) use.last = steps.length;

  const bytesOf = (tensor: number) => {
    const { storage, length } = tensors[tensor] as (typeof tensors)[number];
    return bufferBytes(length * STORAGE_BYTES[storage]);
  };
  const buffers: { size: number; held: { first: number; last: number }[] }[] = [];
  const bufferOf = tensors.map(() => 0);
  const kept = new Set([...inputs, ...outputs].flatMap(({ isKept, tensor }) => (isKept ? [tensor] : [])));
  const own = tensors.map((_, tensor) => tensor).filter((tensor) => !kept.has(tensor));
  const order = own.sort((a, b) => bytesOf(b) - bytesOf(a) || a - b);
  for (const tensor of order) {
    const use = uses[tensor] as { first: number; last: number };
    const isFree = ({ held }: (typeof buffers)[number]) =>
      held.every(({ first, last }) => last < use.first || first > use.last);
    // The largest come first: the last free buffer is the smallest that is large enough.
    const found = buffers.findLastIndex(isFree);
    const index = found >= 0 ? found : buffers.push({ size: bytesOf(tensor), held: [] }) - 1;
    buffers[index]?.held.push(use);
    bufferOf[tensor] = index;
  }
  return { bufferOf, sizes: buffers.map(({ size }) => size) };
}

/** Bytes of all numbers that a program keeps on the GPU while it runs, its weights aside. */
export const activationBytes = (program: Program): number =>
  planMemory(program).sizes.reduce((sum, size) => sum + size, 0);
