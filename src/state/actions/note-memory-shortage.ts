import { deviceName } from '../device/device-store.ts';
import { memoryDevice } from '../device/memory-store.ts';
import type { Stores } from '../stores.ts';

/** Notes how much memory a run asked for when it ran out, so that the next ones ask for less. Returns what ends that. */
export function followMemoryShortages({ generation, device, memory }: Stores): () => void {
  return generation.subscribe((now, before) => {
    if (now.phase !== 'failed' || before.phase === 'failed') return;
    if (now.error?.code !== 'out-of-memory' || !now.plan || !now.request) return;
    const name = now.device ? deviceName(now.device) : memoryDevice(device.getState(), now.request.device);
    memory.getState().noteShortage(name, now.plan.bytes);
  });
}
