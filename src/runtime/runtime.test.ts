import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Graph } from '../graph/graph.ts';
import { encodeModel } from '../onnx/encode.ts';
import { loadOrt } from './ort.ts';
import { Runtime } from './runtime.ts';

vi.mock('./ort.ts');
vi.mock('./self-test.ts');
// A GPU that computes our own kernels wrongly: onnxruntime runs all.
vi.mock('../gpu/own-kernels.ts', () => ({
  OwnKernels: class {
    wrong = async () => 'gemm';
  },
}));

const GRAPH = new Graph('unet', { provider: 'webgpu', dtype: 'float32' });

class OutOfMemory {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/** A GPU whose errors the test triggers, under an onnxruntime whose `create` the test provides. */
function stage(create: () => Promise<unknown>, info: object = {}) {
  const device = Object.assign(new EventTarget(), {
    features: new Set<string>(),
    queue: { submit: () => undefined, onSubmittedWorkDone: async () => {} },
    createComputePipelineAsync: async () => ({}),
    destroy: vi.fn(),
    lost: new Promise((resolve) => {
      lose = resolve;
    }),
  });
  const adapter = { features: new Set<string>(), limits: {}, info, requestDevice: async () => device };
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => adapter } });
  vi.stubGlobal('GPUOutOfMemoryError', OutOfMemory);
  const options = vi.fn();
  const InferenceSession = {
    create: (_: Uint8Array, given: unknown) => {
      options(given);
      return create();
    },
  };
  vi.mocked(loadOrt).mockResolvedValue({ InferenceSession } as unknown as Awaited<
    ReturnType<typeof loadOrt>
  >);
  const report = (error: object) =>
    device.dispatchEvent(Object.assign(new Event('uncapturederror'), { error }));
  return { device, options, report };
}
let lose: (info: { reason: string; message: string }) => void;

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const session = () => ({ run: async () => ({}), release: vi.fn(async () => {}) });
const SHORT_OF_STALL = 40_000;
const pause = () => new Promise<void>((resolve) => setTimeout(resolve, SHORT_OF_STALL));
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { code: string }) => error.code,
  );

test('a session gets our own device, and no fallback to the CPU', async () => {
  const { device, options } = stage(async () => session());
  const runtime = await Runtime.open('webgpu');
  await runtime.open(GRAPH);
  expect(options).toHaveBeenCalledWith(
    expect.objectContaining({
      executionProviders: [{ name: 'webgpu', device }],
      extra: { session: { disable_cpu_ep_fallback: '1' } },
    }),
  );
});

test('a ready-made graph may fall back to the CPU, and gets values for its free sizes', async () => {
  const { device, options } = stage(async () => session());
  const runtime = await Runtime.open('webgpu');
  await runtime.openOnnx(encodeModel(GRAPH), { batch_size: 2 });
  const [given] = options.mock.calls[0] as [Record<string, unknown>];
  expect(given).toMatchObject({
    executionProviders: [{ name: 'webgpu', device }],
    freeDimensionOverrides: { batch_size: 2 },
  });
  expect(given).not.toHaveProperty('extra');
});

test('without an adapter opening WebGPU fails', async () => {
  expect(await codeOf(Runtime.open('webgpu', async () => null))).toBe('no-webgpu');
});

test('a session created while memory ran out is released and refused; a smaller one may follow', async () => {
  const broken = session();
  const made = [broken, session()];
  const gpu = stage(async () => made.shift());
  const runtime = await Runtime.open('webgpu');
  gpu.device.queue.onSubmittedWorkDone = async () => {
    gpu.report(new OutOfMemory('not enough'));
    gpu.device.queue.onSubmittedWorkDone = async () => {};
  };
  expect(await codeOf(runtime.open(GRAPH))).toBe('out-of-memory');
  expect(broken.release).toHaveBeenCalledOnce();
  expect(await codeOf(runtime.open(GRAPH))).toBe('done');
});

test('a creation that never returns ends as out-of-memory, and nothing more is started', async () => {
  const gpu = stage(() => new Promise(() => {}));
  const runtime = await Runtime.open('webgpu');
  const opening = codeOf(runtime.open(GRAPH));
  await vi.advanceTimersByTimeAsync(SHORT_OF_STALL);
  gpu.report({ message: 'Buffer size (5368709120) exceeds the max buffer size limit (2147483648).' });
  await vi.advanceTimersByTimeAsync(3_000);
  expect(await opening).toBe('out-of-memory');
  expect(await codeOf(runtime.open(GRAPH))).toBe('out-of-memory');
  expect(gpu.options).toHaveBeenCalledOnce();
});

const FILE = new Blob([new Uint8Array(8)]);
/** A graph whose weight is in a file. */
function graphWithWeights(): Graph {
  const graph = new Graph('unet', GRAPH.target);
  graph.weight('w', 'float32', [2], { path: 'a', offset: 0, length: 8 }, FILE);
  return graph;
}
type Given = { readonly externalData: readonly { readonly data: Blob }[] };

test('a GPU that silently takes in no more weights is out of memory', async () => {
  const gpu = stage(() => new Promise(() => {}));
  const runtime = await Runtime.open('webgpu');
  const parts: number[] = [];
  const opening = codeOf(runtime.open(graphWithWeights(), (part) => parts.push(part)));
  await vi.advanceTimersByTimeAsync(SHORT_OF_STALL);
  const [{ externalData }] = gpu.options.mock.calls[0] as [Given];
  expect(new Uint8Array(await (externalData[0] as { data: Blob }).data.slice(0, 2).arrayBuffer())).toEqual(
    new Uint8Array(2),
  );
  await vi.advanceTimersByTimeAsync(SHORT_OF_STALL);
  externalData[0]?.data.slice(2, 4);
  await vi.advanceTimersByTimeAsync(SHORT_OF_STALL);
  expect(parts).toEqual([0.25, 0.5]);
  await vi.advanceTimersByTimeAsync(8_000);
  expect(await opening).toBe('out-of-memory');
});

test('onnxruntime’s session that does not come to be, all weights read, is a lost GPU', async () => {
  const gpu = stage(() => new Promise(() => {}));
  const runtime = await Runtime.open('webgpu');
  const opening = codeOf(runtime.open(graphWithWeights()));
  await vi.advanceTimersByTimeAsync(0);
  const [{ externalData }] = gpu.options.mock.calls[0] as [Given];
  externalData[0]?.data.slice();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await opening).toBe('device-lost');
});

test('a queue that never ends what onnxruntime’s session was opened with is a lost GPU', async () => {
  const gpu = stage(async () => session());
  const runtime = await Runtime.open('webgpu');
  gpu.device.queue.onSubmittedWorkDone = () => new Promise(() => {});
  const opening = codeOf(runtime.open(GRAPH));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await opening).toBe('device-lost');
});

test('onnxruntime’s run that never ends is a lost GPU; one that goes on, however slowly, is waited for', async () => {
  const run = vi.fn(async () => ({}));
  const gpu = stage(async () => ({ ...session(), run }));
  const runtime = await Runtime.open('webgpu');
  const unet = await runtime.open(GRAPH);
  gpu.device.queue.onSubmittedWorkDone = pause;
  run.mockImplementationOnce(async () => {
    for (let batch = 0; batch < 3; batch++) {
      gpu.device.queue.submit();
      await pause();
    }
    for (let shader = 0; shader < 3; shader++) {
      await gpu.device.createComputePipelineAsync();
      await pause();
    }
    return {};
  });
  const slow = codeOf(unet.run({}));
  await vi.advanceTimersByTimeAsync(10 * SHORT_OF_STALL);
  expect(await slow).toBe('done');

  gpu.device.queue.onSubmittedWorkDone = () => new Promise(() => {});
  run.mockImplementationOnce(() => {
    gpu.device.queue.submit();
    return new Promise(() => {});
  });
  const stuck = codeOf(unet.run({}));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await stuck).toBe('device-lost');
  expect(await codeOf(unet.run({}))).toBe('device-lost');
  expect(run).toHaveBeenCalledTimes(2);
});

test('on software onnxruntime’s run is left to the page’s clock: a busy processor may take as long', async () => {
  const run = () => new Promise((resolve) => setTimeout(() => resolve({}), 2 * 60_000));
  stage(async () => ({ ...session(), run }), { isFallbackAdapter: true });
  const runtime = await Runtime.open('webgpu');
  const running = codeOf((await runtime.open(GRAPH)).run({}));
  await vi.advanceTimersByTimeAsync(2 * 60_000);
  expect(await running).toBe('done');
});

test('memory that ran out between two calls keeps no session from being released; the next call tells', async () => {
  const made = session();
  const gpu = stage(async () => made);
  const runtime = await Runtime.open('webgpu');
  const unet = await runtime.open(GRAPH);
  gpu.report(new OutOfMemory('not enough'));
  expect(await codeOf(unet.release())).toBe('done');
  expect(made.release).toHaveBeenCalledOnce();
  expect(await codeOf(runtime.open(GRAPH))).toBe('out-of-memory');
  expect(await codeOf(runtime.open(GRAPH))).toBe('done');
});

test('a lost device fails the run it broke, and every later one', async () => {
  const run = vi.fn(() => Promise.reject(new Error('mapAsync failed')));
  stage(async () => ({ ...session(), run }));
  const runtime = await Runtime.open('webgpu');
  const unet = await runtime.open(GRAPH);
  lose({ reason: 'unknown', message: '' });
  expect(await codeOf(unet.run({}))).toBe('device-lost');
  expect(await codeOf(unet.run({}))).toBe('device-lost');
});

test('a device that we destroyed does not count as lost', async () => {
  stage(async () => session());
  const runtime = await Runtime.open('webgpu');
  runtime.dispose();
  lose({ reason: 'destroyed', message: '' });
  expect(await codeOf(runtime.open(GRAPH))).toBe('done');
});

test.each([
  ["Can't create a session. std::bad_alloc", 'out-of-memory'],
  ['RuntimeError: memory access out of bounds', 'out-of-memory'],
  ["RuntimeError: Out of bounds memory access (evaluating 'a(b)')", 'out-of-memory'],
  ['RuntimeError: index out of bounds', 'out-of-memory'],
  ['Kernel "Conv" failed', undefined],
])('onnxruntime’s %j becomes %s', async (text, code) => {
  stage(() => Promise.reject(new Error(text)));
  const runtime = await Runtime.open('webgpu');
  await expect(runtime.open(GRAPH)).rejects.toMatchObject(code ? { code } : { message: text });
});
