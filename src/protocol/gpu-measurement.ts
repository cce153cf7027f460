import type { UsedDevice } from './device.ts';

/** What is measured: one convolution, decoding a picture, and a step of Stable Diffusion 1.5 with guidance. */
export type MeasuredPart = 'convolution' | 'vae' | 'unet';

/** Whose kernels: ours (kernels/) or onnxruntime's. */
export type MeasuredKernels = 'own' | 'onnxruntime';

/** What is measured next, or was left out. */
export interface Measured {
  readonly part: MeasuredPart;
  readonly kernels: MeasuredKernels;
}

/** How fast a GPU was, in this run. */
export interface GpuTimes extends Measured {
  /** Of the picture, in pixels; of the convolution's map. */
  readonly side: number;
  /** How numbers are stored. */
  readonly bits: 16 | 32;
  /** Bytes of the weights, and how long they and the shaders took from memory to the GPU. */
  readonly weightBytes: number;
  readonly loadMs: number;
  /** The first run, and the median of those after it. */
  readonly firstMs: number;
  readonly medianMs: number;
}

/** What arrives while a GPU is measured. */
export type MeasureProgress =
  | { readonly stage: 'device'; readonly device: UsedDevice }
  | { readonly stage: 'begin'; readonly measured: Measured }
  | { readonly stage: 'times'; readonly times: GpuTimes }
  /** It would have taken too long. */
  | { readonly stage: 'left-out'; readonly measured: Measured };
