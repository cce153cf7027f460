import { afterEach, expect, test, vi } from 'vitest';
import { createRequestAdapter, probeDevice, requestDevice } from './device.ts';

afterEach(() => vi.unstubAllGlobals());

/** Asks once: the browsers here do not change their mind. */
const ask = async () => (await navigator.gpu?.requestAdapter()) ?? null;
const FAST = { description: '', device: '', architecture: 'ada', vendor: 'nvidia', isFallbackAdapter: false };

function browser(info: object | null, features: string[] = []) {
  const adapter = info && { info: { ...FAST, ...info }, features: new Set(features) };
  vi.stubGlobal('navigator', { hardwareConcurrency: 6, gpu: { requestAdapter: async () => adapter } });
}

test('without WebGPU, or without a GPU, auto is the CPU and says why', async () => {
  vi.stubGlobal('navigator', { hardwareConcurrency: 6 });
  expect(await probeDevice(ask)).toMatchObject({
    auto: 'wasm',
    threads: 1,
    reason: 'no-webgpu',
  });
  browser(null);
  expect(await probeDevice(ask)).toMatchObject({ auto: 'wasm', reason: 'no-adapter' });
});

test('a GPU is auto, under the most telling name that its driver gives', async () => {
  browser({}, ['shader-f16']);
  expect(await probeDevice(ask)).toEqual({ auto: 'webgpu', gpu: 'nvidia ada', threads: 1 });
  browser({ description: 'NVIDIA L4' });
  expect(await probeDevice(ask)).toMatchObject({ gpu: 'NVIDIA L4' });
  browser({ architecture: '', vendor: '' });
  expect(await probeDevice(ask)).toMatchObject({ gpu: 'GPU' });
});

test.each([
  [{ isFallbackAdapter: true }],
  [{ architecture: 'swiftshader' }],
  [{ description: 'llvmpipe (LLVM 19)' }],
  [{ description: 'Microsoft Basic Render Driver' }],
])('a software GPU is not auto: %j', async (info) => {
  browser(info);
  expect(await probeDevice(ask)).toMatchObject({ auto: 'wasm', reason: 'software' });
});

test('an adapter that tells nothing of itself is a GPU, unless it is the fallback', async () => {
  const features = new Set<string>();
  const offer = (adapter: object) =>
    vi.stubGlobal('navigator', { hardwareConcurrency: 6, gpu: { requestAdapter: async () => adapter } });
  offer({ features });
  expect(await probeDevice(ask)).toMatchObject({ auto: 'webgpu', gpu: 'GPU' });
  offer({ features, isFallbackAdapter: true });
  expect(await probeDevice(ask)).toMatchObject({ auto: 'wasm', reason: 'software' });
});

test('threads need cross-origin isolation, and a browser that shares memory then', async () => {
  browser({});
  vi.stubGlobal('crossOriginIsolated', true);
  expect((await probeDevice(ask)).threads).toBe(6);
  vi.stubGlobal('SharedArrayBuffer', undefined);
  expect((await probeDevice(ask)).threads).toBe(1);
});

test('a device is asked for what its adapter has, never for subgroups', async () => {
  const requested: GPUDeviceDescriptor[] = [];
  const adapter = (features: string[]) =>
    ({
      features: new Set(features),
      limits: { maxBufferSize: 2 ** 32, maxStorageBufferBindingSize: 2 ** 31 - 4 },
      requestDevice: async (descriptor: GPUDeviceDescriptor) => requested.push(descriptor),
    }) as unknown as GPUAdapter;
  const matrices = 'chromium-experimental-subgroup-matrix';
  await requestDevice(adapter(['shader-f16', 'subgroups', 'timestamp-query', matrices]));
  await requestDevice(adapter(['subgroups']));
  expect(requested.map(({ requiredFeatures }) => requiredFeatures)).toEqual([
    ['shader-f16', 'timestamp-query', matrices],
    [],
  ]);
  expect(requested[0]?.requiredLimits).toMatchObject({
    maxBufferSize: 2 ** 32,
    maxStorageBufferBindingSize: 2 ** 31 - 4,
  });
  // A limit that the browser does not know would be refused.
  expect(Object.values(requested[0]?.requiredLimits ?? {})).not.toContain(undefined);
});

test('a browser that offers no GPU at first is asked again for two seconds, once', async () => {
  vi.useFakeTimers();
  const answers: (object | null)[] = [];
  const requestAdapter = vi.fn(async () => answers.shift() ?? null);
  vi.stubGlobal('navigator', { gpu: { requestAdapter } });
  const adapter = {};

  answers.push(null, null, adapter, adapter);
  const late = createRequestAdapter()();
  await vi.advanceTimersByTimeAsync(750);
  expect(await late).toBe(adapter);

  requestAdapter.mockClear();
  const none = createRequestAdapter();
  const [first, second] = [none(), none()];
  await vi.advanceTimersByTimeAsync(1750);
  expect([await first, await second]).toEqual([null, null]);
  expect(requestAdapter).toHaveBeenCalledTimes(5);
  expect(await none(), 'without a pause').toBeNull();
  expect(requestAdapter).toHaveBeenCalledTimes(6);
  vi.useRealTimers();
});

test('a browser that fails when it is asked for a GPU is asked again too, and then has none', async () => {
  vi.useFakeTimers();
  const adapter = {};
  const requestAdapter = vi.fn(async (): Promise<object> => adapter);
  requestAdapter.mockRejectedValueOnce(new DOMException('The GPU process is gone.', 'OperationError'));
  vi.stubGlobal('navigator', { hardwareConcurrency: 6, gpu: { requestAdapter } });
  const late = createRequestAdapter()();
  await vi.advanceTimersByTimeAsync(250);
  expect(await late).toBe(adapter);
  requestAdapter.mockRejectedValue(new TypeError('Blocked.'));
  const report = probeDevice(createRequestAdapter());
  await vi.advanceTimersByTimeAsync(1750);
  expect(await report).toMatchObject({ auto: 'wasm', reason: 'no-adapter' });
  vi.useRealTimers();
});

test('a browser that never answers has no GPU, within a minute, and sooner when it is asked later', async () => {
  vi.useFakeTimers();
  const gpu = { requestAdapter: () => new Promise(() => {}) };
  vi.stubGlobal('navigator', { hardwareConcurrency: 6, gpu });
  const requestAdapter = createRequestAdapter();
  const report = probeDevice(requestAdapter);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(await report).toMatchObject({ auto: 'wasm', reason: 'no-adapter' });
  const later = requestAdapter();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await later).toBeNull();
  vi.useRealTimers();
});

test('a GPU that is gone when it is opened was lost, which is no bug', async () => {
  const gone = async () => {
    throw new DOMException('The adapter has expired.', 'OperationError');
  };
  const adapter = { features: new Set(), limits: {}, requestDevice: gone } as unknown as GPUAdapter;
  await expect(requestDevice(adapter)).rejects.toMatchObject({ code: 'device-lost' });
});

test('where there is no WebGPU nobody waits', async () => {
  vi.stubGlobal('navigator', {});
  expect(await createRequestAdapter()()).toBeNull();
});
