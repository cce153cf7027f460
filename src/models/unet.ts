import type { Weights } from '../checkpoint/weights.ts';
import { Graph, type GraphTarget, type Value } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { type TransformerConfig, transformer2DModel } from './attention.ts';
import { perLevel, pooledWidth, type UNet2DConditionConfig } from './config.ts';
import { textTimeEmbedding, timestepEmbedding } from './embeddings.ts';
import { conv2d, groupNorm, linear } from './layers.ts';
import { downsample2D, resnetBlock2D, upsample2D } from './resnet.ts';

export interface UNetShape {
  /** Of the latents. */
  readonly height: number;
  readonly width: number;
  /** Tokens of the context. */
  readonly sequenceLength: number;
  /** Two runs both halves of classifier-free guidance, the unconditional one first. */
  readonly batch: 1 | 2;
}

/**
 * UNet2DConditionModel (diffusers models/unets/unet_2d_condition.py) as one graph.
 *
 * sample float32 [1, C, height, width], timestep float32 [1], encoder_hidden_states float32 [batch, sequenceLength, D];
 * with addition_embed_type "text_time" also text_embeds float32 [batch, P] and time_ids float32 [batch, 6];
 * with time_cond_proj_dim also timestep_cond float32 [1, time_cond_proj_dim]
 * → out_sample float32 [batch, C, height, width].
 *
 * Both halves of guidance see the same sample, so what comes before the texts have a say is computed once.
 * @throws AppError unsupported-model when the checkpoint's tensors are not those of the configuration
 */
export function unet2DConditionModel(
  config: UNet2DConditionConfig,
  weights: Weights,
  target: GraphTarget,
  { height, width, sequenceLength, batch }: UNetShape,
): Graph {
  const g = new Graph('unet', target);
  const sample = g.input('sample', 'float32', [1, config.in_channels, height, width]);
  const timestep = g.input('timestep', 'float32', [1]);
  const states = g.input('encoder_hidden_states', 'float32', [
    batch,
    sequenceLength,
    config.cross_attention_dim,
  ]);
  const context = nn.cast(
    g,
    nn.reshape(g, states, [batch * sequenceLength, config.cross_attention_dim]),
    target.dtype,
  );

  const channels = config.block_out_channels;
  const levels = channels.length;
  const norm = {
    groups: config.norm_num_groups,
    epsilon: config.norm_eps,
    scaleShift: config.resnet_time_scale_shift === 'scale_shift',
  };
  const transformer = (level: number): TransformerConfig => ({
    heads: perLevel(config.num_attention_heads ?? config.attention_head_dim, level),
    layers: perLevel(config.transformer_layers_per_block, level),
    useLinearProjection: config.use_linear_projection,
    upcast: config.upcast_attention === true,
    groups: config.norm_num_groups,
  });
  /** One picture for both halves becomes two, where they part. */
  const stacked = (x: Value): Value => (x.shape[0] === batch ? x : nn.concat(g, Array(batch).fill(x), 0));
  const attend = (w: Weights, x: Value, level: number) =>
    transformer2DModel(g, w, stacked(x), context, transformer(level));

  // 1. time
  const first = channels[0] as number;
  const temb = timeEmbedding(g, config, weights, timestep, context, batch);

  // 2. pre-process
  let hidden = conv2d(g, weights.at('conv_in'), nn.cast(g, sample, target.dtype), first);
  if (temb.shape[0] === batch) hidden = stacked(hidden);
  const skips = [hidden];

  // 3. down
  for (const [level, type] of config.down_block_types.entries()) {
    const block = weights.at('down_blocks', level);
    for (let i = 0; i < config.layers_per_block; i++) {
      hidden = resnetBlock2D(g, block.at('resnets', i), hidden, temb, channels[level] as number, norm);
      if (type === 'CrossAttnDownBlock2D') hidden = attend(block.at('attentions', i), hidden, level);
      skips.push(hidden);
    }
    if (level < levels - 1) {
      hidden = downsample2D(g, block.at('downsamplers', 0), hidden);
      skips.push(hidden);
    }
  }

  // 4. mid
  if (config.mid_block_type !== null) {
    const mid = weights.at('mid_block');
    const last = channels.at(-1) as number;
    hidden = resnetBlock2D(g, mid.at('resnets', 0), hidden, temb, last, norm);
    hidden = attend(mid.at('attentions', 0), hidden, levels - 1);
    hidden = resnetBlock2D(g, mid.at('resnets', 1), hidden, temb, last, norm);
  }

  // 5. up
  for (const [i, type] of config.up_block_types.entries()) {
    const level = levels - 1 - i;
    const block = weights.at('up_blocks', i);
    for (let layer = 0; layer <= config.layers_per_block; layer++) {
      hidden = stacked(hidden);
      const joined = nn.concat(g, [hidden, stacked(skips.pop() as Value)], 1);
      hidden = resnetBlock2D(g, block.at('resnets', layer), joined, temb, channels[level] as number, norm);
      if (type === 'CrossAttnUpBlock2D') hidden = attend(block.at('attentions', layer), hidden, level);
    }
    // Odd sizes lose half a pixel on the way down: diffusers' forward_upsample_size.
    const [, , toHeight, toWidth] = (skips.at(-1) ?? hidden).shape as [number, number, number, number];
    if (level > 0) hidden = upsample2D(g, block.at('upsamplers', 0), hidden, [toHeight, toWidth]);
  }

  // 6. post-process
  hidden = groupNorm(g, weights.at('conv_norm_out'), stacked(hidden), { ...norm, activation: true });
  g.output(
    'out_sample',
    nn.cast(g, conv2d(g, weights.at('conv_out'), hidden, config.out_channels), 'float32'),
  );
  return g;
}

/** The timestep, and what the family adds to it, as every ResNet block gets it: [1, E], or [batch, E] with a text in it. */
function timeEmbedding(
  g: Graph,
  config: UNet2DConditionConfig,
  weights: Weights,
  timestep: Value,
  context: Value,
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
    return nn.add(g, textTimeEmbedding(g, weights.at('add_embedding'), context, pooling), temb);
  }
  if (config.addition_embed_type !== 'text_time') return temb;

  const pooled = g.input('text_embeds', 'float32', [batch, pooledWidth(config)]);
  const timeIds = nn.reshape(g, g.input('time_ids', 'float32', [batch, 6]), [batch * 6]);
  const width = config.addition_time_embed_dim as number;
  const sizes = nn.reshape(g, timestepEmbedding(g, timeIds, width, kind), [batch, 6 * width]);
  const added = nn.concat(g, [nn.cast(g, pooled, g.target.dtype), sizes], 1);
  return nn.add(g, embed(weights.at('add_embedding'), added), temb);
}
