import * as v from 'valibot';
import { Weights } from '../checkpoint/weights.ts';
import type { ModelFiles } from '../hub/repo.ts';
import { clipTextModel } from '../models/clip.ts';
import {
  AutoencoderKLConfig,
  AutoencoderTinyConfig,
  CLIPTextConfig,
  parseConfig,
  UNet2DConditionConfig,
} from '../models/config.ts';
import { autoencoderTinyDecoder } from '../models/tiny-vae.ts';
import { type UNetShape, unet2DConditionModel } from '../models/unet.ts';
import { autoencoderKLDecoder, type PictureShape } from '../models/vae.ts';
import type { OnnxModel } from '../onnx/graph.ts';
import type { ComponentName } from '../protocol/calls.ts';
import { AppError } from '../protocol/errors.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Session } from '../runtime/session.ts';
import { type ClipTokenizer, loadClipTokenizer } from '../tokenizer/clip.ts';
import { type LatentRgb, SD1_LATENT_RGB } from './preview.ts';
import { promptIds } from './prompt.ts';

const ModelIndex = v.looseObject({
  text_encoder: v.tuple([v.string(), v.literal('CLIPTextModel')]),
  unet: v.tuple([v.string(), v.literal('UNet2DConditionModel')]),
  vae: v.tuple([v.string(), v.picklist(['AutoencoderKL', 'AutoencoderTiny'])]),
  scheduler: v.tuple([v.string(), v.string()]),
});

/** Our own keys in vae/config.json, for models with a latent space of their own. */
const LatentRgbConfig = v.object({
  latent_rgb_factors: v.array(v.array(v.number())),
  latent_rgb_factors_bias: v.array(v.number()),
});

const WEIGHTS = {
  text_encoder: 'text_encoder/model.safetensors',
  unet: 'unet/diffusion_pytorch_model.safetensors',
  vae: 'vae/diffusion_pytorch_model.safetensors',
} as const;

type Stage = keyof typeof WEIGHTS;

/** What the VAE's configuration says to the pipeline. */
export interface VaeFacts {
  /** Pixels per latent pixel, each way. */
  readonly scale: number;
  readonly scalingFactor: number;
  readonly shiftFactor: number;
}

/**
 * The parts of one diffusers repository, opened as requests need them and kept while the next one can use them.
 * A session is built for one shape; another shape replaces it.
 */
export class Components {
  readonly tokenizer: ClipTokenizer;
  readonly schedulerConfig: Readonly<Record<string, unknown>>;
  readonly latentChannels: number;
  readonly vae: VaeFacts;
  readonly latentRgb: LatentRgb;
  readonly #runtime: Runtime;
  readonly #onLoad: (component: ComponentName) => void;
  readonly #build: Readonly<{
    text_encoder: () => Promise<OnnxModel>;
    unet: (shape: UNetShape) => Promise<OnnxModel>;
    vae: (shape: PictureShape) => Promise<OnnxModel>;
  }>;
  readonly #sessions = new Map<Stage, { readonly shape: string; readonly session: Session }>();
  readonly #textStates = new Map<string, Float32Array>();

  private constructor(parts: Parts, runtime: Runtime, onLoad: (component: ComponentName) => void) {
    const { files, tokenizer, schedulerConfig, text, unet, vae, vaeClass, latentRgb } = parts;
    this.tokenizer = tokenizer;
    this.schedulerConfig = schedulerConfig;
    this.latentChannels = unet.in_channels;
    this.latentRgb = latentRgb;
    const levels = 'block_out_channels' in vae ? vae.block_out_channels : vae.decoder_block_out_channels;
    this.vae = {
      scale: 2 ** (levels.length - 1),
      scalingFactor: vae.scaling_factor,
      shiftFactor: vae.shift_factor ?? 0,
    };
    this.#runtime = runtime;
    this.#onLoad = onLoad;
    const weights = async (stage: Stage) => Weights.open(WEIGHTS[stage], await files.file(WEIGHTS[stage]));
    const { target } = runtime;
    const sequenceLength = tokenizer.maxLength;
    this.#build = {
      text_encoder: async () =>
        clipTextModel(text, await weights('text_encoder'), target, { batch: 1, sequenceLength }),
      unet: async (shape) => unet2DConditionModel(unet, await weights('unet'), target, shape),
      vae: async (shape) =>
        vaeClass === 'AutoencoderKL'
          ? autoencoderKLDecoder(vae as AutoencoderKLConfig, await weights('vae'), target, shape)
          : autoencoderTinyDecoder(vae as AutoencoderTinyConfig, await weights('vae'), target, shape),
    };
  }

  /**
   * Reads the configurations and the vocabulary; weights wait until they are asked for.
   * `onLoad` hears of each component before it is opened.
   * @throws AppError unsupported-model, download-failed, corrupt-file
   */
  static async open(
    files: ModelFiles,
    runtime: Runtime,
    onLoad: (component: ComponentName) => void,
  ): Promise<Components> {
    const index = parseConfig('model_index.json', ModelIndex, await files.json('model_index.json'));
    const vaeJson = await files.json('vae/config.json');
    const vaeClass = index.vae[1];
    const ownRgb = v.safeParse(LatentRgbConfig, vaeJson);
    onLoad('tokenizer');
    const parts: Parts = {
      files,
      vaeClass,
      text: parseConfig('text_encoder', CLIPTextConfig, await files.json('text_encoder/config.json')),
      unet: parseConfig('unet', UNet2DConditionConfig, await files.json('unet/config.json')),
      vae: parseConfig(
        'vae',
        vaeClass === 'AutoencoderKL' ? AutoencoderKLConfig : AutoencoderTinyConfig,
        vaeJson,
      ),
      latentRgb: ownRgb.success
        ? { factors: ownRgb.output.latent_rgb_factors, bias: ownRgb.output.latent_rgb_factors_bias }
        : SD1_LATENT_RGB,
      schedulerConfig: (await files.json('scheduler/scheduler_config.json')) as Record<string, unknown>,
      tokenizer: await openTokenizer(files),
    };
    return new Components(parts, runtime, onLoad);
  }

  /** Text encoder states [1, T, D] of one text. */
  async textStates(text: string): Promise<Float32Array> {
    const known = this.#textStates.get(text);
    if (known) return known;
    const encoder = await this.#session('text_encoder', '', () => this.#build.text_encoder());
    const { last_hidden_state } = await encoder.run({ input_ids: promptIds(this.tokenizer, text) });
    this.#textStates.set(text, last_hidden_state as Float32Array);
    return last_hidden_state as Float32Array;
  }

  /** @throws AppError out-of-memory when it does not fit; the one it would replace is gone by then */
  unet(shape: Omit<UNetShape, 'sequenceLength'>): Promise<Session> {
    const full = { ...shape, sequenceLength: this.tokenizer.maxLength };
    return this.#session('unet', JSON.stringify(full), () => this.#build.unet(full));
  }

  vaeDecoder(shape: PictureShape): Promise<Session> {
    return this.#session('vae', JSON.stringify(shape), () => this.#build.vae(shape));
  }

  /** Frees every session. */
  async release(): Promise<void> {
    for (const stage of [...this.#sessions.keys()]) await this.#release(stage);
  }

  async #session(stage: Stage, shape: string, build: () => Promise<OnnxModel>): Promise<Session> {
    const open = this.#sessions.get(stage);
    if (open?.shape === shape) return open.session;
    await this.#release(stage);
    this.#onLoad(stage);
    const session = await this.#runtime.open(await build());
    this.#sessions.set(stage, { shape, session });
    return session;
  }

  async #release(stage: Stage): Promise<void> {
    const open = this.#sessions.get(stage);
    this.#sessions.delete(stage);
    await open?.session.release();
  }
}

interface Parts {
  readonly files: ModelFiles;
  readonly tokenizer: ClipTokenizer;
  readonly schedulerConfig: Readonly<Record<string, unknown>>;
  readonly text: CLIPTextConfig;
  readonly unet: UNet2DConditionConfig;
  readonly vae: AutoencoderKLConfig | AutoencoderTinyConfig;
  readonly vaeClass: 'AutoencoderKL' | 'AutoencoderTiny';
  readonly latentRgb: LatentRgb;
}

/** From tokenizer.json, or from vocab.json and merges.txt, as Stable Diffusion repositories have it. */
async function openTokenizer(files: ModelFiles): Promise<ClipTokenizer> {
  const tokenizerConfig = await files.json('tokenizer/tokenizer_config.json');
  if (files.has('tokenizer/tokenizer.json')) {
    return loadClipTokenizer({
      tokenizerConfig,
      tokenizerJson: await files.json('tokenizer/tokenizer.json'),
    });
  }
  if (!files.has('tokenizer/vocab.json')) {
    const details = {
      component: 'tokenizer',
      expected: 'tokenizer.json, or vocab.json and merges.txt',
      found: 'neither',
    };
    throw new AppError('unsupported-model', 'tokenizer: neither tokenizer.json nor vocab.json.', details);
  }
  const vocab = (await files.json('tokenizer/vocab.json')) as Record<string, number>;
  const merges = await (await files.file('tokenizer/merges.txt')).text();
  return loadClipTokenizer({ tokenizerConfig, vocab, merges });
}
