import { expect, test } from 'vitest';
import { compile } from '../gpu/compile.ts';
import { chooseTile } from '../gpu/tiles.ts';
import type { Graph } from '../graph/graph.ts';
import { AppError } from '../protocol/errors.ts';
import type { MeasureProgress } from '../protocol/gpu-measurement.ts';
import type { Session } from '../runtime/session.ts';
import { graphOf } from './components.ts';
import { type MeasuredRuntime, measureGpu, PARTS } from './measure-gpu.ts';

/** GFLOP of a guided step at 512², of a VAE's decoding to it, of the convolution. */
const GFLOP: Readonly<Record<string, number>> = { unet: 1592, vae_decoder: 2517, convolution: 7.5 };

/** A GPU without a device, as fast as it is told to be, and a clock that it moves. */
function createGpu(gflops: number, { ownKernels = true, hasF16 = true } = {}) {
  let clock = 0;
  const opened: Graph[] = [];
  let held = 0;
  const runtime: MeasuredRuntime = {
    target: { provider: 'webgpu', dtype: 'float16', ...(ownKernels && { ownKernels }) },
    hasF16,
    async open(graph, onRead = () => {}): Promise<Session> {
      opened.push(graph);
      onRead(1);
      clock += 1000;
      held++;
      const [, , height = 0] = graph.inputs[0]?.shape ?? [];
      return {
        run: async () => {
          clock += ((1000 * (GFLOP[graph.name] as number)) / gflops) * (height / 64) ** 2;
          return {};
        },
        release: async () => {
          held--;
        },
      };
    },
  };
  const seen: MeasureProgress[] = [];
  const controller = new AbortController();
  const context = { signal: controller.signal, progress: (value: MeasureProgress) => void seen.push(value) };
  return {
    runtime,
    opened,
    seen,
    abort: () => controller.abort(),
    held: () => held,
    clock: () => clock,
    measure: () => measureGpu(runtime, context, () => clock),
    times: () => seen.flatMap((value) => (value.stage === 'times' ? [value.times] : [])),
    leftOut: () => seen.flatMap((value) => (value.stage === 'left-out' ? [value.measured] : [])),
  };
}

test('a fast GPU is measured by our kernels, then by onnxruntime’s, on the same graphs at full size', async () => {
  const gpu = createGpu(20_000);
  await gpu.measure();
  expect(gpu.times().map(({ part, kernels, side, bits }) => [part, kernels, side, bits])).toEqual([
    ['convolution', 'own', 64, 16],
    ['vae', 'own', 512, 16],
    ['unet', 'own', 512, 16],
    ['vae', 'onnxruntime', 512, 16],
    ['unet', 'onnxruntime', 512, 16],
  ]);
  const unet = gpu.times()[2];
  expect(unet).toMatchObject({ loadMs: 1000, weightBytes: 2 * 859_520_964 });
  expect(unet?.firstMs).toBeCloseTo(79.6);
  expect(unet?.medianMs).toBeCloseTo(79.6);
  expect(gpu.opened.filter(({ target }) => target.ownKernels)).toHaveLength(4);
  expect(gpu.opened).toHaveLength(6);
  expect(gpu.leftOut()).toEqual([]);
  expect(gpu.held()).toBe(0);
});

test('a slower one is measured at a smaller size, and ends within its minute', async () => {
  const gpu = createGpu(60);
  await gpu.measure();
  expect(gpu.times().map(({ part, kernels, side }) => [part, kernels, side])).toEqual([
    ['convolution', 'own', 64],
    ['unet', 'own', 256],
    ['unet', 'onnxruntime', 256],
  ]);
  expect(gpu.leftOut()).toEqual([
    { part: 'vae', kernels: 'own' },
    { part: 'vae', kernels: 'onnxruntime' },
  ]);
  expect(gpu.clock()).toBeLessThan(60_000);
});

test('one that is too slow is asked for a convolution alone', async () => {
  const gpu = createGpu(5);
  await gpu.measure();
  expect(gpu.times()).toMatchObject([{ part: 'convolution', side: 16 }]);
  expect(gpu.leftOut()).toHaveLength(4);
  expect(gpu.clock()).toBeLessThan(10_000);
});

test('where our kernels compute wrongly onnxruntime’s are measured, in 32 bits without shader-f16', async () => {
  const gpu = createGpu(20_000, { ownKernels: false, hasF16: false });
  await gpu.measure();
  expect(gpu.times().map(({ part, kernels, bits }) => [part, kernels, bits])).toEqual([
    ['convolution', 'onnxruntime', 32],
    ['vae', 'onnxruntime', 32],
    ['unet', 'onnxruntime', 32],
  ]);
  expect(gpu.times()[2]?.weightBytes).toBe(4 * 859_520_964);
});

test('a stop ends it between two runs, and gives the memory back', async () => {
  const gpu = createGpu(20_000);
  const { open } = gpu.runtime;
  Object.assign(gpu.runtime, {
    open: async (graph: Graph) => {
      const session = await open(graph);
      if (graph.name === 'unet') gpu.abort();
      return session;
    },
  });
  await expect(gpu.measure()).rejects.toMatchObject({ name: 'AbortError' });
  expect(gpu.times()).toHaveLength(2);
  expect(gpu.held()).toBe(0);
});

test('a stop while weights are read is one, whatever onnxruntime makes of it', async () => {
  const gpu = createGpu(20_000);
  const { open } = gpu.runtime;
  Object.assign(gpu.runtime, {
    open: async (graph: Graph, onRead?: (fraction: number) => void) => {
      if (graph.name !== 'unet' || graph.target.ownKernels) return open(graph, onRead);
      gpu.abort();
      try {
        onRead?.(0.5);
      } catch {
        throw new AppError('out-of-memory', 'Unknown error occurred in memory copy.');
      }
      throw new Error('It went on.');
    },
  });
  await expect(gpu.measure()).rejects.toMatchObject({ name: 'AbortError' });
  expect(gpu.held()).toBe(0);
});

test('what was measured before an error has been reported, and memory is given back', async () => {
  const gpu = createGpu(20_000);
  const { open } = gpu.runtime;
  Object.assign(gpu.runtime, {
    open: async (graph: Graph) => {
      const session = await open(graph);
      if (graph.name !== 'unet') return session;
      const run = () => Promise.reject(new AppError('out-of-memory', 'The GPU is full.'));
      return { ...session, run };
    },
  });
  await expect(gpu.measure()).rejects.toMatchObject({ code: 'out-of-memory' });
  expect(gpu.times().map(({ part }) => part)).toEqual(['convolution', 'vae']);
  expect(gpu.held()).toBe(0);
});

test.each(Object.entries(PARTS))('%s computes as much as is reckoned with', (_, { sides, gflop, of }) => {
  const graph = graphOf(of(sides[0] as number), { provider: 'webgpu', dtype: 'float16', ownKernels: true });
  const { steps } = compile(graph, { hasF16: true, workgroupMemory: 32_768, tileFor: chooseTile });
  const flops = steps.reduce((sum, { kernel }) => sum + kernel.flops, 0);
  expect(flops / 1e9 / gflop).toBeCloseTo(1, 1);
});
