import type { Tensors, Weights } from '../checkpoint/weights.ts';
import { Graph, type GraphTarget, type Value } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import type { UNet2DConditionConfig } from './config.ts';
import { type IpAdapterShape, ipAdapterInputs } from './ip-adapter.ts';
import { conv2d, groupNorm } from './layers.ts';
import { branchLayers, lastLayers, upBlocks } from './unet-decoder.ts';
import { downBlocks, firstLayers, midBlock, normOf, toBatch, type UNetBlocks } from './unet-encoder.ts';
import { unetInputs } from './unet-inputs.ts';
import type { UNetReuse } from './unet-reuse.ts';

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
  /** What is taken over from another evaluation, or kept for one. */
  readonly reuse?: UNetReuse;
  /** Those that read pictures as prompts; absent for none. */
  readonly ipAdapters?: readonly IpAdapterShape[];
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
 * with `reuse` also what was kept, of another run with as many rows; with `ipAdapters` also what `ipAdapterInputs` adds.
 * What is given of the texts and of their guidance is steady: it is the same at every step.
 *
 * Both halves of guidance see the same sample, so what comes before the first attention to the text is computed once.
 * @param ipTensors of the files of `ipAdapters`
 * @throws AppError unsupported-model when the checkpoint's tensors are not those of the configuration
 */
export function unet2DConditionModel(
  config: UNet2DConditionConfig,
  weights: Weights,
  target: GraphTarget,
  { height, width, sequenceLength, batch, addends = {}, reuse, ipAdapters }: UNetShape,
  ipTensors: readonly Tensors[] = [],
): Graph {
  const g = new Graph('unet', target);
  // 1. time
  const inputs = unetInputs(g, config, weights, { height, width, sequenceLength, batch, reuse });
  const { sample } = inputs;
  const unet = ipAdapters
    ? { ...inputs.unet, ipAttentions: ipAdapterInputs(g, config, batch, ipAdapters, ipTensors) }
    : inputs.unet;
  const { temb } = unet;

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

  // 3. down, mid, up
  const layers = reuse?.method === 'deepcache' ? branchLayers(unet, reuse.branch) : undefined;
  hidden =
    layers !== undefined && reuse?.part === 'shallow'
      ? lastLayers(unet, weights, firstLayers(unet, weights, hidden, layers))
      : allBlocks(unet, weights, hidden, addends, layers);

  // 4. post-process
  const norm = { ...normOf(config), activation: true };
  hidden = groupNorm(g, weights.at('conv_norm_out'), toBatch(unet, hidden), norm);
  const predicted = conv2d(g, weights.at('conv_out'), hidden, config.out_channels, {
    kernel: config.conv_out_kernel,
  });
  g.output('out_sample', nn.cast(g, predicted, 'float32'));
  return g;
}

/** @param kept how many of the last layers DeepCache computes alone */
function allBlocks(
  unet: UNetBlocks,
  weights: Weights,
  x: Value,
  { controlNet = false, adapter = 0 }: UNetAddends,
  kept: number | undefined,
): Value {
  const { g, config, batch } = unet;
  const addFeature = (value: Value, i: number) =>
    i < adapter ? addInput(g, value, `down_intrablock_additional_residuals_${i}`, 1) : value;
  const down = downBlocks(unet, weights, x, addFeature);
  const skips = controlNet
    ? down.skips.map((skip, i) => addInput(g, skip, `down_block_additional_residuals_${i}`, batch))
    : down.skips;
  let hidden = midBlock(unet, weights, down.hidden);
  if (config.mid_block_type !== null) hidden = addFeature(hidden, config.block_out_channels.length);
  if (controlNet) hidden = addInput(g, hidden, 'mid_block_additional_residual', batch);
  return upBlocks(unet, weights, hidden, skips, kept);
}

/** x [B, C, H, W] and a new input float32 [rows, C, H, W] of this name → their sum. */
function addInput(g: Graph, x: Value, name: string, rows: number): Value {
  const addend = g.input(name, 'float32', x.shape.with(0, rows));
  return nn.add(g, x, nn.cast(g, addend, g.target.dtype));
}
