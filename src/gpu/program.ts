import type { DType, Initializer } from '../graph/graph.ts';
import type { Kernel, Storage } from '../kernels/kernel.ts';

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

/** A tensor that has a name outside: row-major, float32 or int32. */
export interface Port {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly tensor: number;
}

/** A graph as steps of the GPU, in the order they run in. */
export interface Program {
  readonly name: string;
  readonly tensors: readonly Tensor[];
  readonly weights: readonly Weight[];
  readonly steps: readonly Step[];
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}
