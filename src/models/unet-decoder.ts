import type { Weights } from '../checkpoint/weights.ts';
import type { Value } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { perLevel } from './config.ts';
import { upsample2D } from './resnet.ts';
import { crossAttention, resnet, toBatch, type UNetBlocks } from './unet-encoder.ts';

/** What enters the last layers of a UNet, as DeepCache keeps it. */
const DEEP = 'deep_features';

/**
 * The up blocks (diffusers models/unets/unet_2d_blocks.py, UpBlock2D and CrossAttnUpBlock2D).
 * x [1 or batch, C, h, w] and the skip connections, the first one of the size of the result
 * → [batch, C', H, W], C' the first of block_out_channels.
 * @param kept how many of the last block's last layers DeepCache computes alone: what enters them is kept
 * @throws AppError unsupported-model when a tensor is missing, or of another shape or type
 */
export function upBlocks(
  unet: UNetBlocks,
  weights: Weights,
  x: Value,
  skipConnections: readonly Value[],
  kept?: number,
): Value {
  const { g, config } = unet;
  const skips = [...skipConnections];
  const last = config.up_block_types.length - 1;
  let hidden = x;
  for (const index of config.up_block_types.keys()) {
    const level = last - index;
    const layers = layersOf(unet, index);
    for (let layer = 0; layer < layers; layer++) {
      hidden = toBatch(unet, hidden);
      if (index === last && layer === layers - (kept ?? 0)) nn.keep(g, DEEP, nn.toSequence(g, hidden));
      hidden = upLayer(unet, weights, hidden, skips.pop() as Value, index, layer);
    }
    // An odd size was rounded up by the downsampler: diffusers' forward_upsample_size.
    const [, , toHeight, toWidth] = (skips.at(-1) ?? hidden).shape as [number, number, number, number];
    const upsampler = weights.at('up_blocks', index, 'upsamplers', 0);
    if (level > 0) hidden = upsample2D(g, upsampler, hidden, [toHeight, toWidth]);
  }
  return hidden;
}

/** The last block's last layers, as many as there are skip connections, on what a whole evaluation has kept. */
export function lastLayers(unet: UNetBlocks, weights: Weights, skips: readonly Value[]): Value {
  const { g, config, batch } = unet;
  const index = config.up_block_types.length - 1;
  const layers = layersOf(unet, index);
  const first = layers - skips.length;
  const [, , height, width] = (skips[0] as Value).shape as [number, number, number, number];
  const channels = channelsBefore(unet, index, first);
  const deep = nn.kept(g, DEEP, [batch * height * width, channels]);
  let hidden = nn.toFeatureMap(g, deep, [batch, channels, height, width]);
  for (const [i, skip] of skips.toReversed().entries())
    hidden = upLayer(unet, weights, hidden, skip, index, first + i);
  return hidden;
}

/** How many of the last block's last layers a branch of DeepCache computes. */
export const branchLayers = (unet: UNetBlocks, branch: number): number =>
  Math.min(branch + 1, layersOf(unet, unet.config.up_block_types.length - 1));

const layersOf = ({ config }: UNetBlocks, index: number): number =>
  perLevel(config.layers_per_block, config.up_block_types.length - 1 - index) + 1;

/** The channels that enter a layer of an up block: those of its own level, at its beginning those of the block before. */
function channelsBefore({ config }: UNetBlocks, index: number, layer: number): number {
  const channels = config.block_out_channels;
  const level = channels.length - 1 - index;
  return channels[layer > 0 ? level : Math.min(level + 1, channels.length - 1)] as number;
}

/** One ResNet block of an up block, and the transformer that follows it: x [batch, C, h, w] and a skip connection → the same size. */
function upLayer(
  unet: UNetBlocks,
  weights: Weights,
  x: Value,
  skip: Value,
  index: number,
  layer: number,
): Value {
  const { g, config } = unet;
  const block = weights.at('up_blocks', index);
  const joined = nn.concat(g, [x, toBatch(unet, skip)], 1);
  const hidden = resnet(unet, block.at('resnets', layer), joined, config.up_block_types.length - 1 - index);
  if (config.up_block_types[index] !== 'CrossAttnUpBlock2D') return hidden;
  return crossAttention(unet, block, hidden, { block: 'up', index, layer });
}
