import type { Weights } from '../checkpoint/weights.ts';
import type { Graph, Value } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { transformer2DModel } from './attention.ts';
import { perLevel, pooledWidth, timeIdCount, type UNet2DConditionConfig } from './config.ts';
import { textTimeEmbedding, timestepEmbedding } from './embeddings.ts';
import type { IpAttentions } from './ip-adapter.ts';
import { linear } from './layers.ts';
import { downsample2D, type Norm, resnetBlock2D } from './resnet.ts';
import { levelOf, type TransformerPlace, transformerLayers } from './transformer-places.ts';
import type { ReusedAttention } from './unet-reuse.ts';

/**
 * The first half of a UNet: time embedding, down blocks and mid block, which ControlNetModel has as well
 * (diffusers models/unets/unet_2d_condition.py, models/controlnets/controlnet.py). Whatever reads weights here throws AppError
 * unsupported-model when a tensor is missing or of another shape.
 */

/** What all blocks of one UNet share. */
export interface UNetBlocks {
  readonly g: Graph;
  readonly config: UNet2DConditionConfig;
  /** The text encoders' states, [batch·T, D]. */
  readonly states: Value;
  /** The embedded timestep, [1, E], or [batch, E] where a text is part of it. */
  readonly temb: Value;
  readonly batch: number;
  readonly attention: ReusedAttention;
  /** Absent where no IP-Adapter is used. */
  readonly ipAttentions?: IpAttentions;
}

/** How the UNet's norms are computed. */
export function normOf(config: UNet2DConditionConfig): Norm {
  return {
    groups: config.norm_num_groups,
    epsilon: config.norm_eps,
    scaleShift: config.resnet_time_scale_shift === 'scale_shift',
  };
}

/** x [1 or batch, C, H, W] → [batch, C, H, W]: one sample becomes two where the halves of guidance begin to differ. */
export function toBatch({ g, batch }: UNetBlocks, x: Value): Value {
  return x.shape[0] === batch ? x : nn.concat(g, Array(batch).fill(x), 0);
}

/**
 * A ResNet block of a level: x [1 or batch, C, H, W] → [1 or batch, C', H, W], C' the level's block_out_channels.
 * @throws AppError unsupported-model when a tensor is missing or of another shape
 */
export function resnet({ g, config, temb }: UNetBlocks, w: Weights, x: Value, level: number): Value {
  return resnetBlock2D(g, w, x, temb, config.block_out_channels[level] as number, normOf(config));
}

/**
 * A transformer between the pixels and the text: x [1 or batch, C, H, W] → [batch, C, H, W].
 * @param w the weights of its block
 * @throws AppError unsupported-model when a tensor is missing, or of another shape or type
 */
export function crossAttention(unet: UNetBlocks, w: Weights, x: Value, place: TransformerPlace): Value {
  const { g, config, states, attention, ipAttentions } = unet;
  const { block, layer } = place;
  const level = levelOf(config, place);
  const { only_cross_attention: only } = config;
  return transformer2DModel(g, w.at('attentions', layer), toBatch(unet, x), states, {
    heads: perLevel(config.num_attention_heads ?? config.attention_head_dim, level),
    layers: transformerLayers(config, place),
    onlyCrossAttention: block !== 'mid' && (typeof only === 'boolean' ? only : only[level] === true),
    useLinearProjection: config.use_linear_projection,
    upcast: config.upcast_attention === true,
    groups: config.norm_num_groups,
    attention,
    ipAttentions: (of) => ipAttentions?.(place, of) ?? [],
  });
}

/**
 * The timestep, with what the configuration adds to it, as every ResNet block gets it.
 * timestep float32 [1], states [batch·T, D] → [1, E], or [batch, E] where a text is part of it.
 * Adds the inputs timestep_cond, text_embeds and time_ids where the configuration has them.
 * @throws AppError unsupported-model when a tensor is missing or of another shape
 */
export function timeEmbedding(
  g: Graph,
  config: UNet2DConditionConfig,
  weights: Weights,
  timestep: Value,
  states: Value,
  batch: number,
): Value {
  const first = config.block_out_channels[0] as number;
  const kind = { flipSinToCos: config.flip_sin_to_cos, freqShift: config.freq_shift };
  const features = config.time_embedding_dim ?? first * 4;
  const embed = (w: Weights, x: Value) =>
    linear(g, w.at('linear_2'), nn.silu(g, linear(g, w.at('linear_1'), x, features)), features);
  const activated = (name: typeof config.timestep_post_act, x: Value) =>
    name ? (name === 'gelu' ? nn.gelu : nn.silu)(g, x) : x;
  const finished = (x: Value) => activated(config.time_embedding_act_fn, x);

  let projected = timestepEmbedding(g, timestep, first, kind);
  if (config.time_cond_proj_dim) {
    const condition = g.steadyInput('timestep_cond', 'float32', [1, config.time_cond_proj_dim]);
    const cast = nn.cast(g, condition, g.target.dtype);
    projected = nn.add(g, projected, linear(g, weights.at('time_embedding', 'cond_proj'), cast, first));
  }
  const temb = activated(config.timestep_post_act, embed(weights.at('time_embedding'), projected));
  if (config.addition_embed_type === 'text') {
    const pooling = { batch, heads: config.addition_embed_type_num_heads, features };
    return finished(nn.add(g, textTimeEmbedding(g, weights.at('add_embedding'), states, pooling), temb));
  }
  if (config.addition_embed_type !== 'text_time') return finished(temb);

  const pooled = g.steadyInput('text_embeds', 'float32', [batch, pooledWidth(config)]);
  const count = timeIdCount(config);
  const timeIds = nn.reshape(g, g.steadyInput('time_ids', 'float32', [batch, count]), [batch * count]);
  const width = config.addition_time_embed_dim as number;
  const sizes = nn.reshape(g, timestepEmbedding(g, timeIds, width, kind), [batch, count * width]);
  const added = nn.concat(g, [nn.cast(g, pooled, g.target.dtype), sizes], 1);
  return finished(nn.add(g, embed(weights.at('add_embedding'), added), temb));
}

/**
 * The down blocks (diffusers models/unets/unet_2d_blocks.py, DownBlock2D and CrossAttnDownBlock2D).
 * x [1 or batch, C, H, W], what conv_in gives → the last block's result, and the skip connections, x the first of them.
 * @param addTo may add something to a level's last result, of the same shape (`additional_residuals`): after the last
 * transformer, or in a block without transformers after the downsampler
 * @throws AppError unsupported-model when a tensor is missing or of another shape
 */
export function downBlocks(
  unet: UNetBlocks,
  weights: Weights,
  x: Value,
  addTo: (result: Value, level: number) => Value = (result) => result,
): { readonly hidden: Value; readonly skips: readonly Value[] } {
  const { g, config } = unet;
  const pads: readonly [number, number, number, number] = config.downsample_padding
    ? [1, 1, 1, 1]
    : [0, 0, 1, 1];
  let hidden = x;
  const skips = [x];
  for (const [level, type] of config.down_block_types.entries()) {
    const block = weights.at('down_blocks', level);
    const hasAttention = type === 'CrossAttnDownBlock2D';
    const hasDownsampler = level < config.down_block_types.length - 1;
    const layers = perLevel(config.layers_per_block, level);
    for (let layer = 0; layer < layers; layer++) {
      hidden = resnet(unet, block.at('resnets', layer), hidden, level);
      if (hasAttention) hidden = crossAttention(unet, block, hidden, { block: 'down', index: level, layer });
      const isLast = layer === layers - 1 && (hasAttention || !hasDownsampler);
      if (isLast) hidden = addTo(hidden, level);
      skips.push(hidden);
    }
    if (!hasDownsampler) continue;
    hidden = downsample2D(g, block.at('downsamplers', 0), hidden, pads);
    if (!hasAttention) hidden = addTo(hidden, level);
    skips.push(hidden);
  }
  return { hidden, skips };
}

/**
 * The skip connections that DeepCache computes in every evaluation: x [1 or batch, C, H, W], what conv_in gives, and the results
 * of the first down block's first layers, `count` in all.
 * @throws AppError unsupported-model when a tensor is missing, or of another shape or type
 */
export function firstLayers(unet: UNetBlocks, weights: Weights, x: Value, count: number): readonly Value[] {
  const block = weights.at('down_blocks', 0);
  const hasAttention = unet.config.down_block_types[0] === 'CrossAttnDownBlock2D';
  const skips = [x];
  for (let layer = 0; layer < count - 1; layer++) {
    const hidden = resnet(unet, block.at('resnets', layer), skips[layer] as Value, 0);
    skips.push(
      hasAttention ? crossAttention(unet, block, hidden, { block: 'down', index: 0, layer }) : hidden,
    );
  }
  return skips;
}

/**
 * UNetMidBlock2DCrossAttn, UNetMidBlock2D without attention, or nothing, as the configuration has it:
 * x [1 or batch, C, H, W] → the same, with a transformer all of `batch`.
 * @throws AppError unsupported-model when a tensor is missing, or of another shape or type
 */
export function midBlock(unet: UNetBlocks, weights: Weights, x: Value): Value {
  const { g, config } = unet;
  if (config.mid_block_type === null) return x;
  const level = config.block_out_channels.length - 1;
  const w = weights.at('mid_block');
  const scaled = (value: Value) => {
    const factor = config.mid_block_scale_factor;
    return factor === 1 ? value : nn.mul(g, value, nn.scalar(g, 1 / factor));
  };
  const first = scaled(resnet(unet, w.at('resnets', 0), x, level));
  if (config.mid_block_type === 'UNetMidBlock2D') return first;
  const attended = crossAttention(unet, w, first, { block: 'mid', index: level, layer: 0 });
  return scaled(resnet(unet, w.at('resnets', 1), attended, level));
}
