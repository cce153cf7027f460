/** Where a model runs. `auto` takes a real GPU when there is one, else the CPU. */
export type DeviceChoice = 'auto' | 'webgpu' | 'wasm';

/** Why a GPU is not taken: there is none to be had, it is software, or it failed its test. */
export type GpuFault = 'no-webgpu' | 'no-adapter' | 'software' | 'wrong-numbers';

/** What was found on this machine, and what `auto` means here. */
export interface DeviceReport {
  /** What `auto` resolves to. */
  readonly auto: 'webgpu' | 'wasm';
  /** The adapter's own description; absent without WebGPU. */
  readonly gpu?: string;
  /** Whether the GPU computes in f16. */
  readonly f16: boolean;
  /** Threads the CPU provider uses. */
  readonly threads: number;
  /** Where the runtime for it lies; absent where that is not one file. */
  readonly runtime?: string;
  /** Why `auto` is not the GPU. */
  readonly reason?: GpuFault;
}

/** What stays loaded: every component, only the one at work, or what fits. */
export type MemoryChoice = 'auto' | 'all' | 'one-by-one';

/** How a request is going to use memory. */
export interface MemoryPlan {
  readonly dtype: 'float32' | 'float16';
  readonly residency: 'all' | 'one-by-one';
  /** Both texts of guidance in one run, or one after the other. */
  readonly guidance: 'together' | 'in-turn';
  readonly vae: 'whole' | 'tiled';
  /** The most that is taken at once, an estimate. */
  readonly bytes: number;
  /** Whether that is expected to be there. */
  readonly fits: boolean;
}
