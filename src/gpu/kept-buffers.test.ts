import { beforeEach, expect, test } from 'vitest';
import { Graph } from '../graph/graph.ts';
import { KeptTensors } from '../graph/kept-tensors.ts';
import * as nn from '../graph/nn.ts';
import { compile } from './compile.ts';
import { GpuSession } from './gpu-session.ts';
import { Pipelines } from './pipelines.ts';
import { FakeDevice, stubGlobals } from './samples/fake-device.ts';
import { chooseTile } from './tiles.ts';

beforeEach(stubGlobals);

const SIZES = { hasF16: true, workgroupMemory: 16_384, tileFor: chooseTile };

function graph(): Graph {
  return new Graph('any', { provider: 'webgpu', dtype: 'float16', ownKernels: true });
}

/** One graph that keeps twice its input, and one that adds to what was kept. */
async function sessions(device: FakeDevice, length = 4) {
  const [first, second] = [graph(), graph()];
  const x = nn.cast(first, first.input('x', 'float32', [length]), 'float16');
  nn.keep(first, 'twice', nn.add(first, x, x));
  first.output('y', nn.cast(first, x, 'float32'));
  const kept = nn.kept(second, 'twice', [length]);
  second.output('y', nn.cast(second, nn.add(second, kept, kept), 'float32'));
  const open = (g: Graph) => {
    const opening = { onRead: () => {}, flopsAtOnce: 1e9 };
    return GpuSession.open(device.asDevice, new Pipelines(device.asDevice), g, compile(g, SIZES), opening);
  };
  return { first: await open(first), second: await open(second) };
}

test('what is kept is one buffer for each prefix, is neither fed nor returned, and ends with what keeps it', async () => {
  const device = new FakeDevice();
  const { first, second } = await sessions(device);
  const tensors = new KeptTensors();
  const before = device.live.size;
  const results = await first.run({ x: new Float32Array(4) }, { tensors, prefix: 'negative:' });
  expect(Object.keys(results)).toEqual(['y']);
  await first.run({ x: new Float32Array(4) }, { tensors, prefix: 'negative:' });
  expect(device.live.size).toBe(before + 1);
  await second.run({}, { tensors, prefix: 'negative:' });
  await first.run({ x: new Float32Array(4) }, { tensors, prefix: 'prompt:' });
  expect(device.live.size).toBe(before + 2);
  expect(tensors.get('prompt:twice [4]')).not.toBe(tensors.get('negative:twice [4]'));
  tensors.release();
  expect(device.live.size).toBe(before);
});

test('of one text and of two it is a buffer each, as where guidance sets in or ends within a run', async () => {
  const device = new FakeDevice();
  const [one, both] = [await sessions(device, 8), await sessions(device, 16)];
  const kept = { tensors: new KeptTensors(), prefix: '' };
  const before = device.live.size;
  const sizes = () => [...device.live].slice(before).map(({ size }) => size);
  await one.first.run({ x: new Float32Array(8) }, kept);
  await both.first.run({ x: new Float32Array(16) }, kept);
  await both.second.run({}, kept);
  await one.first.run({ x: new Float32Array(8) }, kept);
  expect(sizes()).toEqual([16, 32]);
});

test('what nobody kept is no zeros', async () => {
  const { second } = await sessions(new FakeDevice());
  const kept = { tensors: new KeptTensors(), prefix: '' };
  await expect(second.run({}, kept)).rejects.toThrow('any needs twice.');
  await expect(second.run({})).rejects.toThrow('any needs what is kept.');
});
