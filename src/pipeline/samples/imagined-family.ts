import type { Feeds } from '../../graph/graph.ts';
import type { ModelFiles } from '../../hub/repo.ts';
import type { LatentRgb } from '../../image/latent-rgb.ts';
import type { Family, PromptEmbeds, Vae } from '../../loaders/family.ts';
import { loadModel } from '../../loaders/load-model.ts';
import type { Loader, Model } from '../../loaders/loader.ts';
import { repositorySource } from '../../loaders/model-source.ts';
import { LOADERS } from '../../loaders/pipelines.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import type { Session } from '../../runtime/session.ts';

/**
 * A family that nobody has trained: 16 latent channels, four pixels per latent pixel, a text encoder that reads words, a
 * transformer with inputs of its own in patches of 2 × 2, and a flow-matching sampler whose noise levels depend on the size.
 * It computes simple sums, so that the test can compute a run by itself. It comes in by its class in model_index.json and a
 * line in the table of loaders; nothing else knows of it.
 */
export const CHANNELS = 16;
export const PIXELS_PER_LATENT = 4;
export const WIDTH = 3;
export const [SCALING, SHIFT] = [0.5, 0.1];
const LATENT_RGB: LatentRgb = {
  factors: Array.from({ length: CHANNELS }, (_, c) => [c / 99, 0.02, -c / 99]),
  bias: [0, 0, 0],
};

/** What the transformer was given, one entry per evaluation. */
export interface Seen {
  readonly sigma: number;
  readonly texts: number;
  readonly latents: number;
}

/** Every word is a token, its states are its first three letters. */
export const lettersOf = (text: string): number[][] =>
  text.split(' ').map((word) => [0, 1, 2].map((i) => (word.charCodeAt(i) || 0) / 200));

/** The transformer: a velocity of every latent [texts, 16, h, w], from the latent itself, the time and a mean of the text. */
export const velocity = (latent: number, sigma: number, text: number) => 0.3 * latent - 0.2 * sigma + text;

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
export const colourOf = (channels: readonly number[], colour: number) =>
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
    largestTensor: Number.POSITIVE_INFINITY,
    encodeTexts: async (texts) => {
      const tokens = Math.max(...texts.map((text) => lettersOf(text).length));
      return new Map(texts.map((text) => [text, encodeText(text, tokens)]));
    },
    encodePictures: async () => ({ prompt: {}, negative: {} }),
    zerosForEmptyPrompt: false,
    hasGuidanceInput: false,
    hasMaskInput: false,
    needsImage: false,
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
    reusesWork: false,
    forgetKept: () => {},
    latentShape: ({ width, height }) => [1, CHANNELS, height / PIXELS_PER_LATENT, width / PIXELS_PER_LATENT],
    vae: { pixelsPerLatent: PIXELS_PER_LATENT, decode, encode },
    latentRgb: LATENT_RGB,
    previewVae: null,
    schedulerConfig: () => ({ use_dynamic_shifting: true }),
    imageSequenceLength: ({ width, height }) => (width * height) / (2 * PIXELS_PER_LATENT) ** 2,
    memoryNeeds: async () => ({
      weights: { transformer: 8, text_encoder: 4 },
      denoiser: 2,
      attentions: 0,
      vae: { weights: 0, whole: 4, tile: 4, largestMap: 1 },
    }),
    setResidency: () => {},
  };
}

export const INDEX = {
  _class_name: 'ImaginedPipeline',
  text_encoder: ['transformers', 'WordModel'],
  tokenizer: ['transformers', 'WordTokenizer'],
  transformer: ['diffusers', 'ImaginedTransformer2DModel'],
  vae: ['diffusers', 'AutoencoderImagined'],
  scheduler: ['diffusers', 'FlowMatchEulerDiscreteScheduler'],
};
export const FILES: ModelFiles = {
  has: (path) => path === 'model_index.json',
  file: async () => new Blob([JSON.stringify(INDEX)]),
  json: async () => INDEX,
};

const loader = (seen: Seen[]): Loader => ({
  components: ({ classes }) => ['text_encoder', 'transformer', 'vae'].filter((name) => name in classes),
  check: async () => {},
  quantizable: () => ['transformer'],
  facts: async () => ({
    latentSpace: 'own',
    kind: 'flow',
    defaults: { width: 64, height: 48, numInferenceSteps: 4, guidanceScale: 3, scheduler: 'flow-euler' },
  }),
  countTokens: async (_, texts) => ({
    room: 100,
    texts: texts.map((text) => [text.split(' ').length]),
    unnamed: 0,
  }),
  load: async () => ({
    ...imaginedFamily(seen),
    setLoras: async () => ({ embeddings: [], notes: [] }),
    setBits: async () => {},
    release: async () => {},
  }),
});

const runtime = { target: { provider: 'wasm', dtype: 'float32' } } as Runtime;

/** The model, as any other is loaded. */
export function load(seen: Seen[]): Promise<Model> {
  LOADERS.set(INDEX._class_name, loader(seen));
  return loadModel(repositorySource(FILES), runtime, () => {});
}
