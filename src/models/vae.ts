import type { Weights } from '../checkpoint/weights.ts';
import { Graph, type GraphTarget, type Value } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { vaeAttention } from './attention.ts';
import type { AutoencoderKLConfig } from './config.ts';
import { conv2d, groupNorm } from './layers.ts';
import { downsample2D, resnetBlock2D, upsample2D } from './resnet.ts';

/** Height and width of the graph's input, in latent pixels to decode, in pixels to encode. */
export interface SpatialSize {
  readonly height: number;
  readonly width: number;
}

// Of every norm of the VAE (diffusers models/autoencoders/vae.py), whatever the configuration says.
const EPSILON = 1e-6;

/** UNetMidBlock2D of the VAE: x [1, C, H, W] → the same shape. */
function midBlock(g: Graph, w: Weights, x: Value, config: AutoencoderKLConfig): Value {
  const norm = { groups: config.norm_num_groups, epsilon: EPSILON };
  const channels = x.shape[1] as number;
  let hidden = resnetBlock2D(g, w.at('resnets', 0), x, undefined, channels, norm);
  if (config.mid_block_add_attention) hidden = vaeAttention(g, w.at('attentions', 0), hidden, norm);
  return resnetBlock2D(g, w.at('resnets', 1), hidden, undefined, channels, norm);
}

/**
 * AutoencoderKL.decode (diffusers models/autoencoders/autoencoder_kl.py):
 * latent_sample float32 [1, C, h, w] → sample float32 [1, 3, H, W], its values about −1 … 1.
 * @throws AppError unsupported-model when the checkpoint's tensors are not those of the configuration
 */
export function autoencoderKLDecoder(
  config: AutoencoderKLConfig,
  weights: Weights,
  target: GraphTarget,
  { height, width }: SpatialSize,
): Graph {
  const g = new Graph('vae_decoder', target);
  const norm = { groups: config.norm_num_groups, epsilon: EPSILON };
  const channels = config.block_out_channels.toReversed();
  const w = weights.at('decoder');
  const latents = g.input('latent_sample', 'float32', [1, config.latent_channels, height, width]);
  let hidden = nn.cast(g, latents, target.dtype);
  if (config.use_post_quant_conv) {
    hidden = conv2d(g, weights.at('post_quant_conv'), hidden, config.latent_channels, { kernel: 1 });
  }
  hidden = conv2d(g, w.at('conv_in'), hidden, channels[0] as number);
  hidden = midBlock(g, w.at('mid_block'), hidden, config);
  for (const [i, outChannels] of channels.entries()) {
    const block = w.at('up_blocks', i);
    for (let layer = 0; layer <= config.layers_per_block; layer++) {
      hidden = resnetBlock2D(g, block.at('resnets', layer), hidden, undefined, outChannels, norm);
    }
    if (i < channels.length - 1) hidden = upsample2D(g, block.at('upsamplers', 0), hidden);
  }
  hidden = groupNorm(g, w.at('conv_norm_out'), hidden, { ...norm, activation: true });
  g.output('sample', nn.cast(g, conv2d(g, w.at('conv_out'), hidden, config.out_channels), 'float32'));
  return g;
}

/**
 * AutoencoderKL.encode: sample float32 [1, 3, H, W], −1 … 1 → latent_parameters float32 [1, 2C, h, w], the mean and the log
 * variance of DiagonalGaussianDistribution.
 * @throws AppError unsupported-model when the checkpoint's tensors are not those of the configuration
 */
export function autoencoderKLEncoder(
  config: AutoencoderKLConfig,
  weights: Weights,
  target: GraphTarget,
  { height, width }: SpatialSize,
): Graph {
  const g = new Graph('vae_encoder', target);
  const norm = { groups: config.norm_num_groups, epsilon: EPSILON };
  const channels = config.block_out_channels;
  const w = weights.at('encoder');
  const sample = g.input('sample', 'float32', [1, config.in_channels, height, width]);
  let hidden = conv2d(g, w.at('conv_in'), nn.cast(g, sample, target.dtype), channels[0] as number);
  for (const [i, outChannels] of channels.entries()) {
    const block = w.at('down_blocks', i);
    for (let layer = 0; layer < config.layers_per_block; layer++) {
      hidden = resnetBlock2D(g, block.at('resnets', layer), hidden, undefined, outChannels, norm);
    }
    if (i < channels.length - 1) hidden = downsample2D(g, block.at('downsamplers', 0), hidden, [0, 0, 1, 1]);
  }
  hidden = midBlock(g, w.at('mid_block'), hidden, config);
  hidden = groupNorm(g, w.at('conv_norm_out'), hidden, { ...norm, activation: true });
  hidden = conv2d(g, w.at('conv_out'), hidden, config.latent_channels * 2);
  if (config.use_quant_conv) {
    hidden = conv2d(g, weights.at('quant_conv'), hidden, config.latent_channels * 2, { kernel: 1 });
  }
  g.output('latent_parameters', nn.cast(g, hidden, 'float32'));
  return g;
}
