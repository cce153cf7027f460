import type { ModelId } from '../../catalog/models.ts';
import { type ControlFacts, controlPurpose } from '../../protocol/control-facts.ts';
import type { InstalledModel } from '../../protocol/models.ts';
import { ownAdapterConfig } from './adapter-config.ts';
import type { ControlFile } from './control-file.ts';

/** Features of Stable Diffusion 2's text encoder. */
const SD2_TEXT = 1024;
/** By how much an SDXL adapter makes the map smaller before it looks at it; others take an eighth. */
const XL_FACTOR = 16;

/**
 * What the library keeps of a control model: all of it is in the header of its file, its config.json and its name.
 * @throws AppError unsupported-model for an adapter whose configuration is not known
 */
export function describeControl(
  id: ModelId,
  file: ControlFile,
): Pick<InstalledModel, 'type' | 'family' | 'control'> {
  const base = controlBase(file);
  const modes = file.tensors.get('task_embedding')?.shape[0] ?? 0;
  const purpose = modes > 0 ? null : controlPurpose(id, file.config);
  return {
    type: 'control',
    family: base === 'sdxl' ? 'sdxl' : 'sd1',
    control: { kind: file.kind, base, purpose, controlModes: modes },
  };
}

/** What a control model was trained with, by its tensors. @throws AppError unsupported-model */
export function controlBase(file: ControlFile): ControlFacts['base'] {
  if (file.kind === 'T2I-Adapter')
    return ownAdapterConfig(file).downscale_factor === XL_FACTOR ? 'sdxl' : 'sd1';
  if (file.tensors.has('add_embedding.linear_1.weight')) return 'sdxl';
  const text = [...file.tensors].find(([key]) => key.endsWith('.attn2.to_k.weight'))?.[1];
  return text?.shape[1] === SD2_TEXT ? 'sd2' : 'sd1';
}
