import type { TensorShapes } from '../src/checkpoint/recording-weights.ts';
import { syntheticTensors } from '../src/measure/synthetic-weights.ts';
import { elementCount } from '../src/numerics/tensor.ts';

const BYTES = { F32: 4, F16: 2 } as const;
const CHUNK_BYTES = 8 * 2 ** 20;

/** The beginning of a safetensors file of these shapes, and how many bytes follow. */
function head(shapes: TensorShapes, dtype: 'F32' | 'F16'): { head: Blob; end: number } {
  let end = 0;
  const entries = [...shapes].map(([tensor, shape]) => {
    const begin = end;
    end += elementCount(shape) * BYTES[dtype];
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
  const chunk = Float32Array.from({ length: CHUNK_BYTES / 4 }, () => (Math.random() - 0.5) / 25);

  const handle = await create(name);
  const file = await handle.createWritable();
  await file.write(bytes);
  for (let at = 0; at < end; at += CHUNK_BYTES) {
    await file.write(new Uint8Array(chunk.buffer, 0, Math.min(CHUNK_BYTES, end - at)));
  }
  await file.close();
  return handle.getFile();
}

/** Writes a float16 safetensors file of these shapes into OPFS, with the numbers of a new layer. */
export async function writeNewLayers(name: string, shapes: TensorShapes): Promise<File> {
  const handle = await create(name);
  const file = await handle.createWritable();
  await file.write(head(shapes, 'F16').head);
  for (const { blob, length } of syntheticTensors(shapes).values())
    for (let at = 0; at < length; at += CHUNK_BYTES)
      await file.write(await blob.slice(at, Math.min(length, at + CHUNK_BYTES)).arrayBuffer());
  await file.close();
  return handle.getFile();
}

/** Copies a file from a server into OPFS; undefined where the server has none. */
export async function copyToStorage(url: string, name: string): Promise<File | undefined> {
  const response = await fetch(url);
  if (!response.ok) return undefined;
  const handle = await create(name);
  await response.body?.pipeTo(await handle.createWritable());
  return handle.getFile();
}
