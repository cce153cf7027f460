import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import type { DeviceReport } from '../../protocol/device.ts';
import { type AppError, fromWire, toWire } from '../../protocol/errors.ts';

/** What is known of this device. */
export interface Device {
  readonly report: DeviceReport | null;
  readonly error: AppError | null;
  /** Finds out what the device can do. */
  probe(): Promise<void>;
}

/** The store of this device. Nothing is known until `probe`. */
export function createDeviceStore(client: Caller): StoreApi<Device> {
  return createStore<Device>()((set) => ({
    report: null,
    error: null,
    async probe() {
      try {
        set({ report: await client.call('probe', undefined), error: null });
      } catch (error) {
        set({ error: fromWire(toWire(error)) });
      }
    },
  }));
}

/** A device's name: the execution provider and the hardware it runs on. */
export function deviceName(report: DeviceReport, provider: 'webgpu' | 'wasm'): string {
  if (provider === 'webgpu') return report.gpu ? `WebGPU · ${report.gpu}` : 'WebGPU';
  return `CPU · ${report.threads} ${report.threads === 1 ? 'thread' : 'threads'}`;
}
