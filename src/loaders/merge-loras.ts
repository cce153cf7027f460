import type { Lora } from '../checkpoint/lora.ts';
import type { StoredTensor, Tensors } from '../checkpoint/weights.ts';
import { type LoraMerge, mergeLora } from '../models/merge-lora.ts';
import { float32ToFloat16 } from '../numerics/half.ts';
import type { Runtime } from '../runtime/runtime.ts';

/** A LoRA as the prompt asks for it. */
export interface WeightedLora {
  readonly lora: Lora;
  /** What the change is multiplied by; `<lora:name:0.8>` gives 0.8. */
  readonly weight: number;
}

/** Of the weights that are merged in one session, unless a single one has more. */
const BATCH_BYTES = 64 * 2 ** 20;

/**
 * One component's tensors with LoRAs in them, as diffusers' fuse_lora has it, computed in float32. Those that nothing
 * changes are the ones given; the others lie in one new file, each in the type it had.
 * @param tensors those the LoRAs were read for
 * @throws AppError out-of-memory, device-lost
 */
export async function mergeLoras(
  runtime: Runtime,
  component: string,
  tensors: Tensors,
  loras: readonly WeightedLora[],
): Promise<Tensors> {
  const active = loras.filter(({ weight }) => weight !== 0);
  const names = active.map(({ lora, weight }) => `${lora.name}:${weight}`);
  const path = `lora/${component}/${encodeURIComponent(names.join().toWellFormed())}`;
  const parts: Blob[] = [];
  const places: { readonly name: string; readonly tensor: Omit<StoredTensor, 'blob'> }[] = [];
  let offset = 0;
  for (const batch of batches(mergesOf(component, tensors, active))) {
    const weights = await run(runtime, batch, active);
    for (const { name, tensor } of batch) {
      const values = weights[name] as Float32Array<ArrayBuffer>;
      const part = new Blob([tensor.dtype === 'F16' ? float32ToFloat16(values) : values]);
      places.push({ name, tensor: { ...tensor, path, offset, length: part.size } });
      parts.push(part);
      offset += part.size;
    }
  }
  const blob = new Blob(parts);
  return new Map([...tensors, ...places.map(({ name, tensor }) => [name, { ...tensor, blob }] as const)]);
}

function mergesOf(component: string, tensors: Tensors, loras: readonly WeightedLora[]): LoraMerge[] {
  return [...tensors].flatMap(([name, tensor]) => {
    const changes = loras.flatMap(({ lora }, i) => {
      const module = lora.modules.get(component)?.get(name);
      return module ? [{ lora: i, module }] : [];
    });
    return changes.length > 0 ? [{ name, tensor, changes }] : [];
  });
}

/** In order, each as large as memory is to be spent on at once. */
function batches(merges: readonly LoraMerge[]): LoraMerge[][] {
  const result: LoraMerge[][] = [];
  let room = 0;
  for (const merge of merges) {
    const bytes = merge.tensor.shape.reduce((product, n) => product * n, Float32Array.BYTES_PER_ELEMENT);
    if (bytes > room || result.length === 0) {
      result.push([]);
      room = BATCH_BYTES;
    }
    result.at(-1)?.push(merge);
    room -= bytes;
  }
  return result;
}

async function run(
  runtime: Runtime,
  batch: readonly LoraMerge[],
  loras: readonly WeightedLora[],
): Promise<Record<string, Float32Array>> {
  const session = await runtime.open(mergeLora(batch, loras.length, runtime.target.provider));
  try {
    const strengths = loras.map(({ weight }, i) => [`strength_${i}`, Float32Array.of(weight)]);
    return await session.run(Object.fromEntries(strengths));
  } finally {
    await session.release();
  }
}
