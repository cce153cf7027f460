import { readTensors, Weights } from '../../src/checkpoint/weights.ts';
import type { Graph, GraphTarget } from '../../src/graph/graph.ts';
import { tilesOf } from '../../src/hub/tile-store.ts';
import { shapesOf } from '../../src/measure/components.ts';
import { createRequestAdapter } from '../../src/runtime/device.ts';
import { Runtime } from '../../src/runtime/runtime.ts';
import { copyToStorage, writeNewLayers } from '../synthetic-weights.ts';
import type { Case } from './cases.ts';
import type { Kernels, Options } from './rows.ts';

/** The files that are in OPFS. */
const files = new Map<string, Promise<File>>();

/** A case's weights: PyTorch's, where it has made some, else made-up ones. They are written when they are first needed. */
export function weightsFile({ component, file }: Case, { torch }: Options): Promise<File> {
  const write = async () => {
    const copied = torch === null ? undefined : await copyToStorage(`${torch}${file}`, file);
    return copied ?? writeNewLayers(file, shapesOf(component));
  };
  const known = files.get(file) ?? write();
  files.set(file, known);
  return known;
}

/** A case's graph over its file. */
export async function graphOf(one: Case, target: GraphTarget, options: Options): Promise<Graph> {
  const file = await weightsFile(one, options);
  return one.component.build(Weights.of(one.file, await readTensors(one.file, file)), target);
}

/** Kernels as a graph's target. @throws Error where the GPU has none of them */
export function targetOf({ engine, bits }: Kernels, { target, usedDevice }: Runtime): GraphTarget {
  const dtype = bits === 16 ? 'float16' : 'float32';
  if (engine === 'onnxruntime') return { provider: 'webgpu', dtype };
  if (!target.ownKernels) throw new Error(`This GPU computes wrongly: ${usedDevice.wrongKernel}.`);
  return { provider: 'webgpu', dtype, ownKernels: true };
}

/** A device for one use: what is left of it, an error included, is gone afterwards. */
export async function withRuntime<T>(use: (runtime: Runtime) => Promise<T>): Promise<T> {
  const runtime = await Runtime.open('webgpu', createRequestAdapter(), tilesOf);
  try {
    return await use(runtime);
  } finally {
    runtime.dispose();
  }
}
