import type { Weights } from '../checkpoint/weights.ts';
import type { Graph, Value } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { textWidth, type UNet2DConditionConfig } from './config.ts';
import { linear } from './layers.ts';
import { timeEmbedding, type UNetBlocks } from './unet-encoder.ts';
import { reusedAttention, type UNetReuse } from './unet-reuse.ts';

interface InputShape {
  /** Of the latents, in latent pixels. */
  readonly height: number;
  readonly width: number;
  readonly sequenceLength: number;
  readonly batch: 1 | 2;
  readonly reuse?: UNetReuse | undefined;
}

/**
 * The inputs of a UNet, or of a ControlNet made from one, and what its blocks get from all but the sample: the time, the texts.
 * @returns sample float32 [1, in_channels, height, width]
 */
export function unetInputs(
  g: Graph,
  config: UNet2DConditionConfig,
  weights: Weights,
  { height, width, sequenceLength, batch, reuse }: InputShape,
): { readonly sample: Value; readonly unet: UNetBlocks } {
  const sample = g.input('sample', 'float32', [1, config.in_channels, height, width]);
  const timestep = g.input('timestep', 'float32', [1]);
  const textDim = textWidth(config);
  const texts = g.steadyInput('encoder_hidden_states', 'float32', [batch, sequenceLength, textDim]);
  const given = nn.cast(g, nn.reshape(g, texts, [batch * sequenceLength, textDim]), g.target.dtype);
  const temb = timeEmbedding(g, config, weights, timestep, given, batch);
  const states = config.encoder_hid_dim
    ? linear(g, weights.at('encoder_hid_proj'), given, config.cross_attention_dim)
    : given;
  return { sample, unet: { g, config, states, temb, batch, attention: reusedAttention(g, batch, reuse) } };
}
