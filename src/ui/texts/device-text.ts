import type { UsedDevice } from '../../protocol/device.ts';
import type { Texts } from './en.ts';

/** The execution provider and the hardware it runs on: “WebGPU · NVIDIA L4”, “CPU · 2 threads”. */
export function deviceText(texts: Texts['device'], { provider, gpu, threads }: UsedDevice): string {
  if (provider === 'wasm') return texts.cpu(threads);
  return gpu ? `WebGPU · ${gpu}` : 'WebGPU';
}
