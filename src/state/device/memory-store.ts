import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DeviceChoice } from '../../protocol/device.ts';
import type { GenerationRequest, QuantizedBits } from '../../protocol/generation.ts';
import { hiresSize } from '../../protocol/hires.ts';
import { ownName } from '../../protocol/root.ts';
import { SETTINGS } from '../../protocol/settings.ts';
import { type Device, deviceInUse, deviceName } from './device-store.ts';

/** What a kind of run may use, after one has run out of memory. */
export interface Held {
  readonly bytes: number;
  /** The bits of the weights that it went on with; null where it kept what was asked for. */
  readonly bits: QuantizedBits | null;
}

/** What is known of the devices' memory, from runs that ran out of it: browsers do not tell. */
export interface Memory {
  /** By device, model and size (`memoryKey`); the last one last. */
  readonly held: Readonly<Record<string, Held>>;
  /** Notes that a run that needed so many bytes ran out of memory. @returns the bytes that such runs may use from now on */
  noteShortage(key: string, bytes: number): number;
  /** Notes that such runs go on with weights in so many bits. */
  noteBits(key: string, bits: QuantizedBits): void;
  /** Forgets what ran out of memory on a device: the next runs there ask for as much as they like. */
  forget(device: string): void;
}

/** The fraction that is tried next: after the first shortage of a kind of run, and after others, so that few runs fail. */
const LESS = { first: 0.8, next: 0.5 };
/** Kinds of runs that are remembered. */
const MOST = 100;

/** @param storage keeps the numbers between visits */
export function createMemoryStore(storage: () => StateStorage): StoreApi<Memory> {
  return createStore<Memory>()(
    persist(
      (set, get) => {
        const note = (key: string, now: Held) => {
          const others = Object.entries(get().held).filter(([other]) => other !== key);
          set({ held: Object.fromEntries([...others.slice(1 - MOST), [key, now]]) });
        };
        return {
          held: {},
          noteShortage(key, bytes) {
            const before = get().held[key];
            const held = before ? Math.min(before.bytes, bytes * LESS.next) : bytes * LESS.first;
            note(key, { bytes: held, bits: before?.bits ?? null });
            return held;
          },
          noteBits(key, bits) {
            const { bytes = Number.POSITIVE_INFINITY } = get().held[key] ?? {};
            note(key, { bytes, bits });
          },
          forget(device) {
            const others = Object.entries(get().held).filter(([key]) => !isOf(key, device));
            set({ held: Object.fromEntries(others) });
          },
        };
      },
      {
        name: ownName('memory'),
        version: 2,
        storage: createJSONStorage(storage),
        partialize: ({ held }) => ({ held }),
        merge: (stored, fresh) => ({ ...fresh, held: readHeld(stored) }),
        // Until version 2 a shortage counted for the whole device.
        migrate: () => ({ held: {} }),
      },
    ),
  );
}

/** The name under which the memory is stored of what a choice computes on. */
export function memoryDevice(device: Pick<Device, 'used' | 'report'>, choice: DeviceChoice): string {
  const inUse = deviceInUse(device, choice);
  return inUse ? deviceName(inUse) : choice;
}

/** The name under which the memory of a kind of run is stored: one device, one model, the largest size in pixels. */
export function memoryKey(
  device: string,
  { model, width, height, hires }: Pick<GenerationRequest, 'model' | 'width' | 'height' | 'hires'>,
): string {
  const size = hires ? hiresSize({ width, height }, hires.scale) : { width, height };
  return `${device} · ${model} · ${size.width}×${size.height}`;
}

const isOf = (key: string, device: string) => key.startsWith(`${device} · `);

/** How many kinds of runs ran out of memory on a device. */
export const heldCount = ({ held }: Pick<Memory, 'held'>, device: string): number =>
  Object.keys(held).filter((key) => isOf(key, device)).length;

/** The least that a run on a device may use, of those that are remembered; undefined where none ran out of memory there. */
export function leastHeld({ held }: Pick<Memory, 'held'>, device: string): number | undefined {
  const here = Object.entries(held).filter(([key]) => isOf(key, device));
  return here.length > 0 ? Math.min(...here.map(([, { bytes }]) => bytes)) : undefined;
}

const BITS: readonly unknown[] = SETTINGS.bits.choices;

function readHeld(stored: unknown): Record<string, Held> {
  const held = (stored as { held?: unknown } | null | undefined)?.held;
  const entries = typeof held === 'object' && held !== null ? Object.entries(held) : [];
  return Object.fromEntries(
    entries.flatMap(([key, one]): [string, Held][] => {
      const { bytes, bits } = (one ?? {}) as { bytes?: unknown; bits?: unknown };
      if (typeof bytes !== 'number' || !Number.isFinite(bytes) || bytes <= 0) return [];
      return [[key, { bytes, bits: BITS.includes(bits) ? (bits as QuantizedBits) : null }]];
    }),
  );
}
