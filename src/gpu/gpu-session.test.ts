import { beforeEach, expect, test, vi } from 'vitest';
import type { ByteSource } from '../graph/byte-source.ts';
import { Graph } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { compile } from './compile.ts';
import { FLOPS_AT_ONCE, GpuSession } from './gpu-session.ts';
import { Pipelines } from './pipelines.ts';
import type { Program } from './program.ts';
import { FakeDevice, stubGlobals } from './samples/fake-device.ts';
import { chooseTile } from './tiles.ts';

let device: FakeDevice;
beforeEach(() => {
  stubGlobals();
  device = new FakeDevice();
});

/** A convolution and a linear layer, whose weights lie in `file`. */
function smallGraph(file: ByteSource): Graph {
  const g = new Graph('small', { provider: 'webgpu', dtype: 'float32', ownKernels: true });
  const weight = (name: string, shape: readonly number[]) => {
    const length = 4 * shape.reduce((product, size) => product * size, 1);
    return g.weight(name, 'float32', shape, { path: 'a', offset: 0, length }, file);
  };
  const x = g.input('x', 'float32', [1, 4, 3, 3]);
  const convolved = nn.conv2d(g, x, { weight: weight('conv', [4, 4, 3, 3]) });
  g.output('out', nn.linear(g, nn.toSequence(g, convolved), { weight: weight('linear', [8, 4]) }));
  return g;
}
const compiled = (g: Graph): Program =>
  compile(g, { hasF16: true, workgroupMemory: 16_384, tileFor: chooseTile });

const FILE = new Blob([new Uint8Array(4096)]);
const OPENING = { onRead: () => {}, flopsAtOnce: FLOPS_AT_ONCE.gpu };
function open(file: ByteSource = FILE, pipelines = new Pipelines(device.asDevice)): Promise<GpuSession> {
  const graph = smallGraph(file);
  return GpuSession.open(device.asDevice, pipelines, graph, compiled(graph), OPENING);
}

test('what a session allocates, it frees; a thousand runs allocate nothing', async () => {
  const session = await open();
  const { created } = device;
  for (let i = 0; i < 1000; i++) await session.run({ x: new Float32Array(36) });
  expect(device.created).toBe(created);
  expect(device.live.size).toBeGreaterThan(0);
  session.release();
  expect(device.live.size).toBe(0);
});

test('work is submitted piece by piece: browsers make one command list of all that is submitted at once', async () => {
  const graph = smallGraph(FILE);
  const program = compiled(graph);
  const steps = program.steps.map((step) => ({ ...step, kernel: { ...step.kernel, flops: 1e10 } }));
  const pipelines = new Pipelines(device.asDevice);
  const submissions = async (flopsAtOnce: number) => {
    const opening = { ...OPENING, flopsAtOnce };
    const session = await GpuSession.open(device.asDevice, pipelines, graph, { ...program, steps }, opening);
    device.submitted.length = 0;
    await session.run({ x: new Float32Array(36) });
    return device.submitted;
  };
  expect(steps).toHaveLength(3);
  // The last one is the results' way.
  expect(await submissions(FLOPS_AT_ONCE.gpu)).toEqual([1, 1]);
  expect(await submissions(FLOPS_AT_ONCE.software)).toEqual([1, 1, 1, 1]);
});

test('where a shader does not compile nothing is left, and nothing is written any more; the next time it may', async () => {
  const error = new Error('no');
  let readOn = () => {};
  const read = vi.fn(
    () =>
      ({
        arrayBuffer: async () => {
          await new Promise<void>((resolve) => {
            readOn = resolve;
          });
          return new ArrayBuffer(1024);
        },
      }) as unknown as Blob,
  );
  device.compile.mockRejectedValueOnce(error);
  const pipelines = new Pipelines(device.asDevice);
  const opening = open({ size: 4096, slice: read } as unknown as ByteSource, pipelines);
  const ended = vi.fn();
  opening.catch(ended);
  await vi.waitFor(() => expect(read).toHaveBeenCalled());
  await Promise.resolve();
  expect(ended).not.toHaveBeenCalled();
  readOn();
  await expect(opening).rejects.toBe(error);
  expect(read).toHaveBeenCalledOnce();
  expect(device.live.size).toBe(0);
  expect(device.lostWrites).toBe(0);
  (await open(FILE, pipelines)).release();
});

test('a file that cannot be read leaves nothing', async () => {
  const slice = () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) });
  await expect(open({ size: 4096, slice } as unknown as ByteSource)).rejects.toThrow('gone');
  expect(device.live.size).toBe(0);
});

test('memory that a GPU does not have is an error before anything is read', async () => {
  const slice = vi.fn();
  device.caught.set('out-of-memory', { message: 'full' });
  await expect(open({ size: 4096, slice } as unknown as ByteSource)).rejects.toMatchObject({
    ...{ name: 'GpuRefusal', message: 'full', isMemory: true },
  });
  expect(slice).not.toHaveBeenCalled();
  expect(device.live.size).toBe(0);
});

test('a run that the GPU refuses is an error, not zeros', async () => {
  const session = await open();
  device.caught.set('validation', { message: 'invalid bind group' });
  await expect(session.run({ x: new Float32Array(36) })).rejects.toMatchObject({
    ...{ message: 'invalid bind group', isMemory: false },
  });
  await expect(session.run({ x: new Float32Array(36) })).resolves.toHaveProperty('out');
});

test('an input that is missing or of another length is named, and the next run is whole', async () => {
  const session = await open();
  await expect(session.run({})).rejects.toThrow('The graph needs x.');
  await expect(session.run({ x: new Float32Array(35) })).rejects.toThrow('x has 35 numbers');
  await expect(session.run({ x: new Float32Array(36) })).resolves.toHaveProperty('out');
});

/** Two layers of a text [rows, 4], and their sum with a layer of x [rows, 4]; the weights lie in `FILE`. */
function steadyGraph(rows: number): Graph {
  const g = new Graph('steady', { provider: 'webgpu', dtype: 'float32', ownKernels: true });
  const layer = (name: string) => ({
    weight: g.weight(name, 'float32', [4, 4], { path: 'a', offset: 0, length: 64 }, FILE),
  });
  const text = nn.linear(
    g,
    nn.linear(g, g.steadyInput('text', 'float32', [rows, 4]), layer('a')),
    layer('b'),
  );
  const x = nn.linear(g, g.input('x', 'float32', [rows, 4]), layer('c'));
  g.output('encoded', text);
  g.output('out', nn.add(g, x, text));
  return g;
}
const openSteady = (rows = 2, beside?: GpuSession) => {
  const graph = steadyGraph(rows);
  const pipelines = new Pipelines(device.asDevice);
  return GpuSession.open(device.asDevice, pipelines, graph, compiled(graph), { ...OPENING, beside });
};

test('a text is uploaded, and what depends on it alone computed, when it is another one, and only then', async () => {
  const session = await openSteady();
  const [cat, dog, x] = [new Float32Array(8), new Float32Array(8), new Float32Array(8)];
  const work = async (text: Float32Array) => {
    [device.written.length, device.dispatches] = [0, 0];
    await session.run({ x, text });
    return { uploads: device.written.length, dispatches: device.dispatches };
  };
  const whole = await work(cat);
  expect(whole.uploads).toBe(2);
  const rest = { uploads: 1, dispatches: whole.dispatches - 2 };
  expect(await work(cat)).toEqual(rest);
  expect(await work(dog)).toEqual(whole);
  expect(await work(dog)).toEqual(rest);
  // What a run that failed has left is not built upon.
  device.caught.set('out-of-memory', { message: 'full' });
  await expect(work(dog)).rejects.toThrow('full');
  expect(await work(dog)).toEqual(whole);
});

test('a session beside another reads its weights, loads none, and leaves them when it is released', async () => {
  const both = await openSteady(2);
  const read = vi.spyOn(FILE, 'slice');
  const before = device.live.size;
  const one = await openSteady(1, both);
  expect(read).not.toHaveBeenCalled();
  const sizes = [...device.live].slice(before).map(({ size }) => size);
  // Nothing as large as a weight: activations, uniforms, the result.
  expect(sizes.filter((size) => size === 64)).toEqual([]);
  await one.run({ x: new Float32Array(4), text: new Float32Array(4) });
  one.release();
  expect(device.live.size).toBe(before);
  await expect(both.run({ x: new Float32Array(8), text: new Float32Array(8) })).resolves.toHaveProperty(
    'out',
  );
  both.release();
  expect([device.live.size, device.lostWrites]).toEqual([0, 0]);
  read.mockRestore();
});
