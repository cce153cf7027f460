import { expect, test } from 'vitest';
import type { GpuTimes } from '../../protocol/gpu-measurement.ts';
import { measurementText, millisecondsText } from './measurement-text.ts';

const UNET: GpuTimes = {
  ...{ part: 'unet', kernels: 'own', side: 512, bits: 16, weightBytes: 1_719_041_928 },
  ...{ loadMs: 2000, firstMs: 2345, medianMs: 63.25 },
};

test('a short time has three digits', () => {
  const fixed = (value: number, decimals: number) => value.toFixed(decimals);
  expect([0.5, 7.25, 63.25, 140.3, 2345].map((ms) => millisecondsText(fixed, ms))).toEqual([
    ...['0.50 ms', '7.25 ms', '63.3 ms', '140 ms', '2.3 s'],
  ]);
});

test('a measurement is posted with all that it depends on', () => {
  const text = measurementText({
    ...{ version: '0.2.0', date: '2026-11-28', gpu: 'NVIDIA L4', browser: 'Google Chrome 156, Windows 15' },
    times: [UNET, { ...UNET, kernels: 'onnxruntime', bits: 32, weightBytes: 3_438_083_856 }],
    leftOut: [{ part: 'vae', kernels: 'onnxruntime' }],
    error: 'out-of-memory',
  });
  expect(text).toBe(`Safelight 0.2.0, 2026-11-28
NVIDIA L4
Google Chrome 156, Windows 15

| What |  |  | Time | First time | Weights |
| --- | --- | --- | --- | --- | --- |
| Stable Diffusion 1.5, a step with guidance, 512 × 512 | Safelight’s kernels | 16 bits | 63.3 ms | 2.3 s | 860 MB/s |
| Stable Diffusion 1.5, a step with guidance, 512 × 512 | onnxruntime’s kernels | 32 bits | 63.3 ms | 2.3 s | 1719 MB/s |

Left out, because it would take too long on this GPU: VAE, decoding a picture (onnxruntime’s kernels).

out-of-memory
`);
});
