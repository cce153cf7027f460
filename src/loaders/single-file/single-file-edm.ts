import { isFloat } from '../../checkpoint/floats.ts';
import { readValues, type Tensors } from '../../checkpoint/weights.ts';
import { elementCount } from '../../numerics/tensor.ts';
import { unsupportedModel } from '../../protocol/errors.ts';
import type { Prediction } from '../../protocol/models.ts';
import { type Config, EDM_SCHEDULERS } from './single-file-configs.ts';

/** What an SDXL of the EDM kind needs, in the place of SDXL's own. */
export interface EdmConfigs {
  readonly prediction: Prediction;
  readonly scheduler: Config & { readonly _class_name: string };
  /** Keys of vae/config.json. */
  readonly vae: Config;
}

/** Keys that only such a file has. */
export const EDM_MARK = /^edm_(mean|std)$|^edm_vpred\./;

/** The scaling_factor of Playground 2.5's VAE, in diffusers' single_file_utils.py. */
const PLAYGROUND_SCALING_FACTOR = 0.5;

/**
 * Playground 2.5 holds the mean and the deviation of its latents (diffusers' single_file_utils.py), CosXL the noise levels it
 * was trained with (ComfyUI's comfy/supported_models.py, SDXL.model_type); undefined for another file.
 * @throws AppError unsupported-model
 */
export async function readEdm(path: string, tensors: Tensors): Promise<EdmConfigs | undefined> {
  if (![...tensors.keys()].some((key) => EDM_MARK.test(key))) return undefined;
  if (tensors.has('edm_mean') || tensors.has('edm_std')) {
    const latents_mean = await numbers(path, tensors, 'edm_mean');
    const latents_std = await numbers(path, tensors, 'edm_std');
    const vae = { latents_mean, latents_std, scaling_factor: PLAYGROUND_SCALING_FACTOR };
    return { prediction: 'epsilon', scheduler: EDM_SCHEDULERS.playground, vae };
  }
  const levels: Record<string, number> = {};
  for (const name of ['sigma_min', 'sigma_max'])
    if (tensors.has(`edm_vpred.${name}`))
      levels[name] = (await numbers(path, tensors, `edm_vpred.${name}`))[0] as number;
  return { prediction: 'v_prediction', scheduler: { ...EDM_SCHEDULERS.cosxl, ...levels }, vae: {} };
}

/** A VAE has no more channels than this. */
const MOST = 256;

async function numbers(path: string, tensors: Tensors, key: string): Promise<number[]> {
  const tensor = tensors.get(key);
  if (!tensor) throw unsupportedModel('missing-part', path, key, 'no such tensor');
  const count = elementCount(tensor.shape);
  if (count < 1 || count > MOST || !isFloat(tensor.dtype))
    throw unsupportedModel('other-part', path, `${key}: 1 … ${MOST} numbers`, `${count} × ${tensor.dtype}`);
  return [...(await readValues(tensor))];
}
