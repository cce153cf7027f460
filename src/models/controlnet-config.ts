import * as v from 'valibot';
import type { UNet2DConditionConfig } from './config.ts';
import { unquantized, widths } from './config-parts.ts';
import type { UnionParts } from './controlnet-union.ts';

/**
 * What the config.json of a ControlNetModel or a ControlNetUnionModel has beside a UNet's keys, with diffusers' defaults. Which it is, and
 * how large a Union's other parts are, is told by the tensors.
 */
export const ControlNetKeys = v.object({
  ...unquantized,
  conditioning_channels: v.optional(v.picklist([3]), 3),
  /** Of the map's embedding: the first at the map's own size, each further one at half of the last one's. */
  conditioning_embedding_out_channels: v.optional(widths, [16, 32, 96, 256]),
  controlnet_conditioning_channel_order: v.optional(v.picklist(['rgb', 'bgr']), 'rgb'),
  /** What is added to the UNet is the same in every place: a mean over the whole map. */
  global_pool_conditions: v.optional(v.boolean(), false),
  /** A ControlNet has one in any case. */
  mid_block_type: v.optional(
    v.picklist(['UNetMidBlock2DCrossAttn', 'UNetMidBlock2D']),
    'UNetMidBlock2DCrossAttn',
  ),
});

/** ControlNetModel's config.json: its own keys, and those of the UNet whose first half it is a copy of. */
export interface ControlNetConfig extends v.InferOutput<typeof ControlNetKeys> {
  readonly unet: UNet2DConditionConfig;
  /** Null for a ControlNetModel. */
  readonly union: UnionParts | null;
}

/**
 * A ControlNet's config.json as that of a UNet: keys for the half that a ControlNet has not are of no consequence.
 * @param json that `ControlNetKeys` has taken
 */
export function asUNetConfig(json: unknown): object {
  const { down_block_types: down, ...keys } = json as { readonly down_block_types?: readonly unknown[] };
  const types = Array.isArray(down) && {
    down_block_types: down,
    up_block_types: down.map(() => 'UpBlock2D'),
  };
  return { ...keys, ...types, _class_name: undefined };
}
