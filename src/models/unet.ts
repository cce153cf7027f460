import type { Weights } from '../checkpoint/weights.ts';
import { Graph, type GraphTarget, type Value } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { perLevel, textWidth, type UNet2DConditionConfig } from './config.ts';
import { conv2d, groupNorm, linear } from './layers.ts';
import { upsample2D } from './resnet.ts';
import {
  crossAttention,
  downBlocks,
  midBlock,
  normOf,
  resnet,
  timeEmbedding,
  toBatch,
  type UNetBlocks,
} from './unet-encoder.ts';

/** What a UNet is built for: its graph fits no other sizes. */
export interface UNetShape {
  /** Of the latents, in latent pixels. */
  readonly height: number;
  readonly width: number;
  /** Tokens of a text. */
  readonly sequenceLength: number;
  /** 2 runs both halves of classifier-free guidance, the unconditional one first. */
  readonly batch: 1 | 2;
  readonly addends?: UNetAddends;
}

/** Which results of other networks are added between the blocks; each of them is one more input of the graph. */
export interface UNetAddends {
  /** ControlNet's: one for each skip connection, one for the mid block. */
  readonly controlNet?: boolean;
  /** How many of a T2I-Adapter's feature maps: the n-th is for the n-th level, one beyond the levels for the mid block. */
  readonly adapter?: number;
}

/**
 * UNet2DConditionModel (diffusers models/unets/unet_2d_condition.py) as one graph.
 *
 * sample float32 [1, C, height, width], timestep float32 [1], encoder_hidden_states float32 [batch, sequenceLength, D];
 * with addition_embed_type "text_time" also text_embeds float32 [batch, P] and time_ids float32 [batch, timeIdCount];
 * with time_cond_proj_dim also timestep_cond float32 [1, time_cond_proj_dim];
 * with ControlNet's addends also down_block_additional_residuals_0, _1, … and mid_block_additional_residual, float32
 * [batch, …] of the shape they are added to; with an adapter's also down_intrablock_additional_residuals_0, _1, …, float32
 * [1, …]
 * → out_sample float32 [batch, C, height, width].
 * What is given of the texts and of their guidance is steady: it is the same at every step.
 *
 * Both halves of guidance see the same sample, so what comes before the first attention to the text is computed once.
 * @throws AppError unsupported-model when the checkpoint's tensors are not those of the configuration
 */
export function unet2DConditionModel(
  config: UNet2DConditionConfig,
  weights: Weights,
  target: GraphTarget,
  { height, width, sequenceLength, batch, addends = {} }: UNetShape,
): Graph {
  const g = new Graph('unet', target);
  const sample = g.input('sample', 'float32', [1, config.in_channels, height, width]);
  const timestep = g.input('timestep', 'float32', [1]);
  const textDim = textWidth(config);
  const texts = g.steadyInput('encoder_hidden_states', 'float32', [batch, sequenceLength, textDim]);
  const given = nn.cast(g, nn.reshape(g, texts, [batch * sequenceLength, textDim]), target.dtype);

  // 1. time
  const temb = timeEmbedding(g, config, weights, timestep, given, batch);
  const states = config.encoder_hid_dim
    ? linear(g, weights.at('encoder_hid_proj'), given, config.cross_attention_dim)
    : given;
  const unet: UNetBlocks = { g, config, states, temb, batch };
  const { controlNet = false, adapter = 0 } = addends;
  const addFeature = (x: Value, i: number) =>
    i < adapter ? addInput(g, x, `down_intrablock_additional_residuals_${i}`, 1) : x;

  // 2. pre-process
  const channels = config.block_out_channels;
  const cast = nn.cast(g, sample, target.dtype);
  const centered = config.center_input_sample
    ? nn.sub(g, nn.mul(g, cast, nn.scalar(g, 2)), nn.scalar(g, 1))
    : cast;
  let hidden = conv2d(g, weights.at('conv_in'), centered, channels[0] as number, {
    kernel: config.conv_in_kernel,
  });
  if (temb.shape[0] === batch) hidden = toBatch(unet, hidden);

  // 3. down
  const down = downBlocks(unet, weights, hidden, addFeature);
  const skips = controlNet
    ? down.skips.map((skip, i) => addInput(g, skip, `down_block_additional_residuals_${i}`, batch))
    : down.skips;

  // 4. mid
  hidden = midBlock(unet, weights, down.hidden);
  if (config.mid_block_type !== null) hidden = addFeature(hidden, channels.length);
  if (controlNet) hidden = addInput(g, hidden, 'mid_block_additional_residual', batch);

  // 5. up
  hidden = upBlocks(unet, weights, hidden, skips);

  // 6. post-process
  const norm = { ...normOf(config), activation: true };
  hidden = groupNorm(g, weights.at('conv_norm_out'), toBatch(unet, hidden), norm);
  const predicted = conv2d(g, weights.at('conv_out'), hidden, config.out_channels, {
    kernel: config.conv_out_kernel,
  });
  g.output('out_sample', nn.cast(g, predicted, 'float32'));
  return g;
}

/** x [B, C, H, W] and a new input float32 [rows, C, H, W] of this name → their sum. */
function addInput(g: Graph, x: Value, name: string, rows: number): Value {
  const addend = g.input(name, 'float32', x.shape.with(0, rows));
  return nn.add(g, x, nn.cast(g, addend, g.target.dtype));
}

/**
 * The up blocks (diffusers models/unets/unet_2d_blocks.py, UpBlock2D and CrossAttnUpBlock2D).
 * x [1 or batch, C, h, w] and the skip connections, the first one of the size of the result
 * → [batch, C', H, W], C' the first of block_out_channels.
 */
function upBlocks(unet: UNetBlocks, weights: Weights, x: Value, skipConnections: readonly Value[]): Value {
  const { g, config } = unet;
  const skips = [...skipConnections];
  let hidden = x;
  for (const [i, type] of config.up_block_types.entries()) {
    const level = config.up_block_types.length - 1 - i;
    const block = weights.at('up_blocks', i);
    for (let layer = 0; layer <= perLevel(config.layers_per_block, level); layer++) {
      hidden = toBatch(unet, hidden);
      const joined = nn.concat(g, [hidden, toBatch(unet, skips.pop() as Value)], 1);
      hidden = resnet(unet, block.at('resnets', layer), joined, level);
      if (type === 'CrossAttnUpBlock2D')
        hidden = crossAttention(unet, block, hidden, { block: 'up', index: i, layer });
    }
    // An odd size was rounded up by the downsampler: diffusers' forward_upsample_size.
    const [, , toHeight, toWidth] = (skips.at(-1) ?? hidden).shape as [number, number, number, number];
    if (level > 0) hidden = upsample2D(g, block.at('upsamplers', 0), hidden, [toHeight, toWidth]);
  }
  return hidden;
}
