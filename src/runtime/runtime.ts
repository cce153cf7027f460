import type { InferenceSession } from 'onnxruntime-web';
import type { GraphTarget, OnnxModel } from '../onnx/graph.ts';
import { AppError } from '../protocol/errors.ts';
import { requestAdapter, requestDevice } from './device.ts';
import { loadOrt, type Ort } from './ort.ts';
import { selfTest } from './self-test.ts';
import { Lock, type Session, toSession } from './session.ts';

/** One provider, the device it runs on, and the lock around everything that touches it. */
export class Runtime {
  readonly target: GraphTarget;
  readonly #ort: Ort;
  readonly #lock = new Lock();
  readonly #device: GPUDevice | undefined;
  /** Rejects when the device is lost or out of memory: onnxruntime may then wait for ever. */
  readonly #fault: Promise<never>;

  private constructor(ort: Ort, target: GraphTarget, device?: GPUDevice) {
    this.#ort = ort;
    this.target = target;
    this.#device = device;
    this.#fault = device ? faultOf(device) : new Promise(() => {});
    this.#fault.catch(() => {});
  }

  /**
   * @throws AppError no-webgpu when there is no adapter; wrong-numbers when its kernels compute wrongly
   */
  static async open(provider: 'webgpu' | 'wasm'): Promise<Runtime> {
    if (provider === 'wasm') return new Runtime(await loadOrt('wasm'), { provider, dtype: 'float32' });
    const adapter = await requestAdapter();
    if (!adapter) throw new AppError('no-webgpu', 'This browser found no usable GPU.');
    const device = await requestDevice(adapter);
    const dtype = device.features.has('shader-f16') ? 'float16' : 'float32';
    const runtime = new Runtime(await loadOrt('webgpu'), { provider, dtype }, device);
    await selfTest(runtime);
    return runtime;
  }

  /**
   * A model becomes a session; its weights go from their file to the device.
   * @throws AppError out-of-memory, device-lost
   */
  open(model: OnnxModel): Promise<Session> {
    return this.#locked(async () => {
      // Node and the Asyncify build read whole buffers anyway; the JSPI build streams slices of the Blob.
      const externalData = await Promise.all(
        model.externalData.map(async ({ path, data }) => ({
          path,
          data: this.target.provider === 'webgpu' ? data : new Uint8Array(await data.arrayBuffer()),
        })),
      );
      const session = await this.#ort.InferenceSession.create(model.bytes, {
        ...this.#options(),
        externalData,
      });
      return toSession(this.#ort, session, model, (job) => this.#locked(job));
    });
  }

  /** Frees the device and everything on it. */
  dispose(): void {
    this.#device?.destroy();
  }

  #options(): InferenceSession.SessionOptions {
    if (!this.#device) return { executionProviders: ['wasm'] };
    // A node that fell to the CPU would copy tensors to and fro at every step: better to hear of it.
    const extra = { session: { disable_cpu_ep_fallback: '1' } };
    return { executionProviders: [{ name: 'webgpu', device: this.#device }], extra };
  }

  #locked<T>(job: () => Promise<T>): Promise<T> {
    return this.#lock.run(() =>
      Promise.race([job().catch((error: unknown) => Promise.reject(named(error))), this.#fault]),
    );
  }
}

function faultOf(device: GPUDevice): Promise<never> {
  return new Promise((_, reject) => {
    device.addEventListener('uncapturederror', ({ error }) => {
      if (error instanceof GPUOutOfMemoryError) reject(outOfMemory(error.message));
    });
    device.lost.then(({ reason, message }) => {
      if (reason !== 'destroyed') reject(new AppError('device-lost', message || 'The GPU device was lost.'));
    });
  });
}

/** onnxruntime reports by text; these are the texts for memory, the last one for sizes past what wasm can count. */
function named(error: unknown): unknown {
  const text = String(error);
  const memory =
    /out of memory|bad_alloc|failed to allocate|max buffer size|memory access out of bounds|array buffer allocation|integer overflow/i;
  return memory.test(text) ? outOfMemory(text, { cause: error }) : error;
}

function outOfMemory(message: string, options?: ErrorOptions): AppError {
  return new AppError('out-of-memory', message, {}, options);
}
