import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Caller, CallOptions } from '../../client/caller.ts';
import type { DeviceChoice, DeviceReport, UsedDevice } from '../../protocol/device.ts';
import { type AppError, fromWire, toWire } from '../../protocol/errors.ts';

/** What is known of this device. */
export interface Device {
  /** What the browser offers, and what `auto` stands for. */
  readonly report: DeviceReport | null;
  /** By choice, what its last run computed on: surer than the report, which knows only what was offered. */
  readonly used: Partial<Record<DeviceChoice, UsedDevice>>;
  /** How many runs have failed on the GPU since one succeeded there. */
  readonly gpuFailures: number;
  readonly error: AppError | null;
  /** Finds out what the device can do. */
  probe(): Promise<void>;
  /** Measures the GPU; what is found out is told as it is known. @throws AppError */
  measureGpu(options: CallOptions<'measureGpu'>): Promise<void>;
  /** Notes what a run computes on. */
  noteUse(choice: DeviceChoice, device: UsedDevice): void;
  /** Notes that a run on the GPU ended well, or that the GPU or the engine on it failed. */
  noteGpuRun(isGood: boolean): void;
  /** Forgets how the GPU failed, so that `auto` may stand for it again. */
  tryGpuAgain(): Promise<void>;
}

/** After so many failures in a row `auto` is the CPU. */
const MOST_FAILURES = 2;

/** The store of this device. Nothing is known until `probe`. */
export function createDeviceStore(client: Caller): StoreApi<Device> {
  return createStore<Device>()((set, get) => {
    const ask = async (again: boolean) => {
      try {
        const offered = await client.call('probe', { again });
        set({ report: judged(offered, get().gpuFailures), error: null });
      } catch (error) {
        set({ error: fromWire(toWire(error)) });
      }
    };
    return {
      report: null,
      used: {},
      gpuFailures: 0,
      error: null,
      probe: () => ask(false),
      measureGpu: (options) => client.call('measureGpu', undefined, options),

      noteUse(choice, device) {
        const { report, used } = get();
        set({ used: { ...used, [choice]: device } });
        // A GPU that fails its test is found out only when it is opened: the report then says why it is not used.
        if (choice === 'auto' && report?.auto !== device.provider) void get().probe();
      },

      noteGpuRun(isGood) {
        const gpuFailures = isGood ? 0 : get().gpuFailures + 1;
        if (gpuFailures === get().gpuFailures) return;
        const { report } = get();
        set({ gpuFailures, used: {}, report: report && judged(report, gpuFailures) });
        // The browser may have none to offer after its GPU process has crashed.
        if (!isGood) void get().probe();
      },

      async tryGpuAgain() {
        set({ gpuFailures: 0, used: {} });
        await ask(true);
      },
    };
  });
}

/** The report of a browser, as it looks after so many failures of its GPU. */
function judged(report: DeviceReport, failures: number): DeviceReport {
  const isGone = failures > 0 && report.reason === 'no-adapter';
  const isGivenUp = failures >= MOST_FAILURES && report.auto === 'webgpu';
  return isGone || isGivenUp ? { ...report, auto: 'wasm', reason: 'failed' } : report;
}

/** What a choice computes on: what its last run did, or what is to be expected; null where nothing is known. */
export function deviceInUse(
  { used, report }: Pick<Device, 'used' | 'report'>,
  choice: DeviceChoice,
): UsedDevice | null {
  const seen = used[choice];
  if (seen || !report) return seen ?? null;
  const { gpu, threads, auto } = report;
  const provider = choice === 'auto' ? auto : choice;
  return provider === 'webgpu' && gpu !== undefined ? { provider, gpu, threads } : { provider, threads };
}

/** What the engine is asked to run on: it does not know how the GPU failed, since it is started anew each time. */
export function choiceNow({ report }: Pick<Device, 'report'>, choice: DeviceChoice): DeviceChoice {
  return choice === 'auto' && report?.reason === 'failed' ? 'wasm' : choice;
}

/** A device's name: the execution provider and the hardware it runs on. */
export function deviceName({ provider, gpu, threads }: UsedDevice): string {
  if (provider === 'webgpu') return gpu ? `WebGPU · ${gpu}` : 'WebGPU';
  return `CPU · ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
}
