import * as v from 'valibot';
import type { ModelFiles } from '../hub/repo.ts';
import type { LatentRgb } from '../image/latent-rgb.ts';
import { AutoencoderKLConfig, AutoencoderTinyConfig, UNet2DConditionConfig } from '../models/config.ts';
import { between } from '../numerics/bounds.ts';
import { AppError, type Fault, missingComponent } from '../protocol/errors.ts';
import { parseConfig } from '../protocol/parse-config.ts';
import { SchedulerNumbers } from '../schedulers/config.ts';
import { isSchedulerClass, registeredConfig } from '../schedulers/index.ts';
import { ALIGN_YOUR_STEPS } from './align-your-steps.ts';
import { classesOf } from './component-classes.ts';
import type { LatentScale } from './latent-scale.ts';
import { latentRgbOf } from './latent-spaces.ts';
import { mendedSchedulerConfig, mendsOldConfigs } from './old-configs.ts';
import { readTextEncoder, type TextEncoderConfig } from './open-tokenizer.ts';
import {
  INDEX_FILE,
  isEdm,
  readModelIndex,
  refuseScheduler,
  SCHEDULER_FILE,
  textEncodersIn,
} from './repository-layout.ts';

/** The classes of Stable Diffusion's components in model_index.json. */
const StableDiffusionClasses = v.looseObject({
  text_encoder: v.optional(v.picklist(classesOf('text_encoder'))),
  text_encoder_2: v.optional(v.picklist(classesOf('text_encoder_2'))),
  unet: v.picklist(classesOf('unet')),
  vae: v.picklist(classesOf('vae')),
  scheduler: v.string(),
});

const colour = between(-1e6, 1e6);
/** Safelight's own keys in vae/config.json, for models with a latent space of their own. */
export const LatentRgbConfig = v.object({
  latent_rgb_factors: v.pipe(v.array(v.tuple([colour, colour, colour])), v.maxLength(256)),
  latent_rgb_factors_bias: v.tuple([colour, colour, colour]),
});

/** A VAE’s config.json, of either class. */
export type VaeConfig =
  | { readonly className: 'AutoencoderKL'; readonly config: AutoencoderKLConfig }
  | { readonly className: 'AutoencoderTiny'; readonly config: AutoencoderTinyConfig };

/** What a Stable Diffusion repository says about itself, before any weight is read. */
export interface ModelConfigs {
  /** One, or SDXL's two; SDXL Refiner has the second alone. */
  readonly textEncoders: readonly TextEncoderConfig[];
  readonly unet: UNet2DConditionConfig;
  readonly vae: VaeConfig;
  /** StableDiffusionXLPipeline: an empty negative prompt is encoded as zeros. */
  readonly zerosForEmptyPrompt: boolean;
  /**
   * The scheduler_config.json with which a sampler of this class is made.
   * @throws AppError invalid-request for an EDM sampler and another model, and the other way round
   */
  readonly schedulerConfig: (className: string, isInpainting: boolean) => Readonly<Record<string, unknown>>;
  /** The class of the repository's own sampler, when Safelight doesn't have it. */
  readonly unknownScheduler?: string;
  readonly latentRgb: LatentRgb;
}

/** Whether a UNet is SDXL's: it is the one that takes the pooled text and the picture's sizes beside the states. */
export const isSdxl = ({ addition_embed_type }: { readonly addition_embed_type?: unknown }) =>
  addition_embed_type === 'text_time';

/**
 * Reads a Stable Diffusion repository's configurations and vocabularies.
 * @param onTokenizer called before the vocabularies are read
 * @throws AppError unsupported-model, download-failed, corrupt-file
 */
export async function readModelConfigs(files: ModelFiles, onTokenizer: () => void): Promise<ModelConfigs> {
  const index = readModelIndex(await files.json(INDEX_FILE));
  refuseScheduler(index);
  const classes = parseConfig(INDEX_FILE, StableDiffusionClasses, index.classes);
  const unetKeys = parseConfig('unet', UNet2DConditionConfig, await files.json('unet/config.json'));
  const isXl = isSdxl(unetKeys);
  const unet = { ...unetKeys, requires_aesthetics_score: isXl && index.requiresAestheticsScore };
  const encoders = textEncodersIn(index).slice(0, isXl ? 2 : 1);
  const last = isXl ? 'text_encoder_2' : 'text_encoder';
  if (!encoders.includes(last)) throw missingComponent(INDEX_FILE, last);
  const vaeJson = await files.json('vae/config.json');
  const ownRgb = v.safeParse(LatentRgbConfig, vaeJson);
  const ownScheduler = parseConfig('scheduler', SchedulerNumbers, await files.json(SCHEDULER_FILE));
  const schedulerConfig = {
    ...registeredConfig(classes.scheduler, ownScheduler),
    align_your_steps: ALIGN_YOUR_STEPS[isXl ? 'sdxl' : 'sd1'],
  };
  onTokenizer();
  const textEncoders: TextEncoderConfig[] = [];
  for (const name of encoders) textEncoders.push(await readTextEncoder(files, name));
  const vae = parseVae(classes.vae, vaeJson);
  const scale = {
    scalingFactor: vae.config.scaling_factor,
    statistics: latentStatistics(vae, isXl),
  };
  return {
    textEncoders,
    unet,
    vae,
    zerosForEmptyPrompt: isXl && index.forceZerosForEmptyPrompt,
    schedulerConfig: (className, isInpainting) => {
      refuseOtherScaling(className, classes.scheduler);
      return mendsOldConfigs(index, isXl)
        ? mendedSchedulerConfig(schedulerConfig, className === classes.scheduler, isInpainting)
        : schedulerConfig;
    },
    ...(!isSchedulerClass(classes.scheduler) && { unknownScheduler: classes.scheduler }),
    latentRgb: ownRgb.success
      ? { factors: ownRgb.output.latent_rgb_factors, bias: ownRgb.output.latent_rgb_factors_bias }
      : latentRgbOf(isXl ? 'sdxl' : 'sd1', scale),
  };
}

/** latents_mean and latents_std, as SDXL's pipelines read them: only both together, and no other pipeline. */
export function latentStatistics(vae: VaeConfig, isXl: boolean): LatentScale['statistics'] {
  if (vae.className !== 'AutoencoderKL' || !isXl) return undefined;
  const { latents_mean: mean, latents_std: std } = vae.config;
  return mean && std ? { mean, std } : undefined;
}

/** An EDM model takes timesteps and samples on a scale that only its own samplers have, and they have no other. */
function refuseOtherScaling(asked: string, own: string): void {
  if (isEdm(asked) === isEdm(own)) return;
  const kind = isEdm(own) ? 'needs-edm-sampler' : 'edm-sampler';
  const details = { kind, field: 'scheduler', found: asked } satisfies Fault;
  throw new AppError('invalid-request', `${asked} cannot stand in for ${own}.`, details);
}

/**
 * A VAE's config.json.
 * @param className AutoencoderTiny, or any other for AutoencoderKL
 * @throws AppError unsupported-model, naming the key
 */
export function parseVae(className: string | undefined, json: unknown): VaeConfig {
  if (className === 'AutoencoderTiny')
    return { className, config: parseConfig('vae', AutoencoderTinyConfig, json) };
  return { className: 'AutoencoderKL', config: parseConfig('vae', AutoencoderKLConfig, json) };
}
