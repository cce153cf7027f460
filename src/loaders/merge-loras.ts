import type { Lora } from '../checkpoint/lora/read-lora.ts';
import type { StoredTensor, Tensors } from '../checkpoint/weights.ts';
import { type LoraMerge, mergeLora } from '../models/merge-lora.ts';
import { float32ToFloat16 } from '../numerics/half.ts';
import { elementCount } from '../numerics/tensor.ts';
import type { Runtime } from '../runtime/runtime.ts';

/** A LoRA, and the factor its change is multiplied by: `<lora:name:0.8>` gives 0.8. */
export interface ScaledLora {
  readonly lora: Lora;
  readonly scale: number;
}

/** Weights merged in one session, unless a single one is larger. */
const BATCH_BYTES = 64 * 2 ** 20;

/**
 * A component's tensors with LoRAs merged in, computed in float32. Tensors that no LoRA
 * changes are the given ones; the others are in a new file, each in the type it had.
 * @param tensors those the LoRAs were read for
 * @throws AppError out-of-memory, device-lost
 */
export async function mergeLoras(
  runtime: Runtime,
  component: string,
  tensors: Tensors,
  loras: readonly ScaledLora[],
): Promise<Tensors> {
  const active = loras.filter(({ scale }) => scale !== 0);
  const names = active.map(({ lora, scale }) => `${lora.name}:${scale}`);
  const path = `lora/${component}/${encodeURIComponent(names.join().toWellFormed())}`;
  const contents: Blob[] = [];
  const places: { readonly name: string; readonly tensor: Omit<StoredTensor, 'blob'> }[] = [];
  let offset = 0;
  for (const batch of batches(mergesOf(component, tensors, active))) {
    const merged = await run(runtime, batch);
    for (const { name, tensor } of batch) {
      const values = merged[name] as Float32Array<ArrayBuffer>;
      const content = new Blob([tensor.dtype === 'F16' ? float32ToFloat16(values) : values]);
      places.push({ name, tensor: { ...tensor, path, offset, length: content.size } });
      contents.push(content);
      offset += content.size;
    }
  }
  const blob = new Blob(contents);
  return new Map([...tensors, ...places.map(({ name, tensor }) => [name, { ...tensor, blob }] as const)]);
}

/** The tensors that some LoRA changes, each with its changes. */
function mergesOf(component: string, tensors: Tensors, loras: readonly ScaledLora[]): LoraMerge[] {
  return [...tensors].flatMap(([name, tensor]) => {
    const changes = loras.flatMap(({ lora, scale }) => {
      const placed = lora.changes.get(component)?.get(name);
      return placed ? [{ ...placed, strength: scale }] : [];
    });
    return changes.length > 0 ? [{ name, tensor, changes }] : [];
  });
}

/** The merges in their order, split into batches of `BATCH_BYTES`. */
function batches(merges: readonly LoraMerge[]): LoraMerge[][] {
  const result: LoraMerge[][] = [];
  let freeBytes = 0;
  for (const merge of merges) {
    const bytes = elementCount(merge.tensor.shape) * Float32Array.BYTES_PER_ELEMENT;
    if (bytes > freeBytes || result.length === 0) {
      result.push([]);
      freeBytes = BATCH_BYTES;
    }
    result.at(-1)?.push(merge);
    freeBytes -= bytes;
  }
  return result;
}

async function run(runtime: Runtime, batch: readonly LoraMerge[]): Promise<Record<string, Float32Array>> {
  const { graph, factors } = mergeLora(batch, runtime.target);
  const session = await runtime.open(graph);
  try {
    const feeds: Record<string, Float32Array> = {};
    for (const [name, { read }] of factors) feeds[name] = await read();
    return await session.run(feeds);
  } finally {
    await session.release();
  }
}
