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

/** The beginning of a safetensors file of these shapes, and how many bytes follow. */
function head(shapes: TensorShapes, dtype: 'F32' | 'F16'): { head: Blob; end: number } {
  let end = 0;
  const entries = [...shapes].map(([tensor, shape]) => {
    const begin = end;
    end += elementCount(shape) * (dtype === 'F32' ? FLOAT_BYTES : 2);
    return [tensor, { dtype, shape, data_offsets: [begin, end] }];
  });
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  return { head: new Blob([BigUint64Array.of(BigInt(header.length)), header]), end };
}

async function create(name: string): Promise<FileSystemFileHandle> {
  return (await navigator.storage.getDirectory()).getFileHandle(name, { create: true });
}

/** Writes a float16 safetensors file of these shapes, all zeros, into OPFS, where they take no room. */
export async function writeSparse(name: string, shapes: TensorShapes): Promise<File> {
  const { head: bytes, end } = head(shapes, 'F16');
  const handle = await create(name);
  const file = await handle.createWritable();
  await file.write(bytes);
  await file.truncate(bytes.size + end);
  await file.close();
  return handle.getFile();
}

/** Writes a float32 safetensors file of these shapes, filled with uniform values in ±0.02, into OPFS. */
export async function writeSafetensors(name: string, shapes: TensorShapes): Promise<File> {
  const { head: bytes, end } = head(shapes, 'F32');
  const chunk = Float32Array.from({ length: CHUNK_BYTES / FLOAT_BYTES }, () => (Math.random() - 0.5) / 25);

  const handle = await create(name);
  const file = await handle.createWritable();
  await file.write(bytes);
  for (let at = 0; at < end; at += CHUNK_BYTES) {
    await file.write(new Uint8Array(chunk.buffer, 0, Math.min(CHUNK_BYTES, end - at)));
  }
  await file.close();
  return handle.getFile();
}
