import { FLOAT_BYTES, type GraphTarget } from '../../graph/graph.ts';
import { UNet2DConditionConfig } from '../../models/config.ts';
import type { OfferedPlan, RepoFile } from '../../protocol/models.ts';
import { parseConfig } from '../../protocol/parse-config.ts';
import type { Size } from '../../protocol/placement.ts';
import { pixelsPerLatent, vaeTarget } from '../load-vae.ts';
import { numbersInFiles, unetActivations } from '../memory-estimate.ts';
import { type PlannedNeeds, planMemory } from '../memory-plan.ts';
import { isSdxl, parseVae } from '../model-configs.ts';
import { readModelIndex } from '../repository-layout.ts';
import { unetSizeOf, vaeNeeds } from '../stable-diffusion-family.ts';

/** What a GPU of 8 GB binds as one: nearly all of them bind more than the least. */
const LARGEST_TENSOR = 2 ** 30;

/** What a copy of 8 bits leaves of the bytes of a UNet in float16: of SDXL's 3,065 of 5,135 MB, of Stable Diffusion 1.5's 1,469 of 1,719. */
const IN_8_BITS = { sdxl: 0.6, others: 0.86 };

/**
 * How a repository's model would run at its usual size, before anything large is fetched: on a GPU of 8 GB by kernels of our
 * own, or on the CPU. Its weights are counted from the sizes of its files.
 * @param size in pixels
 * @throws AppError unsupported-model
 */
export function offeredPlan(
  files: readonly RepoFile[],
  configs: { readonly index: unknown; readonly unet: unknown; readonly vae: unknown },
  size: Size,
  isGpu: boolean,
): OfferedPlan {
  const target: GraphTarget = isGpu
    ? { provider: 'webgpu', dtype: 'float16', ownKernels: true }
    : { provider: 'wasm', dtype: 'float32' };
  const unet = parseConfig('unet', UNet2DConditionConfig, configs.unet);
  const vae = parseVae(readModelIndex(configs.index).classes.vae, configs.vae);
  const targetOfVae = vaeTarget({ unet, vae }, target);
  const targetOf = (component: string) => (component === 'vae' ? targetOfVae : target);
  const weights = Object.fromEntries(
    [...numbersInFiles(files)].map(([name, count]) => [name, FLOAT_BYTES[targetOf(name).dtype] * count]),
  );
  const scale = pixelsPerLatent(vae);
  const latents = { width: size.width / scale, height: size.height / scale };
  const denoiser = FLOAT_BYTES[target.dtype] * unetActivations(unetSizeOf(unet), latents, isGpu);
  const needs: PlannedNeeds = {
    weights,
    vae: vaeNeeds(vae, weights.vae ?? 0, targetOfVae, LARGEST_TENSOR, size),
  };
  const evaluations = { together: 2 * denoiser, inTurn: denoiser };
  const request = { target, largestTensor: LARGEST_TENSOR, evaluations, deviceBytes: null };
  const { bytes, ...plan } = planMemory(needs, { ...request, choice: 'auto' });
  const left = IN_8_BITS[isSdxl(unet) ? 'sdxl' : 'others'];
  const copied = Object.entries(weights).map(
    ([name, of]) => [name, name === 'vae' ? of : left * of] as const,
  );
  const copy = planMemory(
    { ...needs, weights: Object.fromEntries(copied) },
    { ...request, choice: 'one-by-one', deviceBytes: 0 },
  );
  return {
    ...{ width: size.width, height: size.height, bytes },
    ...{ residency: plan.residency, guidance: plan.guidance, vae: plan.vae, fits: plan.fits },
    copyBytes: copy.bytes,
    isVaeFull: isGpu && targetOfVae.dtype === 'float32',
  };
}
