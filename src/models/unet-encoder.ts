import type { Weights } from '../checkpoint/weights.ts';
import type { Graph, Value } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { transformer2DModel } from './attention.ts';
import { perLevel, pooledWidth, type UNet2DConditionConfig } from './config.ts';
import { textTimeEmbedding, timestepEmbedding } from './embeddings.ts';
import { linear } from './layers.ts';
import { downsample2D, type Norm, resnetBlock2D } from './resnet.ts';

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

/** A transformer of a level, between the pixels and the text: x [1 or batch, C, H, W] → [batch, C, H, W]. */
export function crossAttention(unet: UNetBlocks, w: Weights, x: Value, level: number): Value {
  const { g, config, states } = unet;
  return transformer2DModel(g, w, toBatch(unet, x), states, {
    heads: perLevel(config.num_attention_heads ?? config.attention_head_dim, level),
    layers: perLevel(config.transformer_layers_per_block, level),
    useLinearProjection: config.use_linear_projection,
    upcast: config.upcast_attention === true,
    groups: config.norm_num_groups,
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
  const embed = (w: Weights, x: Value) =>
    linear(g, w.at('linear_2'), nn.silu(g, linear(g, w.at('linear_1'), x, first * 4)), first * 4);

  let projected = timestepEmbedding(g, timestep, first, kind);
  if (config.time_cond_proj_dim) {
    const condition = g.input('timestep_cond', 'float32', [1, config.time_cond_proj_dim]);
    const cast = nn.cast(g, condition, g.target.dtype);
    projected = nn.add(g, projected, linear(g, weights.at('time_embedding', 'cond_proj'), cast, first));
  }
  const temb = embed(weights.at('time_embedding'), projected);
  if (config.addition_embed_type === 'text') {
    const pooling = { batch, heads: config.addition_embed_type_num_heads, features: first * 4 };
    return nn.add(g, textTimeEmbedding(g, weights.at('add_embedding'), states, pooling), temb);
  }
  if (config.addition_embed_type !== 'text_time') return temb;

  const pooled = g.input('text_embeds', 'float32', [batch, pooledWidth(config)]);
  const timeIds = nn.reshape(g, g.input('time_ids', 'float32', [batch, 6]), [batch * 6]);
  const width = config.addition_time_embed_dim as number;
  const sizes = nn.reshape(g, timestepEmbedding(g, timeIds, width, kind), [batch, 6 * width]);
  const added = nn.concat(g, [nn.cast(g, pooled, g.target.dtype), sizes], 1);
  return nn.add(g, embed(weights.at('add_embedding'), added), temb);
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
  let hidden = x;
  const skips = [x];
  for (const [level, type] of config.down_block_types.entries()) {
    const block = weights.at('down_blocks', level);
    const hasAttention = type === 'CrossAttnDownBlock2D';
    const hasDownsampler = level < config.down_block_types.length - 1;
    for (let i = 0; i < config.layers_per_block; i++) {
      hidden = resnet(unet, block.at('resnets', i), hidden, level);
      if (hasAttention) hidden = crossAttention(unet, block.at('attentions', i), hidden, level);
      const isLast = i === config.layers_per_block - 1 && (hasAttention || !hasDownsampler);
      if (isLast) hidden = addTo(hidden, level);
      skips.push(hidden);
    }
    if (!hasDownsampler) continue;
    hidden = downsample2D(g, block.at('downsamplers', 0), hidden);
    if (!hasAttention) hidden = addTo(hidden, level);
    skips.push(hidden);
  }
  return { hidden, skips };
}

/** UNetMidBlock2DCrossAttn, where the configuration has one: x [1 or batch, C, H, W] → the same with all of `batch`. */
export function midBlock(unet: UNetBlocks, weights: Weights, x: Value): Value {
  if (unet.config.mid_block_type === null) return x;
  const level = unet.config.block_out_channels.length - 1;
  const w = weights.at('mid_block');
  const first = resnet(unet, w.at('resnets', 0), x, level);
  const attended = crossAttention(unet, w.at('attentions', 0), first, level);
  return resnet(unet, w.at('resnets', 1), attended, level);
}
