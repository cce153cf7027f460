import type { DeviceChoice, DeviceReport, GpuFault } from '../protocol/device.ts';
import { AppError } from '../protocol/errors.ts';
import type { Runtime } from '../runtime/runtime.ts';

/** onnxruntime’s execution providers, by its names. */
export type Provider = 'webgpu' | 'wasm';

/** Where devices come from. */
export interface DeviceWorld {
  readonly probeDevice: () => Promise<DeviceReport>;
  readonly openRuntime: (provider: Provider) => Promise<Runtime>;
}

/** The devices of this machine: which there are, and the one in use. */
export interface Devices {
  /** @param again the GPU may be tried once more, though it failed its test */
  probe(again?: boolean): Promise<DeviceReport>;
  /** What a choice means on this machine. */
  providerOf(choice: DeviceChoice): Promise<Provider>;
  /** @throws AppError no-webgpu, wrong-numbers: a GPU that fails its test. With `auto`, the CPU is opened instead. */
  open(choice: DeviceChoice, provider: Provider): Promise<Runtime>;
}

/** This machine's devices. A GPU that has failed its test is no longer what `auto` means. */
export function createDevices({ probeDevice, openRuntime }: DeviceWorld): Devices {
  let gpuFault: GpuFault | undefined;
  const probe = async (again = false): Promise<DeviceReport> => {
    if (again) gpuFault = undefined;
    const report = await probeDevice();
    return gpuFault === undefined ? report : { ...report, auto: 'wasm', reason: gpuFault };
  };
  return {
    probe,
    providerOf: async (choice) => (choice === 'auto' ? (await probe()).auto : choice),
    open: async (choice, provider) => {
      try {
        return await openRuntime(provider);
      } catch (error) {
        if (choice !== 'auto' || !(error instanceof AppError && error.code === 'wrong-numbers')) throw error;
        gpuFault = 'wrong-numbers';
        return openRuntime('wasm');
      }
    },
  };
}
