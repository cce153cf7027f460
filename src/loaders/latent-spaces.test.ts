import { expect, test } from 'vitest';
import { previewLatents } from '../image/latent-rgb.ts';
import { TorchRandom } from '../numerics/random.ts';
import { toVae } from './latent-scale.ts';
import { latentRgbOf, SCALING_FACTOR } from './latent-spaces.ts';

test('latents on another scale look like the same VAE’s latents on SDXL’s', () => {
  const own = {
    scalingFactor: 0.5,
    statistics: { mean: [-1.6574, 1.886, -1.383, 2.5155], std: [8.4927, 5.9022, 6.5498, 5.2299] },
  };
  const latents = new TorchRandom(3).randn([1, 4, 4, 6]);
  const sdxl = {
    shape: latents.shape,
    data: toVae(own, latents).map((value) => value * SCALING_FACTOR.sdxl),
  };
  const plain = latentRgbOf('sdxl', { scalingFactor: SCALING_FACTOR.sdxl });
  const expected = previewLatents(sdxl, plain).rgba;
  const found = previewLatents(latents, latentRgbOf('sdxl', own)).rgba;
  expect(Math.max(...found.map((value, i) => Math.abs(value - (expected[i] as number))))).toBeLessThan(2);
  expect(new Set(found).size).toBeGreaterThan(10);
});
