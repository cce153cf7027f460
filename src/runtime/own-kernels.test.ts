import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { GpuRefusal } from '../gpu/checked.ts';
import { Graph } from '../graph/graph.ts';
import { Runtime } from './runtime.ts';

// What our own kernels make of a graph, and of a session, is the test's.
const kernels = vi.hoisted(() => ({ compile: vi.fn(), open: vi.fn() }));
vi.mock('./ort.ts');
vi.mock('../gpu/own-kernels.ts', () => ({
  OwnKernels: class {
    wrong = async () => undefined;
    compile = kernels.compile;
    open = kernels.open;
  },
}));

const GRAPH = new Graph('unet', { provider: 'webgpu', dtype: 'float16', ownKernels: true });
const PROGRAM = { name: 'unet', weights: [], tensors: [], steps: [], inputs: [], outputs: [] };

let lose: (info: { reason: string; message: string }) => void;
/** A GPU without `shader-f16`. */
async function open(): Promise<{ runtime: Runtime; report: (error: object) => void }> {
  const device = Object.assign(new EventTarget(), {
    features: new Set<string>(),
    limits: { maxStorageBufferBindingSize: 2 ** 27 },
    queue: { submit: () => {}, onSubmittedWorkDone: async () => {} },
    createComputePipelineAsync: async () => ({}),
    lost: new Promise((resolve) => {
      lose = resolve;
    }),
  });
  const adapter = { features: new Set<string>(), limits: {}, requestDevice: async () => device };
  vi.stubGlobal('GPUOutOfMemoryError', class {});
  const runtime = await Runtime.open('webgpu', async () => adapter as unknown as GPUAdapter);
  const report = (error: object) =>
    device.dispatchEvent(Object.assign(new Event('uncapturederror'), { error }));
  return { runtime, report };
}

const session = () => ({ run: vi.fn(async () => ({})), release: vi.fn() });
const faultOf = (promise: Promise<unknown>) =>
  promise.then(
    () => ({ code: 'done' }),
    ({ code, details }: { code: string; details?: object }) => ({ code, ...details }),
  );

beforeEach(() => {
  kernels.compile.mockReset().mockReturnValue(PROGRAM);
  kernels.open.mockReset().mockImplementation(async () => session());
});
afterEach(() => vi.unstubAllGlobals());

test('numbers are kept in 16 bits on every GPU, and its largest tensor is known', async () => {
  const { runtime } = await open();
  expect(runtime.target).toEqual({ provider: 'webgpu', dtype: 'float16', ownKernels: true });
  expect(runtime.largestTensor).toBe(2 ** 27);
});

test('a graph beyond the GPU’s limits is out of memory, and so is a buffer that it refuses; others may follow', async () => {
  const { runtime } = await open();
  kernels.compile.mockImplementationOnce(() => {
    throw new GpuRefusal('a tensor of 5 GB', true);
  });
  expect(await faultOf(runtime.open(GRAPH))).toEqual({ code: 'out-of-memory' });
  kernels.open.mockRejectedValueOnce(new GpuRefusal('full', true));
  expect(await faultOf(runtime.open(GRAPH))).toEqual({ code: 'out-of-memory' });
  expect(await faultOf(runtime.open(GRAPH))).toEqual({ code: 'done' });
});

test('a shader that the driver does not compile is told as such; the next model may run', async () => {
  const { runtime } = await open();
  kernels.open.mockRejectedValueOnce(new DOMException('internal error', 'GPUPipelineError'));
  const fault = await faultOf(runtime.open(GRAPH));
  expect(fault).toEqual({ code: 'wrong-numbers', kind: 'kernel-refused' });
  expect(await faultOf(runtime.open(GRAPH))).toEqual({ code: 'done' });
});

test('a graph without kernels of our own is not given to onnxruntime in a precision that the GPU lacks', async () => {
  const { runtime } = await open();
  kernels.compile.mockReturnValue(undefined);
  expect(await faultOf(runtime.open(GRAPH))).toMatchObject({ code: 'unsupported-model', kind: 'no-f16' });
});

test('a device that is lost after the error it caused is lost all the same', async () => {
  const { runtime } = await open();
  const opened = session();
  kernels.open.mockResolvedValueOnce(opened);
  const unet = await runtime.open(GRAPH);
  opened.run.mockImplementationOnce(async () => {
    setTimeout(() => lose({ reason: 'unknown', message: '' }));
    throw new DOMException('mapping was aborted', 'AbortError');
  });
  expect(await faultOf(unet.run({}))).toEqual({ code: 'device-lost' });
  expect(await faultOf(unet.run({}))).toEqual({ code: 'device-lost' });
});

test('where memory runs out while weights are read, no more are read, and the next model may be opened', async () => {
  const { runtime, report } = await open();
  const read: number[] = [];
  kernels.open.mockImplementationOnce(async (_graph, _program, onRead: (bytes: number) => void) => {
    for (let part = 1; part < 4; part++) {
      onRead(1);
      read.push(part);
      report({ message: 'Out of memory' });
    }
    return session();
  });
  expect(await faultOf(runtime.open(GRAPH))).toEqual({ code: 'out-of-memory' });
  expect(read).toEqual([1]);
  expect(await faultOf(runtime.open(GRAPH))).toEqual({ code: 'done' });
});
