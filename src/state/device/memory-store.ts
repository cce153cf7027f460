import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DeviceChoice } from '../../protocol/device.ts';
import { ownName } from '../../protocol/root.ts';
import { type Device, deviceInUse, deviceName } from './device-store.ts';

/** What is known of the devices' memory, from runs that ran out of it: browsers do not tell. */
export interface Memory {
  /** By device, the bytes that a run may use. */
  readonly held: Readonly<Record<string, number>>;
  /** Notes that a run that needed so many bytes ran out of memory. */
  noteShortage(device: string, bytes: number): void;
}

/** The fraction that is tried next after a run has failed. */
const LESS = 0.8;

/** @param storage keeps the numbers between visits */
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
        name: ownName('memory'),
        version: 1,
        storage: createJSONStorage(storage),
        partialize: ({ held }) => ({ held }),
        merge: (stored, fresh) => ({ ...fresh, held: readHeld(stored) }),
      },
    ),
  );
}

/** The name under which the memory is stored of what a choice computes on. */
export function memoryDevice(device: Pick<Device, 'used' | 'report'>, choice: DeviceChoice): string {
  const inUse = deviceInUse(device, choice);
  return inUse ? deviceName(inUse) : choice;
}

function readHeld(stored: unknown): Record<string, number> {
  const held = (stored as { held?: unknown } | null | undefined)?.held;
  const entries = typeof held === 'object' && held !== null ? Object.entries(held) : [];
  return Object.fromEntries(entries.filter(([, bytes]) => Number.isFinite(bytes) && bytes > 0));
}
