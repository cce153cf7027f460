import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeDevice, stubGlobals } from '../gpu/samples/fake-device.ts';
import { Graph } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import type { AppError } from '../protocol/errors.ts';
import { Runtime } from './runtime.ts';

// A GPU that stops answering in each place where one is waited for: it says nothing, and its promises stay open. And one that
// says what is wrong. All of the way from the runtime to the device is the app's. The same with a processor that plays a GPU.

const selfTest = vi.hoisted(() => ({ wrongKernel: vi.fn() }));
vi.mock('./ort.ts');
vi.mock('../gpu/self-test.ts', () => selfTest);

let device: FakeDevice;
beforeEach(() => {
  vi.useFakeTimers();
  stubGlobals();
  vi.stubGlobal('GPUOutOfMemoryError', class {});
  device = new FakeDevice();
  selfTest.wrongKernel.mockReset().mockResolvedValue(undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const never = () => new Promise<never>(() => {});
const SHORT_OF_STALL = 40_000;
const MINUTE = 60_000;

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, SHORT_OF_STALL));

/** A linear layer whose weight is in a file. */
function graphOf(slice: () => { arrayBuffer: () => Promise<ArrayBuffer> }): Graph {
  const g = new Graph('unet', { provider: 'webgpu', dtype: 'float32', ownKernels: true });
  const x = g.input('x', 'float32', [4, 4]);
  const file = { size: 64, slice } as unknown as Blob;
  const weight = g.weight('w', 'float32', [4, 4], { path: 'a', offset: 0, length: 64 }, file);
  g.output('out', nn.linear(g, x, { weight }));
  return g;
}
const bytes = () => ({ arrayBuffer: async () => new ArrayBuffer(64) });
const GRAPH = graphOf(bytes);
const FEEDS = { x: new Float32Array(16) };

/** The code of the error in which a call has ended within this time, or how else it is then. */
async function within(ms: number, call: Promise<unknown>): Promise<string> {
  const ended = call.then(
    () => 'done',
    ({ code, message }: AppError) => code ?? message,
  );
  const open = new Promise<string>((resolve) => setTimeout(() => resolve('open'), ms));
  const winner = Promise.race([ended, open]);
  await vi.advanceTimersByTimeAsync(ms);
  return winner;
}

describe.each([
  ['a GPU', {}],
  ['software', { isFallbackAdapter: true }],
])('%s:', (_, info) => {
  function openRuntime(requestDevice: () => Promise<unknown> = async () => device): Promise<Runtime> {
    const adapter = { features: new Set(), limits: {}, info, requestDevice } as unknown as GPUAdapter;
    return Runtime.open('webgpu', async () => adapter);
  }

  test('a GPU that is never opened, or never ends its test, is lost', async () => {
    expect(await within(MINUTE, openRuntime(never))).toBe('device-lost');
    selfTest.wrongKernel.mockImplementation(never);
    expect(await within(MINUTE, openRuntime())).toBe('device-lost');
  });

  test('a test that goes on, however slowly, is waited for', async () => {
    device.compile.mockImplementation(async () => {
      await pause();
      return {};
    });
    selfTest.wrongKernel.mockImplementation(async () => {
      for (let kernel = 0; kernel < 5; kernel++) await device.createComputePipelineAsync();
    });
    expect(await within(6 * SHORT_OF_STALL, openRuntime())).toBe('done');
  });

  test('a shader that never compiles ends as a lost GPU, and nothing more is started on it', async () => {
    const runtime = await openRuntime();
    device.compile.mockImplementation(never);
    expect(await within(MINUTE, runtime.open(GRAPH))).toBe('device-lost');
    device.compile.mockReset();
    expect(await within(0, runtime.open(GRAPH))).toBe('device-lost');
  });

  test('a shader that the driver refuses is told as such, and another model may be opened', async () => {
    const runtime = await openRuntime();
    device.compile.mockRejectedValueOnce(new DOMException('no', 'GPUPipelineError'));
    expect(await within(MINUTE, runtime.open(GRAPH))).toBe('wrong-numbers');
    expect(await within(MINUTE, runtime.open(GRAPH))).toBe('done');
  });

  test('weights that are never taken in are a lack of memory', async () => {
    const runtime = await openRuntime();
    expect(await within(MINUTE, runtime.open(graphOf(() => ({ arrayBuffer: never }))))).toBe('out-of-memory');
  });

  test('a queue that never ends what opening gave it is a lost GPU', async () => {
    const runtime = await openRuntime();
    device.workDone.mockImplementation(never);
    expect(await within(MINUTE, runtime.open(GRAPH))).toBe('device-lost');
  });

  test('a run whose results never come is a lost GPU, and so is every later one', async () => {
    const runtime = await openRuntime();
    const session = await runtime.open(GRAPH);
    device.map.mockImplementation(never);
    device.workDone.mockImplementation(never);
    expect(await within(MINUTE, session.run(FEEDS))).toBe('device-lost');
    expect(await within(0, session.run(FEEDS))).toBe('device-lost');
    expect(await within(0, session.release())).toBe('device-lost');
  });

  test('a run that goes on, however slowly, is waited for', async () => {
    const runtime = await openRuntime();
    const session = await runtime.open(GRAPH);
    let after = Promise.resolve();
    device.workDone.mockImplementation(() => {
      after = after.then(pause);
      return after;
    });
    device.map.mockImplementation(() => after);
    expect(await within(10 * SHORT_OF_STALL, session.run(FEEDS))).toBe('done');
  });

  test('a GPU that tells late that it has done its work, and then has none, is as good as before', async () => {
    const runtime = await openRuntime();
    const session = await runtime.open(GRAPH);
    device.workDone.mockImplementation(() => new Promise((resolve) => setTimeout(resolve, 1000)));
    expect(await within(0, session.run(FEEDS))).toBe('done');
    await vi.advanceTimersByTimeAsync(10 * MINUTE);
    expect(await within(0, session.run(FEEDS))).toBe('done');
  });

  test('a GPU that is lost in a run, says so itself', async () => {
    const runtime = await openRuntime();
    const session = await runtime.open(GRAPH);
    device.map.mockImplementation(never);
    const running = session.run(FEEDS);
    device.lose({ reason: 'unknown', message: 'reset' });
    expect(await within(MINUTE, running)).toBe('device-lost');
    expect(await within(0, session.run(FEEDS))).toBe('device-lost');
  });

  test('memory that runs out, when a session is opened or in a run, is told as such, and the next one may fit', async () => {
    const runtime = await openRuntime();
    device.caught.set('out-of-memory', { message: 'full' });
    expect(await within(MINUTE, runtime.open(GRAPH))).toBe('out-of-memory');
    const session = await runtime.open(GRAPH);
    device.caught.set('out-of-memory', { message: 'full' });
    expect(await within(MINUTE, session.run(FEEDS))).toBe('out-of-memory');
    expect(await within(MINUTE, session.run(FEEDS))).toBe('done');
  });
});
