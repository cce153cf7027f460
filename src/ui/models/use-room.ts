import { USUAL_MEMORY_BYTES } from '../../catalog/models.ts';
import { leastHeld, memoryDevice } from '../../state/device/memory-store.ts';
import { useDevice, useMemory } from '../page/stores-context.ts';

/** Bytes of a half-precision model that this device is expected to hold; half as many where it keeps numbers in full precision. */
export function useRoom(): number {
  const report = useDevice((device) => device.report);
  const used = useDevice((device) => device.used);
  const held = useMemory((memory) => leastHeld(memory, memoryDevice({ used, report }, 'auto')));
  if (!report) return Number.POSITIVE_INFINITY;
  const bytes = held ?? USUAL_MEMORY_BYTES[report.auto];
  return report.auto === 'webgpu' ? bytes : bytes / 2;
}
