import { expect, test, vi } from 'vitest';
import type { Caller } from '../../client/caller.ts';
import type { DeviceReport, UsedDevice } from '../../protocol/device.ts';
import { AppError } from '../../protocol/errors.ts';
import { choiceNow, createDeviceStore, deviceInUse, deviceName } from './device-store.ts';

const REPORT: DeviceReport = { auto: 'wasm', threads: 2, reason: 'no-webgpu' };
const WITH_GPU: DeviceReport = { auto: 'webgpu', gpu: 'NVIDIA L4', threads: 2 };
const CPU: UsedDevice = { provider: 'wasm', threads: 2 };
const GPU: UsedDevice = { provider: 'webgpu', gpu: 'NVIDIA L4', threads: 2 };

/** A store whose worker reports this at each probe; `probes` are their parameters. */
function setup(report: () => DeviceReport) {
  const probes: unknown[] = [];
  const call = async (_: string, params: unknown) => {
    probes.push(params);
    return report();
  };
  const { getState } = createDeviceStore({ call } as unknown as Caller);
  return { state: getState, probes };
}

test('a device has a name', () => {
  expect(deviceName(CPU)).toBe('CPU · 2 threads');
  expect(deviceName({ ...CPU, threads: 1 })).toBe('CPU · 1 thread');
  expect(deviceName(GPU)).toBe('WebGPU · NVIDIA L4');
});

test('a failed probe leaves its error, and another probe clears it', async () => {
  let fails = true;
  const { state } = setup(() => {
    if (fails) throw new AppError('worker-crashed', 'The worker crashed.');
    return REPORT;
  });
  await state().probe();
  expect(state().error?.code).toBe('worker-crashed');
  fails = false;
  await state().probe();
  expect(state()).toMatchObject({ report: REPORT, error: null });
});

test('what a choice computes on is what its last run did, and before that what is offered', async () => {
  const { state } = setup(() => WITH_GPU);
  expect(deviceInUse(state(), 'auto')).toBeNull();
  await state().probe();
  expect(deviceInUse(state(), 'auto')).toEqual(GPU);
  expect(deviceInUse(state(), 'wasm')).toEqual(CPU);
  state().noteUse('auto', CPU);
  expect(deviceInUse(state(), 'auto')).toEqual(CPU);
  expect(deviceInUse(state(), 'webgpu')).toEqual(GPU);
});

test('a run elsewhere than was offered asks why', async () => {
  const { state, probes } = setup(() => WITH_GPU);
  await state().probe();
  state().noteUse('auto', GPU);
  expect(probes).toHaveLength(1);
  state().noteUse('auto', CPU);
  expect(probes).toHaveLength(2);
});

test('a GPU that fails twice is given up, a good run between forgives, and it can be tried again', async () => {
  const { state, probes } = setup(() => WITH_GPU);
  await state().probe();
  for (const isGood of [false, true, false]) state().noteGpuRun(isGood);
  expect(choiceNow(state(), 'auto')).toBe('auto');
  state().noteGpuRun(false);
  // At once: the next job in the queue starts before any answer.
  expect(state()).toMatchObject({ gpuFailures: 2, report: { auto: 'wasm', reason: 'failed' } });
  expect(choiceNow(state(), 'auto')).toBe('wasm');
  expect(choiceNow(state(), 'webgpu')).toBe('webgpu');
  expect(deviceInUse(state(), 'auto')).toEqual(CPU);
  await vi.waitFor(() => expect(probes).toHaveLength(4));
  expect(state().report?.reason).toBe('failed');

  await state().tryGpuAgain();
  expect(probes.at(-1)).toEqual({ again: true });
  expect(state()).toMatchObject({ gpuFailures: 0, report: WITH_GPU });
  expect(choiceNow(state(), 'auto')).toBe('auto');
});

test('a GPU that the browser no longer offers after a crash has failed, and was not always missing', async () => {
  const offered = [WITH_GPU, { ...REPORT, reason: 'no-adapter' as const }];
  const { state } = setup(() => offered.shift() as DeviceReport);
  await state().probe();
  state().noteGpuRun(false);
  await vi.waitFor(() => expect(state().report?.reason).toBe('failed'));
  expect(state().gpuFailures).toBe(1);
});
