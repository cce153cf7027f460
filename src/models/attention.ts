import type { Weights } from '../checkpoint/weights.ts';
import type { Graph, Value } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import type { IpAttention } from './ip-adapter.ts';
import { groupNorm, layerNorm, linear, pointwise } from './layers.ts';
import type { Norm } from './resnet.ts';
import type { ReusedAttention } from './unet-reuse.ts';

// torch's default of nn.LayerNorm, which BasicTransformerBlock uses.
const LAYER_NORM_EPSILON = 1e-5;
// Of the GroupNorm in Transformer2DModel (transformer_2d.py), which ignores norm_eps.
const TRANSFORMER_NORM_EPSILON = 1e-6;

/** How a transformer block's attention is computed. */
interface AttentionOptions {
  readonly heads: number;
  readonly batch: number;
  /** In float32, whatever the graph's dtype. */
  readonly upcast: boolean;
}

/**
 * Attention (diffusers models/attention_processor.py) over sequences, and beside it that to the pictures of IP-Adapters
 * (IPAdapterAttnProcessor2_0), each times its scale. Values are scaled instead of results: that is the same, and steady.
 * x [B·T, C], context [B·S, D] (x itself for self-attention) → [B·T, C].
 */
function attention(
  g: Graph,
  w: Weights,
  x: Value,
  context: Value,
  { heads, batch, upcast }: AttentionOptions,
  pictures: readonly IpAttention[] = [],
): Value {
  const channels = x.shape[1] as number;
  const project = (module: Weights, from: Value) => {
    const shape = [batch, (from.shape[0] as number) / batch, channels];
    return nn.reshape(g, linear(g, module, from, channels), shape);
  };
  const wide = (value: Value) => (upcast ? nn.cast(g, value, 'float32') : value);
  const [query, key, value] = (
    [
      ['to_q', x],
      ['to_k', context],
      ['to_v', context],
    ] as const
  ).map(([name, from]) => wide(project(w.at(name), from))) as [Value, Value, Value];
  let hidden = nn.attention(g, query, key, value, heads);
  for (const { states, weights, scale } of pictures) {
    const scaled = nn.mul(g, project(weights.at('to_v_ip'), states), scale);
    const ipKey = wide(project(weights.at('to_k_ip'), states));
    hidden = nn.add(g, hidden, nn.attention(g, query, ipKey, wide(scaled), heads));
  }
  return linear(g, w.at('to_out', 0), nn.cast(g, nn.reshape(g, hidden, x.shape), x.dtype), channels);
}

/** FeedForward with GEGLU (diffusers models/activations.py): [N, C] → [N, C]. */
function feedForward(g: Graph, w: Weights, x: Value): Value {
  const channels = x.shape[1] as number;
  const [hidden, gate] = nn.split(g, linear(g, w.at('net', 0, 'proj'), x, channels * 8), 2, 1) as [
    Value,
    Value,
  ];
  return linear(g, w.at('net', 2), nn.mul(g, hidden, nn.gelu(g, gate)), channels);
}

/**
 * BasicTransformerBlock (diffusers models/attention.py): self-attention, cross-attention, feed-forward; with `onlyCross` the
 * first attention is to the context as well.
 * x [B·T, C], context [B·S, D] → [B·T, C].
 */
function basicTransformerBlock(
  g: Graph,
  w: Weights,
  x: Value,
  context: Value,
  options: AttentionOptions & { readonly onlyCross: boolean; readonly attention: ReusedAttention },
  pictures: readonly IpAttention[],
): Value {
  const normed = (name: string, value: Value) => layerNorm(g, w.at(name), value, LAYER_NORM_EPSILON);
  const { attention: reused, onlyCross } = options;
  const toPixels = () => {
    const query = normed('norm1', x);
    return attention(g, w.at('attn1'), query, onlyCross ? context : query, options);
  };
  const first = nn.add(g, reused(onlyCross ? 'cross' : 'self', x.shape, toPixels), x);
  const toText = () => attention(g, w.at('attn2'), normed('norm2', first), context, options, pictures);
  const hidden = nn.add(g, reused('cross', x.shape, toText), first);
  return nn.add(g, feedForward(g, w.at('ff'), normed('norm3', hidden)), hidden);
}

/** What a UNet's configuration says about the transformers of a level. */
export interface TransformerConfig {
  readonly heads: number;
  /** Transformer blocks. */
  readonly layers: number;
  /** Linear layers around the blocks; false for 1×1 convolutions, whose weights have two more axes. */
  readonly useLinearProjection: boolean;
  /** upcast_attention: attention in float32, for models whose scores leave the range of float16. */
  readonly upcast: boolean;
  /** only_cross_attention: no attention among the pixels. */
  readonly onlyCrossAttention: boolean;
  /** Of the GroupNorm. */
  readonly groups: number;
  readonly attention: ReusedAttention;
  /** What IP-Adapters give the attention to the text in each of the blocks. */
  readonly ipAttentions: (block: number) => readonly IpAttention[];
}

/**
 * Transformer2DModel (diffusers models/transformers/transformer_2d.py) with continuous input.
 * x [B, C, H, W], context [B·S, D] → [B, C, H, W].
 * @throws AppError unsupported-model when a tensor is missing or of another shape
 */
export function transformer2DModel(
  g: Graph,
  w: Weights,
  x: Value,
  context: Value,
  config: TransformerConfig,
): Value {
  const [batch, channels] = x.shape as [number, number];
  const project = config.useLinearProjection ? linear : pointwise;
  const normed = groupNorm(g, w.at('norm'), x, { groups: config.groups, epsilon: TRANSFORMER_NORM_EPSILON });
  let hidden = project(g, w.at('proj_in'), nn.toSequence(g, normed), channels);
  for (let i = 0; i < config.layers; i++) {
    const options = {
      heads: config.heads,
      batch,
      upcast: config.upcast,
      onlyCross: config.onlyCrossAttention,
      attention: config.attention,
    };
    const block = w.at('transformer_blocks', i);
    hidden = basicTransformerBlock(g, block, hidden, context, options, config.ipAttentions(i));
  }
  hidden = project(g, w.at('proj_out'), hidden, channels);
  return nn.add(g, nn.toFeatureMap(g, hidden, x.shape), x);
}

const VAE_PROJECTIONS = { q: 'to_q', k: 'to_k', v: 'to_v', out: 'to_out.0' };
/** In AutoencoderKL's files from before diffusers 0.18 (modeling_utils.py, _fix_state_dict_keys_on_load). */
const OLD_VAE_PROJECTIONS = { q: 'query', k: 'key', v: 'value', out: 'proj_attn' };

/**
 * The VAE's Attention, with one head and its own norm and residual: x [1, C, H, W] → [1, C, H, W].
 * @throws AppError unsupported-model when a tensor is missing or of another shape
 */
export function vaeAttention(g: Graph, w: Weights, x: Value, norm: Norm): Value {
  const channels = x.shape[1] as number;
  const sequence = nn.toSequence(g, groupNorm(g, w.at('group_norm'), x, norm));
  const project = (name: string) => linear(g, w.at(name), sequence, channels);
  const names = w.has(`${OLD_VAE_PROJECTIONS.q}.weight`) ? OLD_VAE_PROJECTIONS : VAE_PROJECTIONS;
  const hidden = nn.singleHeadAttention(g, project(names.q), project(names.k), project(names.v));
  return nn.add(g, nn.toFeatureMap(g, linear(g, w.at(names.out), hidden, channels), x.shape), x);
}
