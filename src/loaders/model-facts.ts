import * as v from 'valibot';
import { type GenerationDefaults, RECOMMENDED } from '../catalog/models.ts';
import { type ModelKind, SCHEDULERS, type SchedulerId } from '../catalog/schedulers.ts';
import type { ModelFiles } from '../hub/repo.ts';
import { UNet2DConditionConfig } from '../models/config.ts';
import { whole } from '../numerics/bounds.ts';
import type { LatentSpace, ModelFacts } from '../protocol/models.ts';
import { parseConfig } from '../protocol/parse-config.ts';
import { SETTINGS } from '../protocol/settings.ts';
import { SCALING_FACTOR } from './latent-spaces.ts';
import { pixelsPerLatent } from './load-vae.ts';
import type { FormFacts } from './loader.ts';
import { isSdxl, LatentRgbConfig, latentStatistics, parseVae } from './model-configs.ts';
import { mendedSampleSize, mendsOldConfigs } from './old-configs.ts';
import { classOfConfig, INDEX_FILE, isEdm, readModelIndex, SCHEDULER_FILE } from './repository-layout.ts';

/** In latent pixels. */
const side = whole(1, 8192);
const Unet = v.looseObject({
  _diffusers_version: v.nullish(v.string()),
  sample_size: v.nullish(v.union([side, v.pipe(v.array(side), v.minLength(1), v.maxLength(3))]), 64),
  addition_embed_type: UNet2DConditionConfig.entries.addition_embed_type,
  time_cond_proj_dim: UNet2DConditionConfig.entries.time_cond_proj_dim,
  cross_attention_dim: v.unknown(),
});
const SchedulerKeys = v.looseObject({
  timestep_spacing: v.nullish(v.string()),
  rescale_betas_zero_snr: v.nullish(v.boolean(), false),
});

/** By the width of the texts that a UNet reads. */
const BASES = new Map<unknown, ModelFacts['base']>([
  [768, 'sd1'],
  [1024, 'sd2'],
  [2048, 'sdxl'],
]);

/** The settings that usually suit each kind of model. */
const USUAL: Readonly<Record<ModelKind, { steps: number; guidance: number; scheduler: SchedulerId }>> = {
  diffusion: { steps: 25, guidance: 7.5, scheduler: 'dpmpp-2m-karras' },
  turbo: { steps: 2, guidance: 0, scheduler: 'euler' },
  lcm: { steps: 4, guidance: 1.5, scheduler: 'lcm' },
  tcd: { steps: 4, guidance: 0, scheduler: 'tcd' },
  flow: { steps: 25, guidance: 5, scheduler: 'flow-euler' },
  // Playground 2.5's own (its model card).
  edm: { steps: 25, guidance: 3, scheduler: 'edm-dpmpp-2m' },
};
const SDXL_GUIDANCE = 5;
const EDM_EULER = { steps: 25, guidance: SDXL_GUIDANCE, scheduler: 'edm-euler' } as const;
/** LatentConsistencyModelPipeline's default; its UNet takes the guidance scale as an input. */
const LCM_GUIDANCE = 8.5;

/**
 * What the form needs to know of a model, read from its configurations: the kind of model, and the settings it starts with.
 * Whether the model can run is not checked here.
 * @throws AppError download-failed, corrupt-file; unsupported-model for a value of another type
 */
export async function modelFacts(id: string, files: Pick<ModelFiles, 'json'>): Promise<FormFacts> {
  const unet = parseConfig('unet', Unet, await files.json('unet/config.json'));
  const index = readModelIndex(await files.json(INDEX_FILE));
  const vaeJson = await files.json('vae/config.json');
  const vae = parseVae(index.classes.vae, vaeJson);
  const scheduling = parseConfig('scheduler', SchedulerKeys, await files.json(SCHEDULER_FILE));
  const isXl = isSdxl(unet);
  // Of an SDXL on another scale no VAE of another fits.
  const xlSpace = latentStatistics(vae, isXl) ? 'own' : 'sdxl';
  const latentSpace = isXl ? xlSpace : latentSpaceOf(vaeJson, id, index.classes.vae);
  const base = BASES.get(unet.cross_attention_dim);
  const recommended = RECOMMENDED.find((model) => model.id === id);
  if (recommended) return { latentSpace, base, kind: recommended.kind, defaults: recommended.defaults };

  const kind = kindOf(index.classes.scheduler ?? '', scheduling, unet.time_cond_proj_dim);
  const isEdmEuler = index.classes.scheduler === SCHEDULERS['edm-euler'].className;
  const { steps, guidance, scheduler } = isEdmEuler ? EDM_EULER : USUAL[kind];
  const sampleSize = mendsOldConfigs(index, isXl)
    ? mendedSampleSize(unet.sample_size, unet._diffusers_version)
    : unet.sample_size;
  const [height, width] = sizes(sampleSize).map((size) => pixels(size * pixelsPerLatent(vae)));
  const defaults: GenerationDefaults = {
    width: width as number,
    height: height as number,
    numInferenceSteps: steps,
    guidanceScale: unet.time_cond_proj_dim
      ? LCM_GUIDANCE
      : kind === 'diffusion' && latentSpace === 'sdxl'
        ? SDXL_GUIDANCE
        : guidance,
    scheduler,
  };
  return { latentSpace, base, kind, defaults };
}

/**
 * The latents that a VAE decodes. TAESD's configurations don't say, so its name decides.
 * @param vae its config.json
 * @param id the model's id
 */
export function latentSpaceOf(vae: unknown, id: string, className = classOfConfig(vae)): LatentSpace {
  const { latent_channels, scaling_factor } = parseVae(className, vae).config;
  if (latent_channels !== 4 || v.is(LatentRgbConfig, vae)) return 'own';
  return scaling_factor === SCALING_FACTOR.sdxl || /xl/i.test(id) ? 'sdxl' : 'sd1';
}

function kindOf(
  scheduler: string,
  { timestep_spacing, rescale_betas_zero_snr }: v.InferOutput<typeof SchedulerKeys>,
  guidanceInput: number | null | undefined,
): ModelKind {
  if (scheduler.startsWith('LCM') || guidanceInput) return 'lcm';
  if (scheduler.startsWith('TCD')) return 'tcd';
  if (scheduler.startsWith('FlowMatch')) return 'flow';
  if (isEdm(scheduler)) return 'edm';
  // Models trained with zero terminal SNR need trailing timesteps too, and are not distilled.
  const isTurbo = scheduler.startsWith('Euler') && timestep_spacing === 'trailing' && !rescale_betas_zero_snr;
  return isTurbo ? 'turbo' : 'diffusion';
}

const sizes = (size: number | number[]): [number, number] =>
  typeof size === 'number' ? [size, size] : [size[0] as number, size.at(-1) as number];

/** The nearest side in pixels that a request may have. */
const pixels = (size: number) => {
  const { min, max, step } = SETTINGS.width;
  return Math.min(max, Math.max(min, Math.round(size / step) * step));
};
