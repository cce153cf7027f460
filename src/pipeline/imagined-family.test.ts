import { expect, test } from 'vitest';
import type { LatentRgb } from '../image/latent-rgb.ts';
import type { Family, PromptEmbeds, Vae } from '../loaders/family.ts';
import { TorchRandom } from '../numerics/random.ts';
import { REQUEST_DEFAULTS } from '../protocol/generation.ts';
import type { Size } from '../protocol/placement.ts';
import type { Feeds, Session } from '../runtime/session.ts';
import { picturesOf, runPipeline } from './golden/runs.ts';
import type { PipelineRequest } from './pipeline-request.ts';

/**
 * A family that nobody has trained: 16 latent channels, four pixels per latent pixel, a text encoder that reads words, a
 * transformer with inputs of its own in patches of 2 × 2, and a flow-matching sampler whose noise levels depend on the size.
 * Its sessions compute simple sums, so that the test can compute a run by itself. Nothing in pipeline/ knows of it.
 */
const CHANNELS = 16;
const PIXELS_PER_LATENT = 4;
const WIDTH = 3;
const [SCALING, SHIFT] = [0.5, 0.1];
const LATENT_RGB: LatentRgb = {
  factors: Array.from({ length: CHANNELS }, (_, c) => [c / 99, 0.02, -c / 99]),
  bias: [0, 0, 0],
};

/** What the transformer was given, one entry per evaluation. */
interface Seen {
  readonly sigma: number;
  readonly texts: number;
  readonly latents: number;
}

/** Every word is a token, its states are its first three letters. */
const lettersOf = (text: string): number[][] =>
  text.split(' ').map((word) => [0, 1, 2].map((i) => (word.charCodeAt(i) || 0) / 200));

/** The transformer: a velocity of every latent [texts, 16, h, w], from the latent itself, the time and a mean of the text. */
const velocity = (latent: number, sigma: number, text: number) => 0.3 * latent - 0.2 * sigma + text;

function transformer(tokens: number, seen: Seen[]): Session {
  const run = async ({ hidden_states, sigma, context }: Feeds) => {
    const [latents, [time], states] = [hidden_states, sigma, context] as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const texts = states.length / (tokens * WIDTH);
    seen.push({ sigma: time as number, texts, latents: latents.length });
    const output = Array.from({ length: texts }, (_, text) => {
      const own = states.subarray(text * tokens * WIDTH, (text + 1) * tokens * WIDTH);
      const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
      return Array.from(latents, (latent) => velocity(latent, time as number, mean));
    });
    return { velocity: Float32Array.from(output.flat()) };
  };
  return { run, release: async () => {} };
}

/** The VAE: every colour is the mean of five channels, every latent the red of its upper left pixel. */
const colourOf = (channels: readonly number[], colour: number) =>
  channels.slice(colour * 5, colour * 5 + 5).reduce((sum, value) => sum + value, 0) / 5;

const decode: Vae['decode'] = async ({ shape, data }) => {
  const [, , height, width] = shape as [number, number, number, number];
  const [w, h] = [width * PIXELS_PER_LATENT, height * PIXELS_PER_LATENT];
  return Float32Array.from({ length: 3 * w * h }, (_, i) => {
    const [y, x] = [Math.floor(i / w) % h, i % w];
    const at = Math.floor(y / PIXELS_PER_LATENT) * width + Math.floor(x / PIXELS_PER_LATENT);
    const channels = Array.from(
      { length: CHANNELS },
      (_, c) => (data[c * width * height + at] as number) / SCALING + SHIFT,
    );
    return colourOf(channels, Math.floor(i / (w * h)));
  });
};

const encode: Vae['encode'] = async (sample, { width, height }) => {
  const [w, h] = [width / PIXELS_PER_LATENT, height / PIXELS_PER_LATENT];
  const data = Float32Array.from({ length: CHANNELS * w * h }, (_, i) => {
    const [y, x] = [Math.floor((i % (w * h)) / w), i % w];
    const red = sample[y * PIXELS_PER_LATENT * width + x * PIXELS_PER_LATENT] as number;
    return (red - SHIFT) * SCALING;
  });
  return () => ({ shape: [1, CHANNELS, h, w], data });
};

function imaginedFamily(seen: Seen[]): Family {
  const encodeText = (text: string, tokens: number): PromptEmbeds => {
    const states = new Float32Array(tokens * WIDTH);
    states.set(lettersOf(text).flat());
    return { sequenceLength: tokens, inputs: { context: states } };
  };
  return {
    target: { provider: 'wasm', dtype: 'float32' },
    encodeTexts: async (texts) => {
      const tokens = Math.max(...texts.map((text) => lettersOf(text).length));
      return new Map(texts.map((text) => [text, encodeText(text, tokens)]));
    },
    zerosForEmptyPrompt: false,
    hasGuidanceInput: false,
    hasMaskInput: false,
    openDenoiser: async ({ sequenceLength }) => {
      const session = transformer(sequenceLength, seen);
      return async (latents, timestep, texts) => {
        const context = Float32Array.from(
          texts.flatMap(({ inputs }) => [...(inputs.context as Float32Array)]),
        );
        const feeds = { hidden_states: latents, sigma: Float32Array.of(timestep / 1000), context };
        return (await session.run(feeds)).velocity as Float32Array;
      };
    },
    latentShape: ({ width, height }) => [1, CHANNELS, height / PIXELS_PER_LATENT, width / PIXELS_PER_LATENT],
    vae: { pixelsPerLatent: PIXELS_PER_LATENT, decode, encode },
    latentRgb: LATENT_RGB,
    previewVae: null,
    schedulerConfig: () => ({ use_dynamic_shifting: true }),
    imageSequenceLength: ({ width, height }) => (width * height) / (2 * PIXELS_PER_LATENT) ** 2,
    memoryNeeds: async () => ({
      weights: { transformer: 8, text_encoder: 4 },
      denoiser: 2,
      vaeLargestMap: 1,
    }),
    setResidency: () => {},
  };
}

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
  const events = await runPipeline(imaginedFamily(seen), REQUEST);
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
  const [image] = picturesOf(await runPipeline(imaginedFamily(seen), { ...REQUEST, numImages: 1, hires }));
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
  const [painted] = picturesOf(await runPipeline(imaginedFamily([]), { ...REQUEST, numImages: 1, image }));
  const reds = Array.from({ length: width }, (_, x) => (painted as { rgba: Uint8ClampedArray }).rgba[x * 4]);
  expect(new Set(reds.slice(0, 32))).toEqual(new Set([51]));
  expect(reds.slice(32)).not.toContain(51);
});
