import { bytesOn } from '../../checkpoint/weights.ts';
import type { UNet2DConditionConfig } from '../../models/config.ts';
import { ipAdapterShapes } from '../../models/ip-adapter.ts';
import { AppError, type Fault, unsupportedModel } from '../../protocol/errors.ts';
import type { PicturePromptRequest } from '../family.ts';
import type { ModelResources } from '../load-vae.ts';
import type { MemoryNeeds } from '../memory-estimate.ts';
import type { IpAdapterFile } from './ip-adapter-file.ts';

/**
 * Whether the IP-Adapters of a run fit the model.
 * @throws AppError unsupported-ip-adapter for one that was made for another kind of model; unsupported-model where the UNet is an ONNX graph,
 * which takes no other inputs than its own
 */
export function checkIpAdapters(
  unet: UNet2DConditionConfig,
  prompts: readonly PicturePromptRequest[],
  { source }: Pick<ModelResources, 'source'>,
): void {
  if (prompts.length > 0 && source.graphs('unet'))
    throw unsupportedModel('fixed-graph', 'unet', 'weights', 'an ONNX graph');
  for (const { file } of prompts) if (!fits(file, unet)) throw otherModel(file.name);
}

/** Whether it has keys and values for each of the UNet's attentions to the text, and no others. */
function fits({ tensors, projection }: IpAdapterFile, unet: UNet2DConditionConfig): boolean {
  const shapes = ipAdapterShapes(unet);
  const own = [...tensors].filter(([name]) => name.startsWith('ip_adapter.'));
  return (
    projection.textWidth === unet.cross_attention_dim &&
    own.length === shapes.size &&
    own.every(([name, { shape }]) => String(shape) === String(shapes.get(name)))
  );
}

/**
 * What a run takes with its IP-Adapters: their keys and values beside the UNet's, and the encoders that pictures still have to go through,
 * one at a time.
 * @param encoded whether all pictures of a prompt have been encoded before
 */
export function withIpAdapters(
  needs: MemoryNeeds,
  prompts: readonly PicturePromptRequest[],
  encoded: (prompt: PicturePromptRequest) => boolean,
  { runtime }: Pick<ModelResources, 'runtime'>,
): MemoryNeeds {
  if (prompts.length === 0) return needs;
  const bytes = (tensors: IpAdapterFile['tensors']) =>
    [...tensors.values()].reduce((sum, tensor) => sum + bytesOn(runtime.target, tensor), 0);
  const files = new Map(prompts.map(({ file }) => [file.hash, file]));
  const own = [...files.values()].reduce((sum, { tensors }) => sum + bytes(tensors), 0);
  const open = prompts.filter((prompt) => !encoded(prompt)).map(({ encoder }) => bytes(encoder.tensors));
  const weights = { ...needs.weights, unet: (needs.weights.unet ?? 0) + own };
  return { ...needs, weights: open.length > 0 ? { ...weights, image_encoder: Math.max(...open) } : weights };
}

function otherModel(adapter: string): AppError {
  const details = { kind: 'ip-adapter-of-other-model', adapter } satisfies Fault;
  return new AppError('unsupported-ip-adapter', `${adapter} was made for another kind of model.`, details);
}
