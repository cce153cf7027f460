import { expect, test } from 'vitest';
import { chooseFiles } from '../loaders/install/choose-files.ts';
import { countTokens } from '../loaders/load-model.ts';
import { repositorySource } from '../loaders/model-source.ts';
import { TorchRandom } from '../numerics/random.ts';
import { REQUEST_DEFAULTS } from '../protocol/generation.ts';
import type { Size } from '../protocol/placement.ts';
import { picturesOf, runPipeline } from './golden/runs.ts';
import type { PipelineRequest } from './pipeline-request.ts';
import {
  CHANNELS,
  colourOf,
  FILES,
  INDEX,
  lettersOf,
  load,
  PIXELS_PER_LATENT,
  SCALING,
  type Seen,
  SHIFT,
  velocity,
  WIDTH,
} from './samples/imagined-family.ts';

const REQUEST: PipelineRequest = {
  prompt: 'seven small words about one blue boat',
  negativePrompt: 'grey fog',
  width: 64,
  height: 48,
  numInferenceSteps: 4,
  guidanceScale: 3,
  seed: 7,
  numImages: 2,
  scheduler: 'flow-euler',
  filmstrip: false,
  ...REQUEST_DEFAULTS,
};

/** The noise levels of a run, by Stable Diffusion 3's formula: they shift with the logarithm of exp(mu). */
function sigmasOf({ width, height }: Size, steps: number): number[] {
  const tokens = (width / 8) * (height / 8);
  const mu = 0.5 + ((1.15 - 0.5) * (tokens - 256)) / (4096 - 256);
  const even = Array.from({ length: steps }, (_, i) => 1 - (i * (1 - 1 / 1000)) / (steps - 1));
  return [...even.map((t) => Math.exp(mu) / (Math.exp(mu) + 1 / t - 1)), 0];
}

const meanOf = (text: string, tokens: number) =>
  lettersOf(text)
    .flat()
    .reduce((sum, value) => sum + value, 0) /
  (tokens * WIDTH);

/** The whole run, in plain numbers. */
function expectedRun({
  prompt,
  negativePrompt,
  guidanceScale,
  numInferenceSteps,
  seed,
  ...size
}: PipelineRequest) {
  const [h, w] = [size.height / PIXELS_PER_LATENT, size.width / PIXELS_PER_LATENT];
  const sigmas = sigmasOf(size, numInferenceSteps);
  const tokens = prompt.split(' ').length;
  const [cond, uncond] = [meanOf(prompt, tokens), meanOf(negativePrompt, tokens)];
  const latents = Array.from(new TorchRandom(seed).randn([1, CHANNELS, h, w]).data, (noise) => {
    let x = noise;
    for (let i = 0; i < numInferenceSteps; i++) {
      const [from, to] = [sigmas[i] as number, sigmas[i + 1] as number];
      const guided =
        velocity(x, from, uncond) + guidanceScale * (velocity(x, from, cond) - velocity(x, from, uncond));
      x += (to - from) * guided;
    }
    return x;
  });
  const pixel = (row: number, column: number) => {
    const at = Math.floor(row / PIXELS_PER_LATENT) * w + Math.floor(column / PIXELS_PER_LATENT);
    const channels = Array.from(
      { length: CHANNELS },
      (_, c) => (latents[c * h * w + at] as number) / SCALING + SHIFT,
    );
    return [0, 1, 2].map((colour) =>
      Math.min(255, Math.max(0, (colourOf(channels, colour) / 2 + 0.5) * 255)),
    );
  };
  return { sigmas, pixel };
}

test('a family of another kind paints what it should, from its own text encoder to its own VAE', async () => {
  const seen: Seen[] = [];
  const events = await runPipeline(await load(seen), REQUEST);
  const images = picturesOf(events);
  expect(images).toHaveLength(2);
  for (const [i, { width, height, rgba }] of images.entries()) {
    const { sigmas, pixel } = expectedRun({ ...REQUEST, seed: REQUEST.seed + i });
    const used = seen.slice(i * 4, i * 4 + 4);
    for (const [step, { sigma, texts, latents }] of used.entries()) {
      expect(sigma).toBeCloseTo(sigmas[step] as number, 6);
      expect([texts, latents]).toEqual([2, CHANNELS * 12 * 16]);
    }
    expect([width, height]).toEqual([64, 48]);
    for (let y = 0; y < height; y += PIXELS_PER_LATENT)
      for (let x = 0; x < width; x += PIXELS_PER_LATENT)
        for (const [colour, value] of pixel(y, x).entries())
          expect(Math.abs((rgba[(y * width + x) * 4 + colour] as number) - value)).toBeLessThan(0.51);
  }
  const previews = events.flatMap((event) => (event.stage === 'denoise' ? [event.preview] : []));
  expect(previews.map(({ width, height }) => [width, height])).toEqual(Array(8).fill([16, 12]));
  expect(seen).toHaveLength(8);
});

test('its second pass, at a larger size, has the noise levels of that size', async () => {
  const seen: Seen[] = [];
  const hires = { scale: 2, upscaler: 'image', strength: 0.5, steps: 2, image: null } as const;
  const [image] = picturesOf(await runPipeline(await load(seen), { ...REQUEST, numImages: 1, hires }));
  expect([image?.width, image?.height]).toEqual([128, 96]);
  const second = seen.slice(4);
  expect(second.map(({ latents }) => latents)).toEqual(Array(2).fill(CHANNELS * 24 * 32));
  const sigmas = sigmasOf({ width: 128, height: 96 }, 4).slice(2);
  for (const [i, { sigma }] of second.entries()) expect(sigma).toBeCloseTo(sigmas[i] as number, 6);
});

test('inpainting keeps what its mask keeps', async () => {
  const [width, height] = [64, 48];
  const rgba = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => (i % 4 === 3 ? 255 : 51));
  const data = Uint8ClampedArray.from({ length: width * height }, (_, i) => (i % width < 32 ? 0 : 255));
  const image = { pixels: { width, height, rgba }, strength: 0.75, mask: { width, height, data } };
  const [painted] = picturesOf(await runPipeline(await load([]), { ...REQUEST, numImages: 1, image }));
  const reds = Array.from({ length: width }, (_, x) => (painted as { rgba: Uint8ClampedArray }).rgba[x * 4]);
  expect(new Set(reds.slice(0, 32))).toEqual(new Set([51]));
  expect(reds.slice(32)).not.toContain(51);
});

test('its class decides which files are downloaded, and how its tokens are counted', async () => {
  await load([]);
  const paths = [
    ...[
      'model_index.json',
      'scheduler/scheduler_config.json',
      'tokenizer/tokenizer.json',
      'unet/config.json',
    ],
    ...['text_encoder/config.json', 'text_encoder/model.safetensors'],
    ...['transformer', 'vae'].flatMap((folder) => [
      `${folder}/config.json`,
      `${folder}/diffusion_pytorch_model.safetensors`,
    ]),
  ];
  const files = paths.map((path) => ({ path, size: 1, oid: path }));
  const chosen = chooseFiles(files, INDEX, false).map(({ path }) => path);
  expect(chosen).toEqual(paths.filter((path) => path !== 'unet/config.json'));
  const counts = await countTokens(repositorySource(FILES), ['one blue boat', ''], []);
  expect(counts).toMatchObject({ room: 100, texts: [[3], [1]] });
});
