import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Graph } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { compile } from './compile.ts';
import { stubGlobals } from './samples/fake-device.ts';
import { SOFTWARE } from './tiles.ts';
import { type Placed, uploadWeights } from './upload.ts';

const MIB = 2 ** 20;

beforeEach(stubGlobals);
afterEach(() => void vi.unstubAllGlobals());

test('of weights that the GPU has not taken in yet at most 128 MB are read, and what was written is freed', async () => {
  const g = new Graph('unet', { provider: 'webgpu', dtype: 'float32', ownKernels: true });
  const transfer = vi.fn();
  const slice = vi.fn((from: number, to: number) => ({
    arrayBuffer: async () => Object.assign(new ArrayBuffer(to - from), { transfer }),
  }));
  const range = { path: 'a', offset: 0, length: 256 * MIB };
  const file = { size: range.length, slice } as unknown as Blob;
  const weight = g.weight('w', 'float32', [8192, 8192], range, file);
  g.output('out', nn.linear(g, g.input('x', 'float32', [1, 8192]), { weight }));
  const program = compile(g, { hasF16: true, workgroupMemory: 16_384, tileFor: () => SOFTWARE });

  let take = () => {};
  const onSubmittedWorkDone = () => new Promise<void>((resolve) => (take = resolve));
  const device = { queue: { writeBuffer: () => {}, onSubmittedWorkDone } } as unknown as GPUDevice;
  const place: Placed = { buffer: {} as GPUBuffer, offset: 0, size: range.length };
  const uploading = uploadWeights(
    device,
    g,
    program.weights,
    [place],
    async () => {},
    () => {},
  );
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  await settled();
  expect(slice).toHaveBeenCalledTimes(4);
  take();
  await settled();
  expect(slice).toHaveBeenCalledTimes(6);
  take();
  await settled();
  expect(slice).toHaveBeenCalledTimes(8);
  take();
  await uploading;
  expect(transfer.mock.calls).toEqual(Array(8).fill([0]));
});
