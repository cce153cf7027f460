import type { ModelId } from '../catalog/models.ts';
import type { GenerationRequest, QuantizedBits } from '../protocol/generation.ts';
import { hasQuantizedCopy } from '../protocol/models.ts';
import { type Device, deviceName } from './device/device-store.ts';
import { type Memory, memoryDevice, memoryKey } from './device/memory-store.ts';
import type { Models } from './device/models-store.ts';
import { type LessMemory, rememberedBits, type Shortage, stepDown } from './jobs/step-down.ts';

/** The bits of a model's copies that are on this device. */
export function copiesOf({ installed }: Pick<Models, 'installed'>, model: ModelId): QuantizedBits[] {
  const files = installed?.find(({ id }) => id === model)?.files ?? [];
  return ([8, 4] as const).filter((bits) => hasQuantizedCopy(files, bits));
}

/** What a run may use, after others of its kind ran out of memory. */
export function remembered(
  request: GenerationRequest,
  device: Device,
  memory: Pick<Memory, 'held'>,
  copies: readonly QuantizedBits[],
): LessMemory {
  const held = memory.held[memoryKey(memoryDevice(device, request.device), request)];
  return {
    memoryBytes: held?.bytes ?? null,
    bits: rememberedBits(request.bits, held?.bits ?? null, copies),
  };
}

/** Notes how much memory a run asked for when it ran out, so that the next ones ask for less; gives what it goes on with. */
export function noteShortage(
  { request, plan, device: used }: Shortage,
  device: Device,
  memory: Memory,
  copies: readonly QuantizedBits[],
): LessMemory | undefined {
  const name = used ? deviceName(used) : memoryDevice(device, request.device);
  const key = memoryKey(name, request);
  const less = stepDown(plan, memory.noteShortage(key, plan.bytes), request.bits, copies);
  if (less && less.bits !== request.bits && less.bits !== null) memory.noteBits(key, less.bits);
  return less;
}
