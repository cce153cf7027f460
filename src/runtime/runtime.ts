import type { InferenceSession } from 'onnxruntime-web';
import type { GpuSession } from '../gpu/gpu-session.ts';
import type { OwnKernels } from '../gpu/own-kernels.ts';
import type { Program } from '../gpu/program.ts';
import { bytesInFiles } from '../gpu/session-weights.ts';
import type { Graph, GraphTarget } from '../graph/graph.ts';
import { encodeModel, type OnnxModel } from '../onnx/encode.ts';
import type { UsedDevice } from '../protocol/device.ts';
import type { AppError } from '../protocol/errors.ts';
import { createRequestAdapter, type RequestAdapter } from './device.ts';
import { named, noFloat16, outOfMemory, watch } from './device-faults.ts';
import { type Gpu, openGpu, type TilesOf } from './open-gpu.ts';
import { cpuThreads, loadOrt, type OnThreads, type Ort } from './ort.ts';
import { selfTest } from './self-test.ts';
import {
  Lock,
  type OnnxSession,
  type Session,
  type SessionCalls,
  toOnnxSession,
  toSession,
} from './session.ts';
import { hung } from './stall.ts';
import { WatchedBlob } from './watched-blob.ts';

/** How long a call may take to return after its device has reported an error; onnxruntime may wait forever. */
const GRACE_MS = 3_000;
/** How long after an error a device may still say that it is lost. */
const LOSS_MS = 250;

/** Called with the part of the files that has been read, 0 … 1, where they are read in pieces. */
export type OnRead = (fraction: number) => void;

/** One provider, the device it runs on, and the lock around everything that touches it. */
export class Runtime {
  readonly target: GraphTarget;
  readonly usedDevice: UsedDevice;
  readonly #lock = new Lock();
  /** How sessions call their device. What was reported meanwhile keeps nobody from freeing its memory: the next call throws it. */
  readonly #calls: SessionCalls = {
    run: (job) => this.#locked(() => this.#unlessHung(job)),
    release: (job) =>
      this.#lock.run(async () => {
        if (this.#dead) throw this.#dead;
        await job();
      }),
  };
  readonly #ortCalls: SessionCalls = {
    run: (job) => this.#locked(() => this.#unlessOrtHung(job)),
    release: this.#calls.release,
  };
  readonly #gpu: Gpu | undefined;
  readonly #onThreads: OnThreads;
  #ort: Promise<Ort> | undefined;
  /** The error that the device reported outside of any call, until the next call throws it. */
  #fault: AppError | undefined;
  #onFault: (fault: AppError) => void = () => {};
  /** Set when nothing more may be started: the device is lost, or a call never returned. */
  #dead: AppError | undefined;

  private constructor(target: GraphTarget, onThreads: OnThreads, gpu?: Gpu) {
    this.target = target;
    this.#onThreads = onThreads;
    this.usedDevice = usedDevice(gpu);
    this.#gpu = gpu;
    if (!gpu) return;
    watch(gpu.device, (fault) => {
      this.#fault = fault;
      if (fault.code === 'device-lost') this.#dead = fault;
      this.#onFault(fault);
    });
  }

  /**
   * Opens a provider, after a self-test of the GPU: of our own kernels, or, where those compute wrongly, of onnxruntime's,
   * which otherwise is loaded when a graph needs it.
   * @param tilesOf without it no tiles are tried
   * @param onThreads called before the threads of the CPU are started, and when they are there
   * @throws AppError no-webgpu when there is no adapter; wrong-numbers when no kernels compute rightly; download-failed when
   * onnxruntime cannot be fetched
   */
  static async open(
    provider: 'webgpu' | 'wasm',
    requestAdapter: RequestAdapter = createRequestAdapter(),
    tilesOf?: TilesOf,
    onThreads: OnThreads = () => {},
  ): Promise<Runtime> {
    if (provider === 'wasm') {
      const runtime = new Runtime({ provider, dtype: 'float32' }, onThreads);
      await runtime.#loadOrt();
      return runtime;
    }
    const gpu = await openGpu(requestAdapter, tilesOf);
    if (gpu.kernels) return new Runtime({ provider, dtype: 'float16', ownKernels: true }, onThreads, gpu);
    const dtype = gpu.device.features.has('shader-f16') ? 'float16' : 'float32';
    const runtime = new Runtime({ provider, dtype }, onThreads, gpu);
    try {
      await selfTest(runtime);
    } catch (error) {
      runtime.dispose();
      throw error;
    }
    return runtime;
  }

  /** Whether onnxruntime's kernels can compute in float16. */
  get hasF16(): boolean {
    return this.#gpu?.device.features.has('shader-f16') ?? true;
  }

  /** The bytes that a kernel can read as one; a CPU has no limit. */
  get largestTensor(): number {
    return this.#gpu?.device.limits.maxStorageBufferBindingSize ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Makes a graph into a session; its weights go from their file to the device.
   * @throws AppError out-of-memory, also where a tensor is larger than this GPU binds; device-lost; wrong-numbers where its
   * driver does not compile a kernel; unsupported-model where only onnxruntime has one, in a precision that this GPU hasn't
   */
  async open(graph: Graph, onRead: OnRead = () => {}): Promise<Session> {
    const program = graph.target.ownKernels ? this.#compiled(graph) : undefined;
    if (program) return this.#openProgram(graph, program, onRead);
    if (graph.target.dtype === 'float16' && !this.hasF16) throw noFloat16(graph.name);
    // A node on the CPU would copy tensors back and forth at every step; an error is better.
    const extra = { session: { disable_cpu_ep_fallback: '1' } };
    return this.#locked(async () => {
      const session = await this.#create(encodeModel(graph), this.#gpu ? { extra } : {}, onRead);
      return toSession(await this.#loadOrt(), session, graph, this.#ortCalls);
    });
  }

  #compiled(graph: Graph): Program | undefined {
    try {
      return this.#gpu?.kernels?.compile(graph);
    } catch (error) {
      throw named(error);
    }
  }

  #openProgram(graph: Graph, program: Program, onRead: OnRead, beside?: GpuSession): Promise<Session> {
    const { device, kernels } = this.#gpu as Gpu & { kernels: OwnKernels };
    return this.#locked(async () => {
      const reading = this.#watchReading(beside ? 0 : bytesInFiles(program.weights), onRead);
      const note = (bytes: number) => {
        // Memory ran out for a buffer: what is read goes nowhere.
        if (this.#fault) throw this.#fault;
        reading.note(bytes);
      };
      const session = await this.#unlessHung(() => kernels.open(graph, program, note, beside), reading.fault);
      await this.#unlessHung(() => device.queue.onSubmittedWorkDone());
      if (this.#fault) session.release();
      return {
        run: (feeds, kept) => this.#calls.run(() => session.run(feeds, kept)),
        openBeside: async (other) =>
          this.#openProgram(other, this.#compiled(other) as Program, () => {}, session),
        release: () => this.#calls.release(async () => session.release()),
      };
    });
  }

  /** What a call of the device gives, unless that is a GPU which stands still meanwhile: nothing more may be started then. */
  #unlessHung<T>(call: () => Promise<T>, fault = () => hung('computing')): Promise<T> {
    const ended = () => {
      this.#dead ??= fault();
      return this.#dead;
    };
    return this.#gpu ? this.#gpu.watch.unlessStalled(call, ended) : call();
  }

  /** The same of onnxruntime. On a busy processor one of its shaders compiles, or 16 of its kernels run, for as long as a GPU that hangs. */
  #unlessOrtHung<T>(call: () => Promise<T>): Promise<T> {
    return this.#gpu?.isSoftware ? call() : this.#unlessHung(call);
  }

  /**
   * The same for a ready-made graph, whose int64 arithmetic only runs on the CPU.
   * @param freeDimensions values for the sizes that the graph leaves open by name, so that shapes are known when it loads
   * @throws AppError out-of-memory, device-lost; onnxruntime's own error for a graph that it cannot run
   */
  openOnnx(
    model: OnnxModel,
    freeDimensions: Readonly<Record<string, number>>,
    onRead: OnRead = () => {},
  ): Promise<OnnxSession> {
    return this.#locked(async () => {
      // Below errors onnxruntime only reports what it could not fold.
      const options = { freeDimensionOverrides: freeDimensions, logSeverityLevel: 3 } as const;
      const session = await this.#create(model, options, onRead);
      return toOnnxSession(await this.#loadOrt(), session, this.#ortCalls);
    });
  }

  /** Frees the device and everything on it. */
  dispose(): void {
    this.#gpu?.device.destroy();
  }

  /** @throws AppError download-failed */
  #loadOrt(): Promise<Ort> {
    this.#ort ??= loadOrt(this.target.provider, this.#onThreads).catch((error: unknown) => {
      this.#ort = undefined;
      throw error;
    });
    return this.#ort;
  }

  /** Reports how much of `total` bytes has been read; and what it means when the GPU stands still meanwhile. */
  #watchReading(total: number, onRead: OnRead): { note: (bytes: number) => void; fault: () => AppError } {
    let read = 0;
    const note = (bytes: number) => {
      this.#gpu?.watch.note();
      read += bytes;
      onRead(read / total);
    };
    const fault = () => (read < total ? outOfMemory('The GPU takes in no more weights.') : hung('compiling'));
    return { note, fault };
  }

  async #create(
    model: OnnxModel,
    options: InferenceSession.SessionOptions,
    onRead: OnRead,
  ): Promise<InferenceSession> {
    const device = this.#gpu?.device;
    const total = model.externalData.reduce((sum, { data }) => sum + data.size, 0);
    const reading = this.#watchReading(total, onRead);
    // The build for the CPU takes whole buffers, and copies from them.
    const externalData = await Promise.all(
      model.externalData.map(async ({ path, data }) => ({
        path,
        data: device ? new WatchedBlob(data, reading.note) : new Uint8Array(await data.arrayBuffer()),
      })),
    );
    const executionProviders = device ? [{ name: 'webgpu', device } as const] : ['wasm'];
    const { InferenceSession } = await this.#loadOrt();
    const session = await this.#unlessHung(
      () => InferenceSession.create(model.bytes, { ...options, executionProviders, externalData }),
      reading.fault,
    );
    // A buffer that did not fit is reported after the GPU has processed it; the session is unusable then.
    await this.#unlessOrtHung(async () => device?.queue.onSubmittedWorkDone());
    if (this.#fault) await session.release();
    return session;
  }

  /** One call of the device at a time. It fails if its device has reported an error meanwhile, whatever it returned. */
  #locked<T>(call: () => Promise<T>): Promise<T> {
    return this.#lock.run(async () => {
      this.#raise();
      let grace: ReturnType<typeof setTimeout> | undefined;
      const stuck = new Promise<never>((_, reject) => {
        this.#onFault = (fault) => {
          grace ??= setTimeout(() => {
            this.#dead ??= fault;
            reject(fault);
          }, GRACE_MS);
        };
      });
      try {
        const result = await Promise.race([call(), stuck]);
        this.#raise();
        return result;
      } catch (error) {
        if (error instanceof DOMException) await this.#loss();
        this.#raise();
        throw named(error);
      } finally {
        clearTimeout(grace);
        this.#onFault = () => {};
      }
    });
  }

  /** Waits for the news that the device is lost, which may come after the errors of what it was doing. */
  async #loss(): Promise<void> {
    const later = new Promise((resolve) => setTimeout(resolve, LOSS_MS));
    await Promise.race([this.#gpu?.device.lost ?? later, later]);
  }

  /** Throws what the device has reported since the last call: a loss every time from then on, a shortage of memory once. */
  #raise(): void {
    const fault = this.#dead ?? this.#fault;
    this.#fault = undefined;
    if (fault) throw fault;
  }
}

function usedDevice(gpu: Gpu | undefined): UsedDevice {
  const used = { provider: gpu ? 'webgpu' : 'wasm', threads: cpuThreads() } as const;
  if (!gpu) return used;
  const { name, wrongKernel } = gpu;
  return wrongKernel === undefined ? { ...used, gpu: name } : { ...used, gpu: name, wrongKernel };
}
