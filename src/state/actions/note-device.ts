import type { ErrorCode } from '../../protocol/errors.ts';
import { deviceInUse } from '../device/device-store.ts';
import { type Generation, isBusy } from '../jobs/generation-store.ts';
import type { Stores } from '../stores.ts';

/** Errors that say that the GPU, or the engine on it, has failed, and not that something was wrong with the request. */
export const FAILURES: readonly ErrorCode[] = ['device-lost', 'worker-crashed', 'worker-hung'];

/** Notes what each run computes on, and how runs and upscales end on the GPU. Returns what ends that. */
export function followUsedDevice({ generation, upscales, settings, device }: Stores): () => void {
  const isOnGpu = ({ device: used, request }: Generation) => {
    const seen = used ?? (request && deviceInUse(device.getState(), request.device));
    return seen?.provider === 'webgpu';
  };
  const endUpscales = upscales.subscribe(({ error }, before) => {
    // What ends a run and an upscale at once is one failure.
    if (!error || error === before.error || isBusy(generation.getState())) return;
    const used = deviceInUse(device.getState(), settings.getState().fields.device);
    if (used?.provider === 'webgpu' && FAILURES.includes(error.error.code))
      device.getState().noteGpuRun(false);
  });
  const endRuns = generation.subscribe((now, before) => {
    const { noteUse, noteGpuRun } = device.getState();
    if (now.device && now.device !== before.device && now.request) noteUse(now.request.device, now.device);
    if (now.phase === before.phase || !isOnGpu(now)) return;
    if (now.phase === 'done' && now.run?.result && now.run.request === now.request) noteGpuRun(true);
    if (now.phase === 'failed' && now.error && FAILURES.includes(now.error.code)) noteGpuRun(false);
  });
  return () => {
    endUpscales();
    endRuns();
  };
}
