/** onnxruntime-web as every build of it exports it. */
export type Ort = typeof import('onnxruntime-web');

/**
 * onnxruntime-web for a provider, loaded when first needed. WebGPU takes the JSPI build where the browser can
 * suspend wasm, else the Asyncify one; both carry the native kernels. The bare package would bring the old ones.
 */
export async function loadOrt(provider: 'webgpu' | 'wasm'): Promise<Ort> {
  const ort = await build(provider);
  ort.env.wasm.numThreads = cpuThreads();
  ort.env.logLevel = 'error';
  return ort;
}

function build(provider: 'webgpu' | 'wasm'): Promise<Ort> {
  if (provider === 'wasm') return import('onnxruntime-web/wasm');
  return 'Suspending' in WebAssembly ? import('onnxruntime-web/jspi') : import('onnxruntime-web/webgpu');
}

/** Threads of the CPU provider: one without cross-origin isolation, which shared memory needs. */
export function cpuThreads(): number {
  return globalThis.crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, 8) : 1;
}
