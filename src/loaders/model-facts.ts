import * as v from 'valibot';
import { type GenerationDefaults, RECOMMENDED } from '../catalog/models.ts';
import type { ModelKind, SchedulerId } from '../catalog/schedulers.ts';
import type { ModelFiles } from '../hub/repo.ts';
import type { LatentFamily, ModelFacts } from '../protocol/models.ts';

const Unet = v.looseObject({
  sample_size: v.optional(v.union([v.number(), v.pipe(v.array(v.number()), v.minLength(1))]), 64),
  addition_embed_type: v.nullish(v.string()),
  time_cond_proj_dim: v.nullish(v.number()),
});
const Vae = v.looseObject({
  latent_channels: v.optional(v.number(), 4),
  block_out_channels: v.optional(v.array(v.number())),
  decoder_block_out_channels: v.optional(v.array(v.number())),
  scaling_factor: v.optional(v.number()),
  latent_rgb_factors: v.optional(v.unknown()),
});
const Index = v.looseObject({ scheduler: v.optional(v.array(v.nullable(v.string())), []) });
const SchedulerKeys = v.looseObject({
  timestep_spacing: v.optional(v.string()),
  rescale_betas_zero_snr: v.optional(v.boolean(), false),
});

/** What each kind of model is usually asked for. */
const USUAL: Readonly<Record<ModelKind, { steps: number; guidance: number; scheduler: SchedulerId }>> = {
  diffusion: { steps: 25, guidance: 7.5, scheduler: 'dpmpp-2m-karras' },
  turbo: { steps: 2, guidance: 0, scheduler: 'euler' },
  lcm: { steps: 4, guidance: 1.5, scheduler: 'lcm' },
  tcd: { steps: 4, guidance: 0, scheduler: 'tcd' },
  flow: { steps: 25, guidance: 5, scheduler: 'flow-euler' },
};
const SDXL_GUIDANCE = 5;
/** Of LatentConsistencyModelPipeline, whose UNet has guidance as an input. */
const LCM_GUIDANCE = 8.5;
const SDXL_SCALING = 0.13025;

/**
 * What a repository's configurations tell the form: the kind of model, and what to ask of it. Whether a graph can be built
 * from them is not looked at here.
 */
export async function modelFacts(
  id: string,
  files: ModelFiles,
): Promise<Pick<ModelFacts, 'kind' | 'defaults'> & { family: LatentFamily }> {
  const unet = v.parse(Unet, await files.json('unet/config.json'));
  const vae = v.parse(Vae, await files.json('vae/config.json'));
  const index = v.parse(Index, await files.json('model_index.json'));
  const scheduling = v.parse(SchedulerKeys, await files.json('scheduler/scheduler_config.json'));
  const family = unet.addition_embed_type === 'text_time' ? 'sdxl' : vaeFamily(vae, id);
  const recommended = RECOMMENDED.find((model) => model.id === id);
  if (recommended) return { family, kind: recommended.kind, defaults: recommended.defaults };

  const kind = kindOf(index.scheduler[1] ?? '', scheduling, unet.time_cond_proj_dim);
  const { steps, guidance, scheduler } = USUAL[kind];
  const [height, width] = sizes(unet.sample_size).map((size) => pixels(size * scaleOf(vae)));
  const defaults: GenerationDefaults = {
    width: width as number,
    height: height as number,
    numInferenceSteps: steps,
    guidanceScale: unet.time_cond_proj_dim
      ? LCM_GUIDANCE
      : kind === 'diffusion' && family === 'sdxl'
        ? SDXL_GUIDANCE
        : guidance,
    scheduler,
  };
  return { family, kind, defaults };
}

/**
 * Whose latents a VAE reads. TAESD's configurations say nothing of it, so there the name must.
 * @param vae its config.json
 */
export function vaeFamily(vae: unknown, id: string): LatentFamily {
  const { latent_channels, scaling_factor, latent_rgb_factors } = v.parse(Vae, vae);
  if (latent_channels !== 4 || latent_rgb_factors !== undefined) return 'own';
  return scaling_factor === SDXL_SCALING || /xl/i.test(id) ? 'sdxl' : 'sd1';
}

function kindOf(
  scheduler: string,
  { timestep_spacing, rescale_betas_zero_snr }: v.InferOutput<typeof SchedulerKeys>,
  guided: number | null | undefined,
): ModelKind {
  if (scheduler.startsWith('LCM') || guided) return 'lcm';
  if (scheduler.startsWith('TCD')) return 'tcd';
  if (scheduler.startsWith('FlowMatch')) return 'flow';
  // Trailing steps are also what models trained to begin in pure noise need.
  const isTurbo = scheduler.startsWith('Euler') && timestep_spacing === 'trailing' && !rescale_betas_zero_snr;
  return isTurbo ? 'turbo' : 'diffusion';
}

/** Pixels per latent pixel. */
function scaleOf({ block_out_channels, decoder_block_out_channels }: v.InferOutput<typeof Vae>): number {
  return 2 ** ((block_out_channels ?? decoder_block_out_channels ?? [1, 1, 1, 1]).length - 1);
}

const sizes = (size: number | number[]): [number, number] =>
  typeof size === 'number' ? [size, size] : [size[0] as number, size.at(-1) as number];

/** A size the form accepts. */
const pixels = (size: number) => Math.min(1024, Math.max(64, Math.round(size / 8) * 8));
