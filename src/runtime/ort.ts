import asyncifyUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import jspiUrl from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url';
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { Graph } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { encodeModel } from '../onnx/encode.ts';
import { AppError, type DownloadFault, type Fault } from '../protocol/errors.ts';

/** onnxruntime-web as every build of it exports it. */
export type Ort = typeof import('onnxruntime-web');

/**
 * onnxruntime-web for a provider, loaded when it is first needed. WebGPU takes the JSPI build where the browser can suspend
 * wasm, otherwise the Asyncify build; both have the native WebGPU kernels. The package's default build has the old ones.
 * @param onThreads where there are several threads for the CPU: called before they are started, and when they are there
 * @throws AppError download-failed when the wasm cannot be fetched
 */
export async function loadOrt(provider: 'webgpu' | 'wasm', onThreads: OnThreads): Promise<Ort> {
  const ort = await build(provider);
  ort.env.wasm.numThreads = cpuThreads();
  ort.env.logLevel = 'error';
  const zipped = zippedWasm(provider);
  if (zipped) ort.env.wasm.wasmPaths ??= { wasm: URL.createObjectURL(await fetchUnzipped(zipped)) };
  if (provider === 'wasm' && cpuThreads() > 1) {
    onThreads(true);
    await startThreads(ort);
    onThreads(false);
  }
  return ort;
}

export type OnThreads = (isStarting: boolean) => void;

/** onnxruntime starts its threads with its first session. */
async function startThreads({ InferenceSession }: Ort): Promise<void> {
  const g = new Graph('threads', { provider: 'wasm', dtype: 'float32' });
  const x = g.input('x', 'float32', [1]);
  g.output('sum', nn.add(g, x, x));
  const session = await InferenceSession.create(encodeModel(g).bytes);
  await session.release();
}

const canSuspend = () => 'Suspending' in WebAssembly;

function build(provider: 'webgpu' | 'wasm'): Promise<Ort> {
  if (provider === 'wasm') return import('onnxruntime-web/wasm');
  return canSuspend() ? import('onnxruntime-web/jspi') : import('onnxruntime-web/webgpu');
}

/** The URL of a provider's wasm, gzipped; undefined in Node and on the development server, which have it unzipped. */
export function zippedWasm(provider: 'webgpu' | 'wasm'): string | undefined {
  if (!import.meta.env.WASM_ZIPPED) return undefined;
  const wasm = provider === 'wasm' ? wasmUrl : canSuspend() ? jspiUrl : asyncifyUrl;
  return new URL(`${wasm}.gz`, import.meta.url).href;
}

/** @throws AppError download-failed */
async function fetchUnzipped(url: string): Promise<Blob> {
  const failed = (status: number | string) =>
    new AppError('download-failed', `${url}: ${status}`, {
      kind: 'no-runtime',
      status,
    } satisfies Fault);
  const response = await fetch(url).catch(() => {
    throw failed('no-response' satisfies DownloadFault);
  });
  if (!response.ok) throw failed(response.status);
  const type = 'application/wasm';
  const body = await response.arrayBuffer().catch(() => {
    throw failed('connection-lost' satisfies DownloadFault);
  });
  const bytes = new Uint8Array(body);
  // Some hosts serve a .gz with Content-Encoding: gzip, and the browser has unzipped it then.
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return new Blob([bytes], { type });
  const unzipped = new Response(new Response(bytes).body?.pipeThrough(new DecompressionStream('gzip')));
  return new Blob([await unzipped.arrayBuffer()], { type });
}

/** Threads of the CPU provider: one without shared memory, which needs cross-origin isolation; WebKitGTK has none even so. */
export function cpuThreads(): number {
  const shares = globalThis.crossOriginIsolated && typeof SharedArrayBuffer !== 'undefined';
  return shares && !isAlone ? Math.min(navigator.hardwareConcurrency, 8) : 1;
}

let isAlone = false;

/** Leaves onnxruntime no thread but this one; to be called before it is loaded. */
export function startNoThreads(): void {
  isAlone = true;
}
