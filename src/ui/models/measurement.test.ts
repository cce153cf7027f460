import { expect, test } from 'vitest';
import { AppError } from '../../protocol/errors.ts';
import type { GpuTimes } from '../../protocol/gpu-measurement.ts';
import { BEGUN, ended, type Measurement, withProgress } from './measurement.ts';

const VAE = { part: 'vae', kernels: 'own' } as const;
const TIMES: GpuTimes = {
  ...{ ...VAE, side: 512, bits: 16, weightBytes: 1, loadMs: 1, firstMs: 1, medianMs: 1 },
};
const DEVICE = { provider: 'webgpu', gpu: 'NVIDIA L4', threads: 4 } as const;

const news = [
  { stage: 'device', device: DEVICE },
  { stage: 'begin', measured: VAE },
  { stage: 'times', times: TIMES },
  { stage: 'left-out', measured: { part: 'unet', kernels: 'own' } },
] as const;

test('a measurement gathers what it is told', () => {
  const seen: Measurement[] = [];
  for (const one of news) seen.push(withProgress(seen.at(-1) ?? BEGUN, one));
  expect(seen.map(({ current }) => current?.part ?? null)).toEqual([null, 'vae', null, null]);
  expect(seen.at(-1)).toEqual({
    ...BEGUN,
    device: DEVICE,
    times: [TIMES],
    leftOut: [{ part: 'unet', kernels: 'own' }],
  });
});

test('what was measured stays when it ends, whatever ends it', () => {
  const begun = { ...BEGUN, current: VAE, times: [TIMES] };
  const lost = new AppError('device-lost', 'Lost.');
  expect(ended(begun, null)).toEqual({ ...begun, current: null, state: 'done' });
  expect(ended(begun, lost)).toEqual({ ...begun, current: null, state: 'failed', error: lost });
  expect(ended(begun, new AppError('aborted', 'Stopped.'))).toEqual({
    ...{ ...begun, current: null, state: 'stopped' },
  });
});
