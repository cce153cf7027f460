import type { Weights } from '../checkpoint/weights.ts';
import { Graph, type GraphTarget, type Value } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import type { AutoencoderTinyConfig } from './config.ts';
import { conv2d } from './layers.ts';
import type { SpatialSize } from './vae.ts';

/**
 * AutoencoderTinyBlock (diffusers models/unets/unet_2d_blocks.py), three convolutions and the residual.
 * x [1, C, H, W] → the same shape.
 */
function autoencoderTinyBlock(g: Graph, w: Weights, x: Value, outChannels: number): Value {
  let hidden = nn.relu(g, conv2d(g, w.at('conv', 0), x, outChannels));
  hidden = nn.relu(g, conv2d(g, w.at('conv', 2), hidden, outChannels));
  hidden = conv2d(g, w.at('conv', 4), hidden, outChannels);
  return nn.relu(g, nn.add(g, hidden, x));
}

/**
 * DecoderTiny (diffusers models/autoencoders/vae.py):
 * latent_sample float32 [1, C, h, w] → sample float32 [1, 3, H, W], its values about −1 … 1.
 * @throws AppError unsupported-model when the checkpoint's tensors are not those of the configuration
 */
export function autoencoderTinyDecoder(
  config: AutoencoderTinyConfig,
  weights: Weights,
  target: GraphTarget,
  { height, width }: SpatialSize,
): Graph {
  const g = new Graph('vae_decoder', target);
  const latents = g.input('latent_sample', 'float32', [1, config.latent_channels, height, width]);
  const layers = numbered(weights.at('decoder', 'layers'));
  const third = nn.mul(g, nn.cast(g, latents, target.dtype), nn.scalar(g, 1 / 3));
  let hidden = nn.mul(g, nn.tanh(g, third), nn.scalar(g, 3));
  hidden = nn.relu(g, conv2d(g, layers.next(), hidden, config.decoder_block_out_channels[0] as number));
  layers.skip();
  for (const [i, blocks] of config.num_decoder_blocks.entries()) {
    const isFinal = i === config.num_decoder_blocks.length - 1;
    const channels = config.decoder_block_out_channels[i] as number;
    for (let n = 0; n < blocks; n++) hidden = autoencoderTinyBlock(g, layers.next(), hidden, channels);
    if (!isFinal) {
      const [, , h, w] = hidden.shape as [number, number, number, number];
      hidden = nn.upsampleNearest(g, hidden, h * 2, w * 2);
      layers.skip();
    }
    hidden = conv2d(g, layers.next(), hidden, isFinal ? config.out_channels : channels);
  }
  const doubled = nn.mul(g, hidden, nn.scalar(g, 2));
  g.output('sample', nn.cast(g, nn.sub(g, doubled, nn.scalar(g, 1)), 'float32'));
  return g;
}

/**
 * EncoderTiny: sample float32 [1, 3, H, W], −1 … 1 → latents float32 [1, C, h, w].
 * @throws AppError unsupported-model when the checkpoint's tensors are not those of the configuration
 */
export function autoencoderTinyEncoder(
  config: AutoencoderTinyConfig,
  weights: Weights,
  target: GraphTarget,
  { height, width }: SpatialSize,
): Graph {
  const g = new Graph('vae_encoder', target);
  const sample = g.input('sample', 'float32', [1, config.in_channels, height, width]);
  const layers = numbered(weights.at('encoder', 'layers'));
  const half = nn.mul(g, nn.cast(g, sample, target.dtype), nn.scalar(g, 0.5));
  let hidden = nn.add(g, half, nn.scalar(g, 0.5));
  for (const [i, blocks] of config.num_encoder_blocks.entries()) {
    const channels = config.encoder_block_out_channels[i] as number;
    const stride = i === 0 ? {} : { stride: 2, pads: [1, 1, 1, 1] as const };
    hidden = conv2d(g, layers.next(), hidden, channels, stride);
    for (let n = 0; n < blocks; n++) hidden = autoencoderTinyBlock(g, layers.next(), hidden, channels);
  }
  g.output('latents', nn.cast(g, conv2d(g, layers.next(), hidden, config.latent_channels), 'float32'));
  return g;
}

/** The children of an nn.Sequential in order; `skip` passes over one that has no weights. */
function numbered(w: Weights): { next(): Weights; skip(): void } {
  let index = 0;
  return {
    next: () => w.at(index++),
    skip: () => {
      index++;
    },
  };
}
