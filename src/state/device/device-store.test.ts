import { expect, test } from 'vitest';
import type { Caller } from '../../client/caller.ts';
import type { DeviceReport } from '../../protocol/device.ts';
import { AppError } from '../../protocol/errors.ts';
import { createDeviceStore, deviceName } from './device-store.ts';

const REPORT: DeviceReport = { auto: 'wasm', f16: false, threads: 2, reason: 'no-webgpu' };

const storeOf = (probe: () => Promise<DeviceReport>) =>
  createDeviceStore({ call: probe } as unknown as Caller);

test('a device has a name', () => {
  expect(deviceName(REPORT, 'wasm')).toBe('CPU · 2 threads');
  expect(deviceName({ ...REPORT, threads: 1 }, 'wasm')).toBe('CPU · 1 thread');
  expect(deviceName({ ...REPORT, gpu: 'NVIDIA L4' }, 'webgpu')).toBe('WebGPU · NVIDIA L4');
});

test('a failed probe leaves its error, and another probe clears it', async () => {
  let fails = true;
  const { getState } = storeOf(async () => {
    if (fails) throw new AppError('worker-crashed', 'The worker crashed.');
    return REPORT;
  });
  await getState().probe();
  expect(getState().error?.code).toBe('worker-crashed');
  fails = false;
  await getState().probe();
  expect(getState()).toMatchObject({ report: REPORT, error: null });
});
