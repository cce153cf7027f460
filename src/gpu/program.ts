import type { DType, Initializer } from '../graph/graph.ts';
import type { Kernel, Storage } from '../kernels/kernel.ts';
import { bufferBytes } from './buffer-bytes.ts';

/** Numbers that a step makes and others read. */
export interface Tensor {
  readonly storage: Storage;
  /** How many numbers. */
  readonly length: number;
}

/** Numbers that are known before a program runs. */
export interface Weight {
  /** One after another: several matrices that one product reads. */
  readonly parts: readonly Initializer[];
  readonly storage: Storage;
  /** A convolution's [O, I, kh, kw] lies as [O, kh, kw, I], for `taps` = kh · kw. */
  readonly taps: number;
}

/** What a step reads: by its index in `Program.tensors` or in `Program.weights`. */
export type Operand = { readonly tensor: number } | { readonly weight: number };

/** A kernel, the operands that it reads in the order of its bindings, and the tensor that it writes. */
export interface Step {
  readonly kernel: Kernel;
  readonly reads: readonly Operand[];
  readonly writes: number;
}

/** A tensor that has a name outside: row-major; float32 or int32, unless it is kept. */
export interface Port {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly tensor: number;
  /** It stays on the GPU from one run to another, in a buffer that is not the program's. */
  readonly isKept?: true;
}

/** What a program is fed. */
export interface InputPort extends Port {
  /** As `Input` of graph/graph.ts has it. */
  readonly isSteady: boolean;
}

/** A graph as steps of the GPU, in the order they run in. */
export interface Program {
  readonly name: string;
  readonly tensors: readonly Tensor[];
  readonly weights: readonly Weight[];
  readonly steps: readonly Step[];
  /** How many of the steps, the first ones, need to run again only when a steady input changes. */
  readonly steadySteps: number;
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly Port[];
}

/** Bytes of the buffer that a kernel's uniforms are in. */
export const uniformBytes = ({ uniforms }: Kernel): number => bufferBytes(uniforms.byteLength);
