import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { preprocess } from '../image/image-processor.ts';
import { tilePositions } from '../image/tiles.ts';
import { VAE_TILES } from '../loaders/autoencoder.ts';
import { tinyModel } from '../loaders/golden/tiny-model.ts';
import { SCALING_FACTOR } from '../loaders/latent-spaces.ts';
import { loadModel } from '../loaders/load-model.ts';
import { repositorySource } from '../loaders/model-source.ts';
import { type Random, TorchRandom } from '../numerics/random.ts';
import type { Tensor } from '../numerics/tensor.ts';
import { Runtime } from '../runtime/runtime.ts';
import { decodeLatents } from './decode.ts';

/** Three tiles beside each other, two above each other. */
const [WIDTH, HEIGHT] = [1024, 528];
const read = (path: string) => openAsBlob(join(import.meta.dirname, '../..', path));

/** Peak signal-to-noise ratio, in dB. */
function psnr(a: ArrayLike<number>, b: ArrayLike<number>, peak: number): number {
  const squares = Array.from(a, (value, i) => (value - (b[i] as number)) ** 2);
  return 10 * Math.log10(peak ** 2 / (squares.reduce((sum, value) => sum + value, 0) / squares.length));
}

/** The mean difference between the column at `x` and the one before it. */
function jump(rgba: ArrayLike<number>, x: number): number {
  let sum = 0;
  for (let y = 0; y < HEIGHT; y++) {
    const at = (y * WIDTH + x) * 4;
    sum += Math.abs((rgba[at] as number) - (rgba[at - 4] as number));
  }
  return sum / HEIGHT;
}

/** The mean and the standard deviation of the latents that `draw` gives. */
function moments(draw: (random: Random) => Tensor) {
  const drawn = (noise: number) =>
    draw({
      randn: (shape) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b)).fill(noise) }),
    });
  const [mean, above] = [drawn(0), drawn(1)];
  return {
    shape: mean.shape,
    mean: mean.data,
    deviation: above.data.map((value, i) => value - (mean.data[i] as number)),
  };
}

test('1024 × 528 through AutoencoderKL, with its norms and attention: tiles decode and encode as the whole does', async () => {
  const runtime = await Runtime.open('wasm');
  const model = await loadModel(repositorySource(tinyModel(read)), runtime, () => {});
  const latents = new TorchRandom(0).randn([1, 4, HEIGHT / 8, WIDTH / 8]);
  const whole = await decodeLatents(model.vae, latents, false);
  const tiled = await decodeLatents(model.vae, latents, true);
  expect([tiled.width, tiled.height]).toEqual([WIDTH, HEIGHT]);
  expect(psnr(tiled.rgba, whole.rgba, 255)).toBeGreaterThan(40);
  const edges = tilePositions(WIDTH / 8, VAE_TILES.tile, VAE_TILES.overlap).flatMap((left) => [
    left * 8,
    (left + VAE_TILES.tile) * 8,
  ]);
  for (const x of edges.filter((edge) => edge > 0 && edge < WIDTH))
    expect(jump(tiled.rgba, x) / jump(whole.rgba, x), `no seam at column ${x}`).toBeCloseTo(1, 1);

  const encoded = moments(await model.vae.encode(preprocess(whole), whole, false));
  const inTiles = moments(await model.vae.encode(preprocess(whole), whole, true));
  await model.release();
  const spread = encoded.mean.reduce((a, b) => Math.max(a, Math.abs(b)), 0) * 2;
  expect(inTiles.shape).toEqual(encoded.shape);
  expect(psnr(inTiles.mean, encoded.mean, spread)).toBeGreaterThan(40);
  expect(psnr(inTiles.deviation, encoded.deviation, SCALING_FACTOR.sd1)).toBeGreaterThan(35);
});
