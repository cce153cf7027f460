import { fewStepsOf } from '../../catalog/fast.ts';
import { ADAPTER_CONFIG } from '../../checkpoint/lora/config.ts';
import { readSaidNames } from '../../checkpoint/said-names.ts';
import type { ModelFiles } from '../../hub/repo.ts';
import type { InstalledModel } from '../../protocol/models.ts';
import type { LoneComponent } from '../single-file/lone-component.ts';

/** What a UNet is that takes the guidance as an input (diffusers' `time_cond_proj_dim`): no other is made so. */
const GUIDANCE_INPUT = 'LCM';

/**
 * The name by which a file itself says that it is made for few steps: one that it was given when it was saved, or what a UNet's
 * tensors tell. Undefined where nothing in it says so: then the name it has is all there is.
 * @param lone the component that it is, if it is one
 */
export async function fewStepNameOf(
  { files: [first, ...others] }: Pick<InstalledModel, 'files'>,
  files: Pick<ModelFiles, 'file'>,
  lone: LoneComponent | null,
): Promise<string | undefined> {
  if (lone?.config.time_cond_proj_dim !== undefined) return GUIDANCE_INPUT;
  const isAlone = others.every(({ path }) => path.split('/').at(-1) === ADAPTER_CONFIG);
  if (!first || !isAlone || !/\.safetensors$/i.test(first.path)) return undefined;
  const names = await readSaidNames(await files.file(first.path));
  return names.find((name) => fewStepsOf(name) !== undefined);
}
