import type { Weights } from '../src/checkpoint/weights.ts';
import type { Graph, Value } from '../src/graph/graph.ts';
import { elementCount } from '../src/numerics/tensor.ts';

const FLOAT_BYTES = 4;
const CHUNK_BYTES = 8 * 2 ** 20;

/** Names and shapes of the tensors that a graph asks for, in that order. */
export type TensorShapes = Map<string, readonly number[]>;

/** Stands in for a checkpoint: has every tensor that is asked for, and records it. */
export function recordingWeights(shapes: TensorShapes, prefix = ''): Weights {
  const file = new Blob([]);
  const recorder = {
    at: (...path: (string | number)[]) => recordingWeights(shapes, `${prefix}${path.join('.')}.`),
    has: () => true,
    get(g: Graph, name: string, shape: readonly number[], view: readonly number[] = shape): Value {
      shapes.set(prefix + name, shape);
      const range = { path: 'recorded', offset: 0, length: elementCount(shape) * FLOAT_BYTES };
      return g.weight(prefix + name, 'float32', view, range, file);
    },
    getQuantized: () => undefined,
    unused: () => [],
  };
  return recorder as unknown as Weights;
}

/** Writes a float32 safetensors file of these shapes, filled with uniform values in ±0.02, into OPFS. */
export async function writeSafetensors(name: string, shapes: TensorShapes): Promise<File> {
  let end = 0;
  const entries = [...shapes].map(([tensor, shape]) => {
    const begin = end;
    end += elementCount(shape) * FLOAT_BYTES;
    return [tensor, { dtype: 'F32', shape, data_offsets: [begin, end] }];
  });
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, BigInt(header.length), true);
  const chunk = Float32Array.from({ length: CHUNK_BYTES / FLOAT_BYTES }, () => (Math.random() - 0.5) / 25);

  const handle = await (await navigator.storage.getDirectory()).getFileHandle(name, { create: true });
  const file = await handle.createWritable();
  await file.write(prefix);
  await file.write(header);
  for (let at = 0; at < end; at += CHUNK_BYTES) {
    await file.write(new Uint8Array(chunk.buffer, 0, Math.min(CHUNK_BYTES, end - at)));
  }
  await file.close();
  return handle.getFile();
}
