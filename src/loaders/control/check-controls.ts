import { bytesOn } from '../../checkpoint/weights.ts';
import type { UNet2DConditionConfig } from '../../models/config.ts';
import { unsupportedModel } from '../../protocol/errors.ts';
import type { ModelResources } from '../load-vae.ts';
import type { MemoryNeeds } from '../memory-estimate.ts';
import { adapterConfig } from './adapter-config.ts';
import type { ControlFile } from './control-file.ts';
import { controlNetConfig } from './controlnet-config.ts';
import { openedNets } from './opened-nets.ts';

/**
 * Whether the controls of a run fit the model.
 * @throws AppError unsupported-control for one that was made for another kind of model; unsupported-model for one whose configuration is
 * not known, or where the UNet is an ONNX graph, which takes nothing between its blocks
 */
export function checkControls(
  unet: UNet2DConditionConfig,
  controls: readonly ControlFile[],
  { source }: Pick<ModelResources, 'source'>,
): void {
  if (controls.length > 0 && source.graphs('unet'))
    throw unsupportedModel('fixed-graph', 'unet', 'weights', 'an ONNX graph');
  for (const file of controls)
    if (file.kind === 'T2I-Adapter') adapterConfig(file, unet);
    else controlNetConfig(file, unet);
}

/** What a run takes with its controls: ControlNets stay open beside the UNet, and each keeps about as much as it does. */
export function withControls(
  needs: MemoryNeeds,
  controls: readonly ControlFile[],
  { runtime }: Pick<ModelResources, 'runtime'>,
): MemoryNeeds {
  const nets = openedNets(controls);
  const bytes = nets
    .flatMap(({ file }) => [...file.tensors.values()])
    .reduce((sum, tensor) => sum + bytesOn(runtime.target, tensor), 0);
  return {
    ...needs,
    weights: { ...needs.weights, unet: (needs.weights.unet ?? 0) + bytes },
    denoiser: needs.denoiser * (1 + nets.length),
  };
}
