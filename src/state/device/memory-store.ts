import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DeviceChoice, DeviceReport } from '../../protocol/device.ts';
import { deviceName } from './device-store.ts';

/** What was found out about the memory of the devices of this machine: no browser tells. */
export interface Memory {
  /** By device, the bytes that are still thought to be there. */
  readonly held: Readonly<Record<string, number>>;
  /** A run that was to take so many bytes ran out of them. */
  noteShortage(device: string, bytes: number): void;
}

/** How much less is tried after a failure. */
const LESS = 0.8;

export function createMemoryStore(storage: () => StateStorage): StoreApi<Memory> {
  return createStore<Memory>()(
    persist(
      (set, get) => ({
        held: {},
        noteShortage(device, bytes) {
          const held = Math.min(get().held[device] ?? Number.POSITIVE_INFINITY, bytes * LESS);
          set({ held: { ...get().held, [device]: held } });
        },
      }),
      {
        name: 'safelight.memory',
        version: 1,
        storage: createJSONStorage(storage),
        partialize: ({ held }) => ({ held }),
        merge: (stored, fresh) => ({ ...fresh, held: readHeld(stored) }),
      },
    ),
  );
}

/** What a device is called where its memory is remembered. */
export function memoryDevice(report: DeviceReport | null, choice: DeviceChoice): string {
  if (!report) return choice;
  return deviceName(report, choice === 'auto' ? report.auto : choice);
}

function readHeld(stored: unknown): Record<string, number> {
  const held = (stored as { held?: unknown } | null | undefined)?.held;
  const entries = typeof held === 'object' && held !== null ? Object.entries(held) : [];
  return Object.fromEntries(entries.filter(([, bytes]) => Number.isFinite(bytes) && bytes > 0));
}
