import type { Weights } from '../checkpoint/weights.ts';
import type { Graph, Value } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { conv2d, groupNorm, linear } from './layers.ts';

/** How the GroupNorms of a model are computed. */
export interface Norm {
  readonly groups: number;
  readonly epsilon: number;
  /** time_embedding_norm "scale_shift": the time scales and shifts the result of norm2, instead of being added before it. */
  readonly scaleShift?: boolean;
}

/**
 * ResnetBlock2D (diffusers models/resnet.py).
 * x [1 or B, C, H, W], temb [1 or B, E] or none → [1 or B, outChannels, H, W].
 * @throws AppError unsupported-model when a tensor is missing or of another shape
 */
export function resnetBlock2D(
  g: Graph,
  w: Weights,
  x: Value,
  temb: Value | undefined,
  outChannels: number,
  norm: Norm,
): Value {
  let hidden = groupNorm(g, w.at('norm1'), x, { ...norm, activation: true });
  hidden = conv2d(g, w.at('conv1'), hidden, outChannels);
  const projected = (time: Value, features: number) => {
    const rows = linear(g, w.at('time_emb_proj'), nn.silu(g, time), features);
    return nn.reshape(g, rows, [...rows.shape, 1, 1]);
  };
  if (temb && norm.scaleShift) {
    const [scale, shift] = nn.split(g, projected(temb, 2 * outChannels), 2, 1) as [Value, Value];
    hidden = groupNorm(g, w.at('norm2'), hidden, norm);
    hidden = nn.mul(g, hidden, nn.add(g, scale, nn.scalar(g, 1)));
    hidden = nn.silu(g, nn.add(g, hidden, shift));
  } else {
    if (temb) hidden = nn.add(g, hidden, projected(temb, outChannels));
    hidden = groupNorm(g, w.at('norm2'), hidden, { ...norm, activation: true });
  }
  hidden = conv2d(g, w.at('conv2'), hidden, outChannels);
  const shortcut = w.has('conv_shortcut.weight')
    ? conv2d(g, w.at('conv_shortcut'), x, outChannels, { kernel: 1 })
    : x;
  return nn.add(g, shortcut, hidden);
}

/**
 * Downsample2D (diffusers models/downsampling.py), a convolution of stride 2: x [B, C, H, W] → [B, C, ⌈H/2⌉, ⌈W/2⌉].
 * @param pads at the top, left, bottom and right; the VAE has them at the bottom and right only (`padding=0`)
 * @throws AppError unsupported-model when a tensor is missing or of another shape
 */
export function downsample2D(
  g: Graph,
  w: Weights,
  x: Value,
  pads: readonly [number, number, number, number] = [1, 1, 1, 1],
): Value {
  return conv2d(g, w.at('conv'), x, x.shape[1] as number, { stride: 2, pads });
}

/**
 * Upsample2D (diffusers models/upsampling.py), nearest neighbour and a convolution: x [B, C, H, W] → [B, C, H', W'].
 * @param size [H', W'], twice the size by default
 * @throws AppError unsupported-model when a tensor is missing or of another shape
 */
export function upsample2D(g: Graph, w: Weights, x: Value, size?: readonly [number, number]): Value {
  const [, channels, height, width] = x.shape as [number, number, number, number];
  const [toHeight, toWidth] = size ?? [height * 2, width * 2];
  return conv2d(g, w.at('conv'), nn.upsampleNearest(g, x, toHeight, toWidth), channels);
}
