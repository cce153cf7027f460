import type { SettingValues } from './settings.ts';

/** Where a model runs. `auto` is a real GPU if there is one, else the CPU. */
export type DeviceChoice = SettingValues['device'];

/** Why the GPU is not used: the browser offers none, it is emulated in software, it failed its test, or runs on it failed. */
export type GpuFault = 'no-webgpu' | 'no-adapter' | 'software' | 'wrong-numbers' | 'failed';

/** What a run computes on, as the worker says that opened it; what the page was offered before may be something else. */
export interface UsedDevice {
  readonly provider: 'webgpu' | 'wasm';
  /** The adapter's own description; absent on the CPU. */
  readonly gpu?: string;
  /** Threads the CPU provider uses. */
  readonly threads: number;
  /** Which of our kernels the GPU computes wrongly, where onnxruntime's run instead. */
  readonly wrongKernel?: string;
}

/** What this machine can run models on, and what `auto` means here. */
export interface DeviceReport {
  /** What `auto` resolves to. */
  readonly auto: 'webgpu' | 'wasm';
  /** The adapter's own description; absent without WebGPU. */
  readonly gpu?: string;
  /** Threads the CPU provider uses. */
  readonly threads: number;
  /** The URL of the runtime for it; absent where that is not one file. */
  readonly runtime?: string;
  /** Why `auto` is not the GPU. */
  readonly reason?: GpuFault;
}

/** What stays loaded: every component, only the one at work, or (`auto`) as many as fit. */
export type MemoryChoice = SettingValues['memory'];

/** How a request will use memory. */
export interface MemoryPlan {
  readonly dtype: 'float32' | 'float16';
  readonly residency: 'all' | 'one-by-one';
  /** Whether the UNet sees the prompt and the negative prompt in one run or in two. */
  readonly guidance: 'together' | 'in-turn';
  readonly vae: 'whole' | 'tiled';
  /** An estimate of the most that is used at any one time. */
  readonly bytes: number;
  /** Whether the device is expected to have that much. */
  readonly fits: boolean;
  /** Whether the same run could use less, if that turns out to be too much. */
  readonly hasLess: boolean;
}
