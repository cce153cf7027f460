import * as v from 'valibot';
import type { ModelFiles } from '../hub/repo.ts';
import { type LatentRgb, SD1_LATENT_RGB, SDXL_LATENT_RGB } from '../image/latent-rgb.ts';
import {
  AutoencoderKLConfig,
  AutoencoderTinyConfig,
  CLIPTextConfig,
  UNet2DConditionConfig,
} from '../models/config.ts';
import { AppError } from '../protocol/errors.ts';
import type { ComponentName } from '../protocol/generation.ts';
import { parseConfig } from '../protocol/parse-config.ts';
import { isSchedulerClass } from '../schedulers/index.ts';
import { type ClipTokenizer, loadClipTokenizer } from '../tokenizer/clip.ts';

const ModelIndex = v.looseObject({
  text_encoder: v.tuple([v.string(), v.literal('CLIPTextModel')]),
  text_encoder_2: v.optional(v.tuple([v.string(), v.literal('CLIPTextModelWithProjection')])),
  unet: v.tuple([v.string(), v.literal('UNet2DConditionModel')]),
  vae: v.tuple([v.string(), v.picklist(['AutoencoderKL', 'AutoencoderTiny'])]),
  scheduler: v.tuple([v.string(), v.string()]),
  force_zeros_for_empty_prompt: v.optional(v.boolean(), true),
});

/** Our own keys in vae/config.json, for models with a latent space of their own. */
const LatentRgbConfig = v.object({
  latent_rgb_factors: v.array(v.array(v.number())),
  latent_rgb_factors_bias: v.array(v.number()),
});

/** A text encoder and the tokenizer that goes with it. */
export interface TextEncoderParts {
  readonly name: 'text_encoder' | 'text_encoder_2';
  readonly config: CLIPTextConfig;
  readonly tokenizer: ClipTokenizer;
}

/** What a diffusers repository says of itself, before any weight is read. */
export interface ModelParts {
  /** One, or SDXL's two. */
  readonly textEncoders: readonly TextEncoderParts[];
  readonly unet: UNet2DConditionConfig;
  readonly vae:
    | { readonly className: 'AutoencoderKL'; readonly config: AutoencoderKLConfig }
    | { readonly className: 'AutoencoderTiny'; readonly config: AutoencoderTinyConfig };
  /** StableDiffusionXLPipeline's: an empty negative prompt stands for states of zero. */
  readonly zerosForEmptyPrompt: boolean;
  readonly schedulerConfig: Readonly<Record<string, unknown>>;
  /** The sampler the repository names as its own, if it is one that is not known here. */
  readonly unknownScheduler?: string;
  readonly latentRgb: LatentRgb;
}

/**
 * Reads a repository's configurations and vocabularies. `onLoad` hears of the tokenizers.
 * @throws AppError unsupported-model, download-failed, corrupt-file
 */
export async function readModelParts(
  files: ModelFiles,
  onLoad: (component: ComponentName, part: null) => void,
): Promise<ModelParts> {
  const index = parseConfig('model_index.json', ModelIndex, await files.json('model_index.json'));
  const unet = parseConfig('unet', UNet2DConditionConfig, await files.json('unet/config.json'));
  const isXl = unet.addition_embed_type === 'text_time';
  if (isXl && !index.text_encoder_2) {
    const details = { component: 'text_encoder_2', expected: 'CLIPTextModelWithProjection', found: 'none' };
    throw new AppError('unsupported-model', 'text_encoder_2: this UNet needs the pooled text.', details);
  }
  const vaeJson = await files.json('vae/config.json');
  const ownRgb = v.safeParse(LatentRgbConfig, vaeJson);
  onLoad('tokenizer', null);
  const first = await readTextEncoder(files, 'text_encoder', 'tokenizer');
  const second = isXl ? [await readTextEncoder(files, 'text_encoder_2', 'tokenizer_2')] : [];
  return {
    textEncoders: [first, ...second],
    unet,
    vae:
      index.vae[1] === 'AutoencoderKL'
        ? { className: 'AutoencoderKL', config: parseConfig('vae', AutoencoderKLConfig, vaeJson) }
        : { className: 'AutoencoderTiny', config: parseConfig('vae', AutoencoderTinyConfig, vaeJson) },
    zerosForEmptyPrompt: isXl && index.force_zeros_for_empty_prompt,
    schedulerConfig: (await files.json('scheduler/scheduler_config.json')) as Record<string, unknown>,
    ...(!isSchedulerClass(index.scheduler[1]) && { unknownScheduler: index.scheduler[1] }),
    latentRgb: ownRgb.success
      ? { factors: ownRgb.output.latent_rgb_factors, bias: ownRgb.output.latent_rgb_factors_bias }
      : isXl
        ? SDXL_LATENT_RGB
        : SD1_LATENT_RGB,
  };
}

async function readTextEncoder(
  files: ModelFiles,
  name: TextEncoderParts['name'],
  tokenizerFolder: string,
): Promise<TextEncoderParts> {
  const config = parseConfig(name, CLIPTextConfig, await files.json(`${name}/config.json`));
  return { name, config, tokenizer: await openTokenizer(files, tokenizerFolder) };
}

/**
 * From tokenizer.json, or from vocab.json and merges.txt, as Stable Diffusion repositories have it.
 * @throws AppError unsupported-model, download-failed, corrupt-file
 */
export async function openTokenizer(files: ModelFiles, folder: string): Promise<ClipTokenizer> {
  const tokenizerConfig = await files.json(`${folder}/tokenizer_config.json`);
  if (files.has(`${folder}/tokenizer.json`)) {
    return loadClipTokenizer({
      tokenizerConfig,
      tokenizerJson: await files.json(`${folder}/tokenizer.json`),
    });
  }
  if (!files.has(`${folder}/vocab.json`)) {
    const details = {
      component: folder,
      expected: 'tokenizer.json, or vocab.json and merges.txt',
      found: 'neither',
    };
    throw new AppError('unsupported-model', `${folder}: neither tokenizer.json nor vocab.json.`, details);
  }
  const vocab = (await files.json(`${folder}/vocab.json`)) as Record<string, number>;
  const merges = await (await files.file(`${folder}/merges.txt`)).text();
  return loadClipTokenizer({ tokenizerConfig, vocab, merges });
}
