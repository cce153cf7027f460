import * as ort from 'onnxruntime-web/jspi';
import { OwnKernels } from '../../src/gpu/own-kernels.ts';
import type { Graph, GraphTarget } from '../../src/graph/graph.ts';
import { encodeModel } from '../../src/onnx/encode.ts';
import { isSoftware } from '../../src/runtime/device.ts';
import { Runtime } from '../../src/runtime/runtime.ts';
import type { Session } from '../../src/runtime/session.ts';
import { WatchedBlob } from '../../src/runtime/watched-blob.ts';

/** Whose kernels: onnxruntime's, or ours, which keep numbers in 32 or in 16 bits. */
export type Kernels = 'onnxruntime' | 'float32' | 'float16';

/** What opens graphs: a runtime, or as much of one as the pipeline asks for. */
type Opens = Pick<Runtime, 'target' | 'open' | 'largestTensor'>;

/** A file of the project. */
export async function read(path: string): Promise<Blob> {
  const response = await fetch(`/${path}`);
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
  return response.blob();
}

/** A device as the app requests it: without subgroups, whose attention kernel is wrong on software drivers. */
async function requestDevice(): Promise<{ device: GPUDevice; own: OwnKernels }> {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error('no WebGPU adapter');
  const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize } = adapter.limits;
  const requiredLimits = { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize };
  const device = await adapter.requestDevice({ requiredLimits });
  return { device, own: new OwnKernels(device, isSoftware(adapter)) };
}

let opened: ReturnType<typeof requestDevice> | undefined;

/** One device for all that a page runs: what has been compiled for one graph serves the next. */
export function device(): ReturnType<typeof requestDevice> {
  opened ??= requestDevice();
  return opened;
}

/** The runtime as the app opens it, whose kernels keep numbers in 16 bits. */
let half: Promise<Runtime> | undefined;

export async function runtimeOf(kernels: Kernels): Promise<Opens> {
  if (kernels === 'float16') {
    half ??= Runtime.open('webgpu');
    return half;
  }
  const { device: gpu, own } = await device();
  const ours = kernels === 'float32';
  const target: GraphTarget = { provider: 'webgpu', dtype: 'float32', ...(ours && { ownKernels: true }) };
  const open = (graph: Graph) => (ours ? openOwn(graph, own) : openOnnx(graph, gpu));
  return { target, largestTensor: gpu.limits.maxStorageBufferBindingSize, open };
}

async function openOwn(graph: Graph, own: OwnKernels): Promise<Session> {
  const program = own.compile(graph);
  if (!program) throw new Error(`${graph.name} has a node without a kernel.`);
  const session = await own.open(graph, program, () => {});
  return { run: (feeds) => session.run(feeds), release: async () => session.release() };
}

/** Creating the session fails if any node would run on the CPU. */
async function openOnnx(graph: Graph, gpu: GPUDevice): Promise<Session> {
  const model = encodeModel(graph);
  const session = await ort.InferenceSession.create(model.bytes, {
    executionProviders: [{ name: 'webgpu', device: gpu }],
    externalData: model.externalData.map(({ path, data }) => {
      return { path, data: new WatchedBlob(data, () => {}) };
    }),
    extra: { session: { disable_cpu_ep_fallback: '1' } },
  });
  return {
    run: async (feeds) => {
      const inputs = graph.inputs.map(({ name, dtype, shape }) => {
        return [name, new ort.Tensor(dtype as 'float32', feeds[name] as Float32Array, shape)] as const;
      });
      const results = await session.run(Object.fromEntries(inputs));
      return Object.fromEntries(graph.outputs.map(({ name }) => [name, results[name]?.data as Float32Array]));
    },
    release: () => session.release(),
  };
}
