import type { Tensors } from '../../checkpoint/weights.ts';
import type { Feeds } from '../../graph/graph.ts';
import type { UNet2DConditionConfig } from '../../models/config.ts';
import type { IpAdapterShape } from '../../models/ip-adapter.ts';
import type { PicturePromptRequest } from '../family.ts';
import { tokensOf } from './encode-pictures.ts';
import { partScales } from './part-scales.ts';

/** What the IP-Adapters of a run add to the UNet's graph, and what it is fed for them; the tokens come with the texts. */
export interface IpAdapters {
  readonly shapes: readonly IpAdapterShape[];
  readonly tensors: readonly Tensors[];
  readonly scales: Feeds;
}

/** Undefined for a run without picture prompts. */
export function ipAdaptersOf(
  unet: UNet2DConditionConfig,
  prompts: readonly PicturePromptRequest[],
): IpAdapters | undefined {
  if (prompts.length === 0) return undefined;
  return {
    shapes: prompts.map((prompt) => ({
      hash: prompt.file.hash,
      tokens: prompt.pictures.length * tokensOf(prompt),
    })),
    tensors: prompts.map(({ file }) => file.tensors),
    scales: Object.fromEntries(
      prompts.map(({ parts, scale }, i) => [`ip_adapter_scale_${i}`, partScales(unet, parts, scale)]),
    ),
  };
}
