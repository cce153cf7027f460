import type { UsedDevice } from '../../protocol/device.ts';
import type { Texts } from './en.ts';

/**
 * The execution provider and the hardware it runs on: “WebGPU · NVIDIA L4”, “CPU · 2 threads”; with why onnxruntime's kernels
 * run on a GPU, where ours do not.
 */
export function deviceText(
  texts: Texts['device'],
  { provider, gpu, threads, wrongKernel }: UsedDevice,
): string {
  if (provider === 'wasm') return texts.cpu(threads);
  const name = gpu ? `WebGPU · ${gpu}` : 'WebGPU';
  return wrongKernel === undefined ? name : `${name} ${texts.byOnnxruntime}`;
}
